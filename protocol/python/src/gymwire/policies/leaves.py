"""The flat spaces within a space, in the order in which Gymnasium's `flatten` visits them, and their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.errors import UnsupportedSpace
from gymwire.masks import decode, encode


def leaves_of(space: spaces.Space, path: str) -> list[spaces.Space]:
    """Return the Box, Discrete, MultiBinary and MultiDiscrete spaces within a space.

    Raises:
        UnsupportedSpace: There is another kind among them.
    """
    if isinstance(space, spaces.Tuple):
        return [leaf for index, part in enumerate(space.spaces) for leaf in leaves_of(part, f"{path}.{index}")]
    if isinstance(space, spaces.Dict):
        return [leaf for key, part in space.spaces.items() for leaf in leaves_of(part, f"{path}.{key}")]
    if isinstance(space, (spaces.Box, spaces.Discrete, spaces.MultiBinary, spaces.MultiDiscrete)):
        return [space]
    raise UnsupportedSpace(f"{path} is a {type(space).__name__}, in which no policy of this kind can be")


def parts_of(space: spaces.Space, batch: Any) -> list[np.ndarray]:
    """Return the arrays of a batch, one for each leaf, each with a row for each value."""
    if isinstance(space, spaces.Tuple):
        return [array for part, member in zip(batch, space.spaces, strict=True) for array in parts_of(member, part)]
    if isinstance(space, spaces.Dict):
        return [array for key, member in space.spaces.items() for array in parts_of(member, batch[key])]
    return [np.asarray(batch)]


def joined(space: spaces.Space, parts: Any) -> Any:
    """Return the batch whose leaves an iterator gives: the reverse of `parts_of`."""
    if isinstance(space, spaces.Tuple):
        return tuple(joined(member, parts) for member in space.spaces)
    if isinstance(space, spaces.Dict):
        return {key: joined(member, parts) for key, member in space.spaces.items()}
    return next(parts)


def numbers_of(leaves: list[spaces.Space], arrays: list[np.ndarray]) -> np.ndarray:
    """Return observations as rows of float32: numbers as they are, choices as one-hot vectors.

    Args:
        leaves: The leaves of the observation space.
        arrays: Their arrays, each [n] + shape.
    """
    columns = []
    for leaf, array in zip(leaves, arrays, strict=True):
        rows = array.reshape(len(array), -1)
        if isinstance(leaf, spaces.Discrete):
            columns.append(_one_hot(rows[:, 0] - int(leaf.start), int(leaf.n)))
        elif isinstance(leaf, spaces.MultiDiscrete):
            choices = rows - leaf.start.reshape(-1)
            columns += [_one_hot(choices[:, k], int(n)) for k, n in enumerate(leaf.nvec.reshape(-1))]
        else:
            columns.append(rows.astype(np.float32))
    return np.concatenate(columns, axis=1)


def masks_of(space: spaces.Space, masks: list[Any]) -> list[np.ndarray | None]:
    """Return the masks of a batch, one array for each leaf, [n, choices]; None for leaves of which nothing is masked.

    Args:
        space: The action space.
        masks: A mask for each row, or None where all is legal.

    Raises:
        BadValue: One is no mask of the space, or leaves nothing to choose.
    """
    if all(mask is None for mask in masks):
        return [None] * len(leaves_of(space, "action"))
    if isinstance(space, spaces.Tuple):
        columns = [[None if mask is None else mask[i] for mask in masks] for i in range(len(space.spaces))]
        return [array for part, column in zip(space.spaces, columns, strict=True) for array in masks_of(part, column)]
    if isinstance(space, spaces.Dict):
        columns = [[None if mask is None else mask.get(key) for mask in masks] for key in space.spaces]
        members = space.spaces.values()
        return [array for member, column in zip(members, columns, strict=True) for array in masks_of(member, column)]
    rows = [encode(space, mask) or [1] * width_of([space]) for mask in masks]
    for row in rows:
        decode(space, row)
    return [np.array(rows, bool)]


def width_of(leaves: list[Any]) -> int:
    """Return how many numbers `numbers_of` gives for one value."""
    return sum(
        int(leaf.n)
        if isinstance(leaf, spaces.Discrete)
        else int(leaf.nvec.sum())
        if isinstance(leaf, spaces.MultiDiscrete)
        else int(np.prod(leaf.shape))
        for leaf in leaves
    )


def _one_hot(choices: np.ndarray, count: int) -> np.ndarray:
    return (choices[:, None] == np.arange(count)).astype(np.float32)
