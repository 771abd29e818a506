"""The switch knows the views that are there, and leads to the chat."""

from __future__ import annotations

from ui import views


def test_a_view_without_module_is_left_out() -> None:
    """Every view that is offered can be opened; the chat always is."""
    present = views.present()
    assert present[0] == "chat"
    assert set(present) <= set(views.VIEWS)
    assert callable(views.show_of("chat"))
