"""Arrays as base64 text (SPEC 13): little-endian, row-major, in the dtype of the space."""

from __future__ import annotations

import binascii
import sys
from typing import Any

import numpy as np

from gymwire.errors import BadValue

_IS_LITTLE = sys.byteorder == "little"


def from_array(array: np.ndarray) -> dict[str, str]:
    """Return `{"b64": text}` for the array's elements."""
    little: Any = np.ascontiguousarray(array, None if _IS_LITTLE else array.dtype.newbyteorder("<"))
    return {"b64": binascii.b2a_base64(little, newline=False).decode("ascii")}


def to_array(coded: dict[str, Any], dtype: np.dtype, count: int, strict: bool = True) -> np.ndarray:
    """Return a new, writable array of one dimension with `count` elements.

    Args:
        coded: An object with `b64`.
        dtype: The dtype of the space.
        count: How many elements there must be.
        strict: Also refuse texts of the right length that are not written as SPEC 13.3 asks, which costs as much again.

    Raises:
        BadValue: The text is not base64 of that many elements.
    """
    text = coded.get("b64")
    size = count * dtype.itemsize
    if type(text) is not str:
        raise BadValue("b64 is not a text")
    if len(text) != (size + 2) // 3 * 4:
        raise BadValue(f"b64 has {len(text)} characters where {count} elements of {dtype} take {(size + 2) // 3 * 4}")
    try:
        raw = binascii.a2b_base64(text)
    except ValueError as error:
        raise BadValue(f"b64 is not base64 ({error})") from None
    if len(raw) != size or (strict and binascii.b2a_base64(raw, newline=False) != text.encode()):
        raise BadValue(f"b64 is not padded base64 of {count} elements of {dtype} in the standard alphabet")
    array = np.ndarray((count,), dtype if _IS_LITTLE else dtype.newbyteorder("<"), bytearray(raw))
    if not _IS_LITTLE:
        array = array.astype(dtype)
    if dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise BadValue("b64 has a byte other than 0 and 1 where bool is expected")
    return array


def to_rows(coded: list[dict[str, Any]], dtype: np.dtype, count: int) -> np.ndarray:
    """Return a new array with a row of `count` elements for each object: many small texts in one go.

    Raises:
        BadValue: One of the texts is not base64 of that many elements.
    """
    size = count * dtype.itemsize
    try:
        rows = [binascii.a2b_base64(one["b64"]) for one in coded]
    except (KeyError, TypeError, ValueError):
        rows = []
    if not _IS_LITTLE or dtype.kind == "b" or not rows or any(len(row) != size for row in rows):
        return np.stack([to_array(one, dtype, count, strict=False) for one in coded])
    return np.ndarray((len(rows), count), dtype, bytearray(b"".join(rows)))
