"""How ONNX models run here."""

from __future__ import annotations

import os
from typing import Any


def threads() -> int:
    """Threads a model computes with."""
    return min(4, os.cpu_count() or 1)


def session_options() -> Any:
    """Options of an onnxruntime session (`onnxruntime.SessionOptions`)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    # Idle threads that spin slow each other down as soon as the machine has other work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options
