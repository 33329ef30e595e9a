"""Box, Discrete, MultiBinary and MultiDiscrete: everything that is one array (SPEC 9)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire import base64_arrays, jsontext, number_lists
from gymwire.codecs.codec import Codec
from gymwire.errors import BadValue
from gymwire.number_lists import EXACT, show

_SMALL = 32  # up to here a Python loop over the numbers beats NumPy's call overhead


class FlatCodec(Codec):
    """A value is one array of the space's shape and dtype, written flat; a shape of [] makes it a bare number."""

    def __init__(self, space: spaces.Space, b64: bool, build: Callable[[spaces.Space], Codec]) -> None:
        super().__init__(space, b64)
        self.dtype = np.dtype(space.dtype)
        self.shape: tuple[int, ...] = space.shape or ()
        self.size = math.prod(self.shape)
        self.is_discrete = isinstance(space, spaces.Discrete)
        self.is_box = isinstance(space, spaces.Box)
        self.has_choices = isinstance(space, (spaces.Discrete, spaces.MultiDiscrete))
        self.is_bare = self.shape == ()
        self.is_vector = len(self.shape) == 1
        self.low, self.high = _bounds(space)
        self._significant = _without_ones(self.shape)
        self._can_be_large = self.dtype.kind in "iu" and self.dtype.itemsize == 8

    def encode(self, value: Any) -> Any:
        if self.is_discrete:
            return _integer_to_wire(self._index(value))
        array = self.as_array(value)
        if self.is_bare:
            return number_lists.from_number(array)
        return self._to_wire(array)

    def decode(self, wire: Any) -> Any:
        if self.is_discrete:
            number = number_lists.to_integer(wire)
            least, most = number_lists.limits(self.dtype)
            if not least <= number <= most:
                raise BadValue(f"{number} does not fit into {self.dtype}")
            return self._choices(self.dtype.type(number))
        if self.is_bare:
            return self._choices(number_lists.to_array([wire], self.dtype).reshape(()))
        array = self._choices(self._from_wire(wire, self.size))
        return array if self.is_vector else array.reshape(self.shape)

    def copy(self, value: Any) -> Any:
        if (
            type(value) is np.ndarray
            and value.shape == self.shape
            and value.dtype == self.dtype
            and not self.is_discrete
        ):
            return value.copy()
        return self._index(value) if self.is_discrete else self.as_array(value).copy()

    def copy_batch(self, batch: Any, count: int) -> np.ndarray:
        return np.array(self._cast(_array(batch), (count, *self.shape)))

    def encode_batch(self, batch: Any, count: int) -> Any:
        return self._to_wire(self._cast(_array(batch), (count, *self.shape)))

    def decode_batch(self, wire: Any, count: int) -> np.ndarray:
        try:
            return self._choices(self._from_wire(wire, count * self.size).reshape((count, *self.shape)))
        except BadValue as error:
            raise _with_row(error, self, wire, count) from None

    def stack(self, rows: Sequence[Any]) -> np.ndarray:
        batch = np.empty((len(rows), *self.shape), self.dtype)
        for index, row in enumerate(rows):
            batch[index] = self.as_array(row)
        return batch

    def clip(self, value: Any) -> Any:
        return self._clipped(value, self.shape) if self.is_box else value

    def clip_batch(self, batch: Any, count: int) -> Any:
        return self._clipped(batch, (count, *self.shape)) if self.is_box else batch

    def contains(self, value: Any) -> bool:
        if self.is_discrete:
            return bool(self.low <= value <= self.high)
        return bool(self._inside(value).all())

    def first_outside(self, batch: np.ndarray, count: int) -> int | None:
        inside = self._inside(batch).reshape(count, self.size).all(axis=1)
        return None if inside.all() else int(np.argmin(inside))

    def as_array(self, value: Any) -> np.ndarray:
        """Return the value as an array of exactly the space's shape and dtype."""
        if type(value) is np.ndarray and value.shape == self.shape and value.dtype == self.dtype:
            return value
        return self._cast(_array(value), self.shape)

    def _clipped(self, value: Any, shape: tuple[int, ...]) -> np.ndarray:
        """Return the value clipped to the bounds, which have the last axes of a batch."""
        array = _in_shape(_array(value), shape)
        if self.dtype.kind == "f":
            return np.clip(array if array.dtype == self.dtype else _to_dtype(array, self.dtype), self.low, self.high)
        # An integer beyond the dtype has to be clipped before it can become one.
        return np.clip(array, self.low, self.high) if array.dtype.kind in "biuf" else array

    def _inside(self, value: Any) -> np.ndarray:
        inside = np.asarray((value >= self.low) & (value <= self.high))
        return inside & np.isfinite(value) if self.dtype.kind == "f" else inside

    def _choices(self, value: Any) -> Any:
        """Return what a server sent, which must not be a choice that there is not (SPEC 9.4); a server answers by itself."""
        if self.is_tolerant and self.has_choices and not self._inside(value.reshape((-1, *self.shape))).all():
            raise BadValue(f"{show(value.tolist())} is not among the choices of {self.space}")
        return value

    def _index(self, value: Any) -> int:
        try:
            return operator.index(value)
        except TypeError:
            return int(self.as_array(value))

    def _cast(self, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        array = _in_shape(array, shape)
        return array if array.dtype == self.dtype else _to_dtype(array, self.dtype)

    def _to_wire(self, array: np.ndarray) -> Any:
        if self.b64:
            return base64_arrays.from_array(array)
        if not jsontext.writes_arrays or not self._is_plain(array):
            return number_lists.from_array(array)
        if self.dtype.kind == "b":
            array = array.view(np.uint8)
        return np.ascontiguousarray(array).reshape(-1)

    def _is_plain(self, array: np.ndarray) -> bool:
        """Return whether every number can be written as a JSON number."""
        if self.dtype.kind == "f":
            return (
                all(map(math.isfinite, array.reshape(-1).tolist()))
                if array.size <= _SMALL
                else bool(np.isfinite(array).all())
            )
        return not self._can_be_large or array.size == 0 or bool(array.min() >= -EXACT and array.max() <= EXACT)

    def _from_wire(self, wire: Any, count: int) -> np.ndarray:
        if type(wire) is list:
            if self.is_tolerant and wire and type(wire[0]) is list:
                self.on_nested()
                wire = _flatten(wire)
            if len(wire) != count:
                raise BadValue(f"a list of {count} numbers was expected, and {len(wire)} came")
            return number_lists.to_array(wire, self.dtype)
        if self.b64 and type(wire) is dict:
            return base64_arrays.to_array(wire, self.dtype, count, strict=not self.is_tolerant)
        raise BadValue(f"{show(wire)} is not a list of {count} numbers")


def _array(value: Any) -> np.ndarray:
    try:
        return np.asarray(value)
    except Exception as error:  # a ragged list, or an object with an `__array__` that fails
        raise BadValue(f"{show(value)} is no array: {error}") from None


def _in_shape(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if array.shape == shape:
        return array
    if _without_ones(array.shape) != _without_ones(shape):
        raise BadValue(f"the value has the shape {list(array.shape)}, and its space has {list(shape)}")
    return array.reshape(shape)


def _to_dtype(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return the array in the dtype that its space declares; only what no dtype can hold is an error."""
    is_object = array.dtype.kind == "O"
    if array.dtype.kind not in "biufO" or (is_object and (array.size == 0 or None in array.reshape(-1).tolist())):
        raise BadValue(f"{show(array.tolist())} is not made of numbers")
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            cast = array.astype(dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadValue(f"the value cannot be an array of {dtype}: {error}") from None
    if dtype.kind != "f" and not np.array_equal(cast, array):
        raise BadValue(f"{show(array.tolist())} has a number that {dtype} cannot hold")
    return cast


def _flatten(wire: list[Any]) -> list[Any]:
    while any(type(element) is list for element in wire):
        wire = [part for element in wire for part in (element if type(element) is list else [element])]
    return wire


def _integer_to_wire(number: int) -> int | str:
    return number if -EXACT <= number <= EXACT else str(number)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(extent for extent in shape if extent != 1)


def _bounds(space: spaces.Space) -> tuple[Any, Any]:
    """Return the least and the largest value of each element."""
    if isinstance(space, spaces.Box):
        return space.low, space.high
    if isinstance(space, spaces.Discrete):
        return int(space.start), int(space.start) + int(space.n) - 1
    if isinstance(space, spaces.MultiDiscrete):
        return space.start, space.start + space.nvec - 1
    return 0, 1


def _with_row(error: BadValue, codec: FlatCodec, wire: Any, count: int) -> BadValue:
    """Return the error with the row of a batched list that it lies in, where there is one (SPEC 12.14)."""
    if type(wire) is list and len(wire) == count * codec.size:
        for row in range(count):
            try:
                number_lists.to_array(wire[row * codec.size : (row + 1) * codec.size], codec.dtype)
            except BadValue as cause:
                cause.row = row
                return cause
    return error
