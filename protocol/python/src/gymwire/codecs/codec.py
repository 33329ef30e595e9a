"""What every codec can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gymnasium.spaces import Space

from gymwire.errors import BadValue
from gymwire.number_lists import show


class Codec:
    """Codes values of one space, single and batched.

    "Wire" is what `jsontext` reads and writes. A batch is what Gymnasium's `batch_space` makes of N values: arrays with
    a leading axis for flat spaces, the members batched for Dict and Tuple, a tuple of N values for all others.
    All methods raise BadValue for a value that does not have the form that the space asks for. Values outside the
    bounds of the space are coded all the same (SPEC 9.4); `contains` tells.
    """

    is_tolerant = False
    """Whether this is a driver's, which takes nested lists and does not look at every bit of base64 (SPEC 8.5)."""

    def on_nested(self) -> None:
        """Hear of a nested list that stood for a flat one."""

    def __init__(self, space: Space, b64: bool) -> None:
        self.space = space
        self.b64 = b64

    def encode(self, value: Any) -> Any:
        """Return what stands for a value on the wire."""
        raise NotImplementedError

    def decode(self, wire: Any) -> Any:
        """Return a new value, independent of the message that it came in."""
        raise NotImplementedError

    def copy(self, value: Any) -> Any:
        """Return a value that shares no memory with the given one, and has the form that the space asks for."""
        raise NotImplementedError

    def copy_batch(self, batch: Any, count: int) -> Any:
        """Return a batch of `count` values that shares no memory with the given one."""
        return tuple(self.copy(row) for row in rows_of(batch, count))

    def encode_batch(self, batch: Any, count: int) -> Any:
        """Return what stands for a batch of `count` values on the wire."""
        return [self.encode(row) for row in rows_of(batch, count)]

    def decode_batch(self, wire: Any, count: int) -> Any:
        """Return a new batch of `count` values."""
        return tuple(self.decode(row) for row in list_of(wire, count, "rows"))

    def stack(self, rows: Sequence[Any]) -> Any:
        """Return the batch of single values."""
        return tuple(rows)

    def split(self, batch: Any, count: int) -> list[Any]:
        """Return the single values of a batch."""
        return list(batch)

    def clip(self, value: Any) -> Any:
        """Return the value with Box members clipped to their bounds, as a driver sends actions (SPEC 9.5)."""
        return value

    def clip_batch(self, batch: Any, count: int) -> Any:
        """Return a batch of `count` values with Box members clipped to their bounds."""
        return tuple(self.clip(row) for row in rows_of(batch, count))

    def contains(self, value: Any) -> bool:
        """Return whether a decoded value lies in the space."""
        return bool(self.space.contains(value))

    def first_outside(self, batch: Any, count: int) -> int | None:
        """Return the first row of a decoded batch that does not lie in the space, or None."""
        inside = (self.contains(value) for value in self.split(batch, count))
        return next((row for row, is_inside in enumerate(inside) if not is_inside), None)


def rows_of(batch: Any, count: int) -> list[Any]:
    """Return the values of a batch that is not an array."""
    if isinstance(batch, (str, dict)) or not hasattr(batch, "__len__"):
        raise BadValue(f"{show(batch)} is not a batch of {count}")
    if len(batch) != count:
        raise BadValue(f"a batch of {count} has {len(batch)} rows")
    return list(batch)


def list_of(wire: Any, count: int, what: str) -> list[Any]:
    """Return the wire value if it is a list of `count` elements."""
    if type(wire) is not list:
        raise BadValue(f"{show(wire)} is not a list of {count} {what}")
    if len(wire) != count:
        raise BadValue(f"a list of {count} {what} was expected, and {len(wire)} came")
    return wire
