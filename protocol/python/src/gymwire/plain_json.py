"""Whatever an environment puts into `info`, as plain JSON (SPEC 11): total, so that no value can stop a run."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gymwire.number_lists import EXACT

_DEEPEST = 32  # well under the 64 levels that a reader must take (SPEC 2.9)
_LONGEST_REPR = 1000


def plain(value: Any, warn: Callable[[str], None] = lambda text: None, above: tuple[int, ...] = ()) -> Any:
    """Return the value as JSON: numbers that are not finite become null, arrays nested lists, unknown types their repr.

    Args:
        value: Anything at all.
        warn: Called with a sentence for each value that has no form in JSON.
        above: The identities of the containers that this value lies in, so that a cycle ends.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode()
    if isinstance(value, enum.Enum):
        return plain(value.value, warn, above)
    if isinstance(value, np.generic):
        value = value.item()
        if isinstance(value, np.generic):  # longdouble stays what it is
            return _unknown(value, warn)
        return plain(value, warn, above)
    if isinstance(value, int):
        return int(value) if -EXACT <= value <= EXACT else _digits(value, warn)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if len(above) >= _DEEPEST or id(value) in above:
        return _unknown(value, warn)
    within = (*above, id(value))
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufO":
        return plain(value.tolist(), warn, within)
    if isinstance(value, Mapping):
        return {_key(name, warn): plain(member, warn, within) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element, warn, within) for element in value]
    if isinstance(value, (set, frozenset)):
        return [plain(element, warn, within) for element in sorted(value, key=_repr)]
    if hasattr(value, "__array__") and not isinstance(value, np.ndarray):  # arrays of JAX, PyTorch and others
        try:
            return plain(np.asarray(value), warn, within)
        except Exception:
            return _unknown(value, warn)
    return _unknown(value, warn)


def _key(name: Any, warn: Callable[[str], None]) -> str:
    if isinstance(name, str):
        return plain(name)
    name = plain(name, warn)
    return name if isinstance(name, str) else str(name)


def _digits(value: int, warn: Callable[[str], None]) -> str:
    try:
        return str(int(value))
    except ValueError:  # Python prints no integer of more than 4300 digits
        return _unknown(value, warn)


def _unknown(value: Any, warn: Callable[[str], None]) -> str:
    warn(f"info has a value of type {type(value).__name__}, which JSON does not know: it crosses as its repr")
    return _repr(value)


def _repr(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:
        text = object.__repr__(value)
    return text[:_LONGEST_REPR].encode("utf-8", "replace").decode()
