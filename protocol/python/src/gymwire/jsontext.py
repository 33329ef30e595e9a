"""JSON text: orjson where it is installed, the standard library's json otherwise, with the same results."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from typing import Any

from gymwire.errors import GymwireWarning

_OLDEST = (3, 10)
"""Versions of orjson before 3.9.15 end the process over deep nesting; older ones than this are not tested either."""


def _usable() -> Any:
    """Return orjson if it is there and no hostile line can end the process through it."""
    try:
        import orjson
    except ImportError:
        return None
    if tuple(int(part) for part in re.findall(r"\d+", getattr(orjson, "__version__", ""))[:2]) >= _OLDEST:
        return orjson
    needed = ".".join(map(str, _OLDEST))
    warnings.warn(
        f"orjson {getattr(orjson, '__version__', 'of an unknown version')} is not used, as it is older than {needed}: "
        "update it, or remove it",
        GymwireWarning,
        stacklevel=2,
    )
    return None


orjson = _usable()

writes_arrays = orjson is not None
"""Whether `dumps` takes contiguous NumPy arrays of finite numbers as they are."""


class BareWord(float):
    """A number that was written as a bare NaN, Infinity or -Infinity, and not as one too large for a double."""


def dumps(message: Any) -> bytes:
    """Return the message as compact UTF-8 text without a line end. Numbers must be finite."""
    if orjson is not None:
        try:
            return orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY)
        except orjson.JSONEncodeError:
            pass  # such as half a surrogate pair in a text, which only an escape can carry
    return _ENCODER.encode(message).encode()


def loads(line: bytes) -> Any:
    """Return the value of one line of strict JSON (SPEC 2.8). Raises ValueError for anything else.

    A number that is too large for a double becomes an infinity (SPEC 9.3).
    """
    if orjson is not None:
        try:
            return orjson.loads(line)
        except orjson.JSONDecodeError:
            pass  # json takes the few legal texts that orjson does not, such as 1e999
    return _standard(line, _refuse)


def loads_tolerantly(line: bytes) -> Any:
    """Return the value of one line, where Python's bare NaN and Infinity are numbers too (SPEC 8.5)."""
    return _standard(line, BareWord)


def _standard(line: bytes, parse_constant: Callable[[str], Any]) -> Any:
    text = line.decode()
    try:
        value = _DECODERS[parse_constant].decode(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except ValueError:
        if not _LONG_INTEGER.search(text):
            raise
        value = json.JSONDecoder(parse_constant=parse_constant, parse_int=_integer).decode(text)
    if "\\u" in text and any(escape["half"] for escape in _ESCAPES.finditer(text)):
        raise ValueError("it has an escape for half of a surrogate pair")
    return value


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float(digits)


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _array(value: Any) -> Any:
    return value.tolist()


# Made once: json.loads and json.dumps make new ones in each call that asks for more than the defaults.
_DECODERS: dict[Any, json.JSONDecoder] = {each: json.JSONDecoder(parse_constant=each) for each in (_refuse, BareWord)}
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_array)
_LONG_INTEGER = re.compile(r"\d{4000}")  # Python reads no integer of more than 4300 digits
# In JSON a backslash begins an escape wherever it is. Decoded values do not show all halves: a name may come twice.
_ESCAPES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
