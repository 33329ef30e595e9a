"""The options of a reset as plain JSON (SPEC 11), where what JSON does not know is an error and no guess."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gymwire.errors import BadValue
from gymwire.number_lists import EXACT, show

_DEEPEST = 32  # well under the 64 levels that a reader must take (SPEC 2.9)


def options_to_wire(options: Any) -> dict[str, Any]:
    """Return the options as they cross: arrays as nested lists, numbers that are not finite as null.

    Raises:
        BadValue: There is a value that JSON does not know.
    """
    if not isinstance(options, Mapping):
        raise BadValue(f"options is {show(options)}, and must be a dict")
    return _wire(options, "options", 0)


def _wire(value: Any, path: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise BadValue(f"{path} is nested too deep")
    if isinstance(value, (np.generic, np.ndarray)) and value.dtype.kind in "biufUO":
        value = value.tolist()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -EXACT <= value <= EXACT:
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str) and value.isascii() | (value.encode("utf-8", "replace").decode() == value):
        return str(value)
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {str(key): _wire(member, f"{path}[{show(key)}]", depth + 1) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_wire(element, f"{path}[{index}]", depth + 1) for index, element in enumerate(value)]
    raise BadValue(f"{path} is {show(value)}, of type {type(value).__name__}, which has no form in JSON")
