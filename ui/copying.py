"""A button that copies a text: by mouse or keyboard, and it says that it did.

Streamlit's own is an icon with an English name. The text is data: it goes to the clipboard and into
no markup; what is markup or script here is constant.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

_HTML: Final = '<button type="button"></button><span role="status"></span>'
_CSS: Final = """
:host, div { font-family: var(--st-font); font-size: .875rem; }
button {
  font: inherit; color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid color-mix(in srgb, var(--st-text-color) 55%, transparent);
  border-radius: .5rem; padding: .4rem .8rem; cursor: pointer; min-height: 2.5rem;
}
button:hover { text-decoration: underline; }
button:focus-visible { outline: 3px solid var(--st-text-color); outline-offset: 2px; }
span { margin-left: .8rem; color: var(--st-text-color); }
"""
#: A page that isn't served over https or from this machine has no clipboard; the old way works
#: there, from a text field that is in the page for that moment.
_JS: Final = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("span");
  button.textContent = data.label;
  status.textContent = "";
  button.onclick = async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(data.text);
    } catch {
      const field = document.createElement("textarea");
      field.value = data.text;
      document.body.append(field);
      field.select();
      copied = document.execCommand("copy");
      field.remove();
      button.focus();
    }
    status.textContent = copied ? data.done : data.failed;
  };
}
"""
_BUTTON: Final = st.components.v2.component("copy_button", html=_HTML, css=_CSS, js=_JS)


def copy_button(text: str, label: str, done: str, failed: str, *, key: str) -> None:
    """Offer a text for the clipboard; `done` or `failed` is said, and read out, after a press."""
    _BUTTON(data={"text": text, "label": label, "done": done, "failed": failed}, key=key)
