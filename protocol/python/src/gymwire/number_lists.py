"""Flat lists of JSON numbers to and from NumPy arrays (SPEC 8 and 9)."""

from __future__ import annotations

import functools
import math
import sys
from typing import Any

import numpy as np

from gymwire.errors import BadValue
from gymwire.jsontext import BareWord
from gymwire.legible import legible

EXACT = 2**53 - 1
"""The largest integer that every JSON reader keeps; larger ones cross as decimal strings (SPEC 8.3)."""

_LARGEST = sys.float_info.max
_NUMBERS = frozenset((int, float))
_FLOAT32 = 4  # bytes
_SAFE = 3.4e38  # below the largest float32
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def from_array(array: np.ndarray) -> list[Any]:
    """Return the elements in row-major order as JSON values, each in its shortest form (SPEC 8.1, 8.3, 8.4)."""
    flat: Any = np.asarray(array).reshape(-1)
    if flat.dtype.kind == "f":
        if flat.dtype != np.float64:
            # str of a small float is the shortest text that rounds back to it; as a double it is printed the same way.
            flat = [float(str(number)) for number in flat]
        else:
            flat = flat.tolist()
        return [number if math.isfinite(number) else _name(number) for number in flat]
    if flat.dtype.kind == "b":
        return flat.view(np.uint8).tolist()
    return [number if -EXACT <= number <= EXACT else str(number) for number in flat.tolist()]


def from_number(number: Any) -> Any:
    """Return one number, Python's or NumPy's, as a JSON value."""
    return from_array(np.asarray(number))[0]


def to_array(values: list[Any], dtype: np.dtype) -> np.ndarray:
    """Return the values as an array of one dimension, rounded to the dtype (SPEC 8.1, 8.2).

    Raises BadValue for anything but a number of that kind: a fraction or an overflow in an integer dtype, a truth
    value, a nested list, a text that does not stand for a number.
    """
    kinds = set(map(type, values))
    if dtype.kind == "f":
        is_plain = values and kinds <= _NUMBERS and dtype.itemsize >= _FLOAT32
        if is_plain and min(values) > -_SAFE and max(values) < _SAFE:
            return np.array(values, dtype)  # nothing can overflow, so nothing has to be kept quiet
        with np.errstate(over="ignore"):
            return np.array([to_float(value) for value in values], dtype=np.float64).astype(dtype, copy=False)
    if kinds != {int}:
        values = [to_integer(value) for value in values]
    if not values:
        return np.empty(0, dtype)
    low, high = limits(dtype)
    if min(values) < low or max(values) > high:
        outside = min(values) if min(values) < low else max(values)
        raise BadValue(f"{outside} does not fit into {dtype}, which goes from {low} to {high}")
    return np.array(values, dtype=dtype)


@functools.cache
def limits(dtype: np.dtype) -> tuple[int, int]:
    """Return the least and the largest number of an integer dtype, or of bool."""
    return (0, 1) if dtype.kind == "b" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))


def to_float(value: Any) -> float:
    """Return a JSON value as a double, where `"NaN"`, `"Infinity"` and `"-Infinity"` are numbers (SPEC 8.4).

    A number that is too large for a double rounds to an infinity (SPEC 9.3). Raises BadValue for anything else.
    """
    if type(value) in (float, BareWord):
        return float(value)
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if type(value) is str and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    raise BadValue(f"{show(value)} is not a number")


def has_overflow(value: Any) -> bool:
    """Return whether there is a number within a JSON value that is too large for a double."""
    rest = [value]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            rest += value.values()
        elif isinstance(value, list):
            rest += value
        elif type(value) in _NUMBERS and not -_LARGEST <= value <= _LARGEST:
            return True
    return False


def to_integer(value: Any) -> int:
    """Return a JSON value as an integer, where 1.0 is one and so is a long decimal string (SPEC 8.2, 8.3)."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    if type(value) is str and len(value) < 64 and value.lstrip("-").isascii() and value.lstrip("-").isdigit():
        number = int(value)
        if abs(number) > EXACT and str(number) == value:
            return number
    raise BadValue(f"{show(value)} is not an integer")


def show(value: Any) -> str:
    """Return a value for people, cut where it is long."""
    try:
        text = f'"{legible(value[:80])}"' if isinstance(value, str) else repr(value)
    except Exception:  # an object of somebody else's whose repr fails
        text = object.__repr__(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _name(number: float) -> str:
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
