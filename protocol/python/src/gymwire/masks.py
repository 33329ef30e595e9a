"""Action masks: which actions make sense now (SPEC 14), in the form that Gymnasium's `sample(mask=...)` takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire import base64_arrays
from gymwire.errors import BadValue
from gymwire.number_lists import show, to_array

_INT8 = np.dtype(np.int8)


def encode(space: spaces.Space, mask: Any) -> Any:
    """Return what stands for a mask on the wire.

    Raises:
        BadValue: It is no mask of this action space.
    """
    if mask is None:
        return None
    if isinstance(space, spaces.Discrete):
        return _zeros_and_ones(_array(mask), int(space.n))
    if isinstance(space, spaces.MultiDiscrete):
        runs = [_array(run).reshape(-1) for run in _runs(mask)]
        return _zeros_and_ones(np.concatenate(runs) if runs else np.empty(0), int(space.nvec.sum()))
    if isinstance(space, spaces.Dict) and isinstance(mask, dict) and mask.keys() <= space.spaces.keys():
        return {key: encode(member, mask.get(key)) for key, member in space.spaces.items()}
    if isinstance(space, spaces.Tuple) and isinstance(mask, (tuple, list)) and len(mask) == len(space.spaces):
        return [encode(member, part) for member, part in zip(space.spaces, mask, strict=True)]
    raise BadValue(f"{show(mask)} is no mask of {space}")


def decode(space: spaces.Space, wire: Any, is_final: bool = False) -> Any:
    """Return a mask: an int8 array for Discrete, a tuple of them for MultiDiscrete.

    Args:
        space: The action space.
        wire: What stands for the mask.
        is_final: Whether the episode is over, so that no action follows and all may be forbidden (SPEC 14.4).

    Raises:
        BadValue: It is no mask of this action space, or forbids everything.
    """
    if wire is None:
        return None
    if isinstance(space, spaces.Discrete):
        mask = _numbers(wire, int(space.n))
        return mask if is_final else _some_legal(mask)
    if isinstance(space, spaces.MultiDiscrete):
        lengths = space.nvec.reshape(-1)
        runs = np.split(_numbers(wire, int(lengths.sum())), np.cumsum(lengths)[:-1])
        return _nest(iter([run if is_final else _some_legal(run) for run in runs]), space.shape)
    if isinstance(space, spaces.Dict) and type(wire) is dict:
        return {key: decode(member, wire.get(key), is_final) for key, member in space.spaces.items()}
    if isinstance(space, spaces.Tuple) and type(wire) is list and len(wire) == len(space.spaces):
        return tuple(decode(member, part, is_final) for member, part in zip(space.spaces, wire, strict=True))
    raise BadValue(f"{show(wire)} is no mask of {space}")


def encode_batch(space: spaces.Space, masks: list[Any]) -> Any:
    """Return what stands for the masks of N sub-environments on the wire; None where one has no restriction."""
    return join(space, [encode(space, mask) for mask in masks])


def join(space: Any, wires: list[Any]) -> Any:
    """Return what stands for N masks that are in their wire form already (SPEC 14.3)."""
    if all(wire is None for wire in wires):
        return None
    if isinstance(space, spaces.Dict):
        wires = [wire or {} for wire in wires]
        return {key: join(member, [wire.get(key) for wire in wires]) for key, member in space.spaces.items()}
    if isinstance(space, spaces.Tuple):
        wires = [wire or [None] * len(space.spaces) for wire in wires]
        return [join(member, [wire[i] for wire in wires]) for i, member in enumerate(space.spaces)]
    count = int(space.n) if isinstance(space, spaces.Discrete) else int(space.nvec.sum())
    return [bit for wire in wires for bit in ([1] * count if wire is None else wire)]


def decode_batch(space: spaces.Space, wire: Any, count: int) -> list[Any]:
    """Return the masks of N sub-environments."""
    if wire is None:
        return [None] * count
    if isinstance(space, (spaces.Discrete, spaces.MultiDiscrete)):
        each = int(space.n) if isinstance(space, spaces.Discrete) else int(space.nvec.sum())
        rows = _numbers(wire, count * each).reshape(count, each)
        return [decode(space, row.tolist()) for row in rows]
    if isinstance(space, spaces.Dict) and type(wire) is dict:
        columns = {key: decode_batch(member, wire.get(key), count) for key, member in space.spaces.items()}
        return [{key: column[row] for key, column in columns.items()} for row in range(count)]
    if isinstance(space, spaces.Tuple) and type(wire) is list and len(wire) == len(space.spaces):
        parts = [decode_batch(member, part, count) for member, part in zip(space.spaces, wire, strict=True)]
        return [tuple(part[row] for part in parts) for row in range(count)]
    raise BadValue(f"{show(wire)} is no batch of masks of {space}")


def _array(mask: Any) -> np.ndarray:
    try:
        return np.asarray(mask)
    except Exception as error:
        raise BadValue(f"{show(mask)} is no mask: {error}") from None


def _runs(mask: Any) -> list[Any]:
    """Return the arrays of a nested tuple in order; Gymnasium nests the masks of a MultiDiscrete like its shape."""
    if isinstance(mask, (tuple, list)):
        return [run for part in mask for run in _runs(part)]
    return [mask]


def _nest(runs: Any, shape: tuple[int, ...]) -> Any:
    return tuple(_nest(runs, shape[1:]) for _ in range(shape[0])) if shape else next(runs)


def _zeros_and_ones(mask: np.ndarray, count: int) -> list[int]:
    if mask.shape != (count,) or mask.dtype.kind not in "biuf" or not np.isin(mask, (0, 1)).all():
        raise BadValue(f"a mask of {count} zeros and ones was expected, and {show(mask.tolist())} came")
    return mask.astype(_INT8).tolist()


def _numbers(wire: Any, count: int) -> np.ndarray:
    if type(wire) is dict:
        mask = base64_arrays.to_array(wire, _INT8, count)
    elif type(wire) is list and len(wire) == count:
        mask = to_array(wire, _INT8)
    else:
        raise BadValue(f"{show(wire)} is not a mask of {count} numbers")
    if mask.size and not 0 <= mask.min() <= mask.max() <= 1:
        raise BadValue(f"{show(wire)} has numbers other than 0 and 1")
    return mask


def _some_legal(mask: np.ndarray) -> np.ndarray:
    if not mask.any():
        raise BadValue("the action mask forbids every action (SPEC 14.4)")
    return mask
