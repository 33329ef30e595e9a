"""What native vector environments return, judged by the rules of `returned`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gymwire.codecs import Codec
from gymwire.errors import BadValue
from gymwire.serving.returned import BadReturn, flag_of, reward_of
from gymwire.vector_infos import split_infos


def observations_of(observations: Any, codec: Codec, count: int) -> Any:
    """Return a copy of a batch of observations. Raises BadReturn."""
    try:
        return codec.copy_batch(observations, count)
    except BadValue as error:
        raise BadReturn(f"the observations are no batch of {count} of {codec.space}: {error}") from None
    except Exception as error:
        raise BadReturn(f"the observations are no batch of {count} of {codec.space}: {error!r}") from error


def infos_of(infos: Any, count: int) -> list[dict[str, Any]]:
    """Return the info of each row, not yet judged nor copied. Raises BadReturn."""
    if infos is None:
        infos = {}
    if not isinstance(infos, dict):
        raise BadReturn(f"the infos are a {type(infos).__name__}, and must be a dict")
    return split_infos(infos, count)


def rewards_of(rewards: Any, count: int) -> np.ndarray:
    """Return N rewards as a new array. Raises BadReturn."""
    return _numbers(rewards, "reward", count, reward_of, np.empty(count))


def flags_of(flags: Any, name: str, count: int) -> np.ndarray:
    """Return N flags as a new array: an environment may clear its own while it resets rows. Raises BadReturn."""
    return _numbers(flags, name, count, lambda flag: flag_of(flag, name), np.empty(count, bool))


def _numbers(values: Any, name: str, count: int, one: Callable[[Any], Any], result: np.ndarray) -> np.ndarray:
    """Return the numbers in `result`, looked at one by one only where they are no array of the usual kind."""
    if values is None:
        raise BadReturn(f"{name} is None")
    try:
        array = np.asarray(values)
    except ValueError:  # a ragged list
        array = np.fromiter(values, object)
    if array.shape == (count, 1):
        array = array.reshape(count)
    if array.shape[:1] != (count,):
        raise BadReturn(f"{name} has shape {list(array.shape)}, and there are {count} sub-environments")
    if array.ndim == 1 and array.dtype.kind in ("b" if result.dtype.kind == "b" else "biuf"):
        result[:] = array
        return result
    for row, value in enumerate(array):
        try:
            result[row] = one(value)
        except BadReturn as error:
            error.row = row
            raise
    return result
