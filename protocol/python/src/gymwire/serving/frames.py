"""Rendered frames on the wire (SPEC 15.2)."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from gymwire import base64_arrays
from gymwire.errors import BadValue
from gymwire.serving.host import Fault


def frame_to_wire(frame: Any) -> dict[str, Any]:
    """Return the reply for what an environment's `render` gave. Raises Fault for what has no form on the wire."""
    if isinstance(frame, io.StringIO):
        frame = frame.getvalue()
    if isinstance(frame, str):
        return {"text": frame.encode("utf-8", "replace").decode()}
    array = np.asarray(frame)
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        problem = (
            f"render gave {type(frame).__name__} {array.dtype}{list(array.shape)}, and not a text or uint8 [h, w, 3]"
        )
        raise Fault() from BadValue(problem)
    return {"frame": {"shape": list(array.shape), **base64_arrays.from_array(array)}}
