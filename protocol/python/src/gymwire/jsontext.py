"""JSON text: orjson where it is installed, the standard library's json otherwise, with the same results."""

from __future__ import annotations

import json
from typing import Any

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

writes_arrays = orjson is not None
"""Whether `dumps` takes contiguous NumPy arrays of finite numbers as they are."""


def dumps(message: Any) -> bytes:
    """Return the message as compact UTF-8 text without a line end. Numbers must be finite."""
    if orjson is not None:
        try:
            return orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY)
        except orjson.JSONEncodeError:
            pass  # such as half a surrogate pair in a text, which only an escape can carry
    return _ENCODER.encode(message).encode()


def loads(line: bytes) -> Any:
    """Return the value of one line of strict JSON (SPEC 2.8). Raises ValueError for anything else."""
    if orjson is not None:
        try:
            return orjson.loads(line)
        except orjson.JSONDecodeError:
            pass  # json takes the few legal texts that orjson does not, such as 1e999
    return _standard(line, strict=True)


def loads_tolerantly(line: bytes) -> Any:
    """Return the value of one line, where Python's bare NaN and Infinity are numbers too (SPEC 8.5)."""
    return _standard(line, strict=False)


def _standard(line: bytes, strict: bool) -> Any:
    try:
        value = (_STRICT if strict else _TOLERANT).decode(line.decode())
        if b"\\u" in line:
            json.dumps(value, ensure_ascii=False).encode()  # raises for half a surrogate pair
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return value


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _array(value: Any) -> Any:
    return value.tolist()


# Made once: json.loads and json.dumps make new ones in each call that asks for more than the defaults.
_STRICT, _TOLERANT = json.JSONDecoder(parse_constant=_refuse), json.JSONDecoder()
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_array)
