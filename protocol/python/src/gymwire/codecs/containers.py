"""Tuple, Dict and OneOf: spaces made of spaces (SPEC 10.6, 12.3)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gymnasium import spaces

from gymwire.codecs.codec import Codec, list_of
from gymwire.errors import BadValue
from gymwire.legible import legible
from gymwire.number_lists import show, to_integer


class TupleCodec(Codec):
    """A list with one value for each member; batched member by member."""

    def __init__(self, space: spaces.Tuple, b64: bool, build: Callable[[spaces.Space], Codec]) -> None:
        super().__init__(space, b64)
        self.members = [build(member) for member in space.spaces]

    def encode(self, value: Any) -> list[Any]:
        return [codec.encode(part) for codec, part in zip(self.members, self._parts(value), strict=True)]

    def decode(self, wire: Any) -> tuple[Any, ...]:
        parts = list_of(wire, len(self.members), "members")
        return tuple(codec.decode(part) for codec, part in zip(self.members, parts, strict=True))

    def copy(self, value: Any) -> tuple[Any, ...]:
        return tuple(codec.copy(part) for codec, part in zip(self.members, self._parts(value), strict=True))

    def copy_batch(self, batch: Any, count: int) -> tuple[Any, ...]:
        return tuple(
            codec.copy_batch(part, count) for codec, part in zip(self.members, self._parts(batch), strict=True)
        )

    def encode_batch(self, batch: Any, count: int) -> list[Any]:
        return [codec.encode_batch(part, count) for codec, part in zip(self.members, self._parts(batch), strict=True)]

    def decode_batch(self, wire: Any, count: int) -> tuple[Any, ...]:
        parts = list_of(wire, len(self.members), "members")
        return tuple(codec.decode_batch(part, count) for codec, part in zip(self.members, parts, strict=True))

    def stack(self, rows: Sequence[Any]) -> tuple[Any, ...]:
        parts = [self._parts(row) for row in rows]
        return tuple(codec.stack([row[index] for row in parts]) for index, codec in enumerate(self.members))

    def split(self, batch: Any, count: int) -> list[Any]:
        columns = [codec.split(part, count) for codec, part in zip(self.members, batch, strict=True)]
        return [tuple(column[row] for column in columns) for row in range(count)]

    def clip(self, value: Any) -> tuple[Any, ...]:
        return tuple(codec.clip(part) for codec, part in zip(self.members, self._parts(value), strict=True))

    def clip_batch(self, batch: Any, count: int) -> tuple[Any, ...]:
        return tuple(
            codec.clip_batch(part, count) for codec, part in zip(self.members, self._parts(batch), strict=True)
        )

    def contains(self, value: Any) -> bool:
        return all(codec.contains(part) for codec, part in zip(self.members, value, strict=True))

    def _parts(self, value: Any) -> Sequence[Any]:
        if not hasattr(value, "__len__") or isinstance(value, (str, dict)) or len(value) != len(self.members):
            raise BadValue(f"{show(value)} is not a tuple of {len(self.members)} members")
        return value


class DictCodec(Codec):
    """An object with exactly the keys of the space; batched member by member."""

    def __init__(self, space: spaces.Dict, b64: bool, build: Callable[[spaces.Space], Codec]) -> None:
        super().__init__(space, b64)
        self.members = {key: build(member) for key, member in space.spaces.items()}

    def encode(self, value: Any) -> dict[str, Any]:
        self._check(value)
        return {key: codec.encode(value[key]) for key, codec in self.members.items()}

    def decode(self, wire: Any) -> dict[str, Any]:
        self._check(wire)
        return {key: codec.decode(wire[key]) for key, codec in self.members.items()}

    def copy(self, value: Any) -> dict[str, Any]:
        self._check(value)
        return {key: codec.copy(value[key]) for key, codec in self.members.items()}

    def copy_batch(self, batch: Any, count: int) -> dict[str, Any]:
        self._check(batch)
        return {key: codec.copy_batch(batch[key], count) for key, codec in self.members.items()}

    def encode_batch(self, batch: Any, count: int) -> dict[str, Any]:
        self._check(batch)
        return {key: codec.encode_batch(batch[key], count) for key, codec in self.members.items()}

    def decode_batch(self, wire: Any, count: int) -> dict[str, Any]:
        self._check(wire)
        return {key: codec.decode_batch(wire[key], count) for key, codec in self.members.items()}

    def stack(self, rows: Sequence[Any]) -> dict[str, Any]:
        for row in rows:
            self._check(row)
        return {key: codec.stack([row[key] for row in rows]) for key, codec in self.members.items()}

    def split(self, batch: Any, count: int) -> list[Any]:
        columns = {key: codec.split(batch[key], count) for key, codec in self.members.items()}
        return [{key: column[row] for key, column in columns.items()} for row in range(count)]

    def clip(self, value: Any) -> dict[str, Any]:
        self._check(value)
        return {key: codec.clip(value[key]) for key, codec in self.members.items()}

    def clip_batch(self, batch: Any, count: int) -> dict[str, Any]:
        self._check(batch)
        return {key: codec.clip_batch(batch[key], count) for key, codec in self.members.items()}

    def contains(self, value: Any) -> bool:
        return all(codec.contains(value[key]) for key, codec in self.members.items())

    def _check(self, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise BadValue(f"{show(value)} is not an object with the keys {', '.join(self.members)}")
        if set(value.keys()) != self.members.keys():
            keys = ", ".join(map(str, value)) or "none"
            raise BadValue(f"the keys are {legible(keys)}, and must be {legible(', '.join(self.members))}")


class OneOfCodec(Codec):
    """`[index, value]`, where the value is one of the space with that index."""

    def __init__(self, space: spaces.OneOf, b64: bool, build: Callable[[spaces.Space], Codec]) -> None:
        super().__init__(space, b64)
        self.members = [build(member) for member in space.spaces]

    def copy(self, value: Any) -> tuple[int, Any]:
        index, part = self._pair(value)
        return index, self._member(index).copy(part)

    def encode(self, value: Any) -> list[Any]:
        index, part = self._pair(value)
        return [index, self._member(index).encode(part)]

    def decode(self, wire: Any) -> tuple[int, Any]:
        index, value = list_of(wire, 2, "members")
        index = to_integer(index)
        return index, self._member(index).decode(value)

    def clip(self, value: Any) -> tuple[int, Any]:
        index, part = self._pair(value)
        return index, self._member(index).clip(part)

    def contains(self, value: Any) -> bool:
        return self.members[value[0]].contains(value[1])

    def _pair(self, value: Any) -> tuple[int, Any]:
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            raise BadValue(f"{show(value)} is not a pair of an index and a value")
        try:
            return operator.index(value[0]), value[1]
        except TypeError:
            raise BadValue(f"{show(value[0])} is not the index of a member") from None

    def _member(self, index: int) -> Codec:
        if not 0 <= index < len(self.members):
            raise BadValue(f"there is no member {index} in a OneOf of {len(self.members)}")
        return self.members[index]
