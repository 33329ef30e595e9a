"""What environments return, judged in one place: the same for one, for a batch, and for a native vector environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire import masks
from gymwire.codecs import Codec
from gymwire.errors import BadValue, GymwireError
from gymwire.number_lists import show
from gymwire.plain_json import plain
from gymwire.serving.env_kinds import AS_FUNCTION

_OLD_STEP = (
    "step returned 4 values, as environments of the old gym do: observation, reward, done, info. There must be 5: "
    "observation, reward, terminated, truncated, info. shimmy.GymV21CompatibilityV0(env=...) makes them 5 "
    f"(package shimmy): {AS_FUNCTION}"
)
_OLD_RESET = (
    "environments of the old gym return the observation alone. shimmy.GymV21CompatibilityV0(env=...) adds the info "
    f"(package shimmy): {AS_FUNCTION}"
)
_OBJECTIVES = (
    "where these are several objectives, a wrapper can make them one, such as mo_gymnasium.wrappers.LinearReward: "
    f"{AS_FUNCTION}"
)


class BadReturn(GymwireError):
    """An environment returned what cannot be an observation, a reward, a flag or an info."""

    row: int | None = None
    """Which sub-environment did, where only one of several is to blame."""


Observed = tuple[Any, dict[str, Any], Any]
"""What a reset gave: what the judge's `take` made of the observation, the info as plain JSON, and a mask in its wire
form or None; nothing that the environment may write to again."""

Stepped = tuple[Any, dict[str, Any], Any, float, bool, bool]
"""What a step gave: the same, and the reward and both flags."""


class Judge:
    """Turns what `reset` and `step` of an environment return into what can be kept and sent.

    Environments may reuse their arrays and dicts, so nothing that they returned is kept: it would show what a later
    call has written into it.

    Args:
        codec: That of the observations.
        action_space: The one that masks belong to.
        sends_masks: Whether the feature mask is on.
        is_batch: Whether observations are taken as copies for a batch; otherwise in their wire form.
        warn: Takes a sentence for people.
    """

    def __init__(
        self, codec: Codec, action_space: spaces.Space, sends_masks: bool, is_batch: bool, warn: Callable[[str], None]
    ) -> None:
        self.codec = codec
        self._take = codec.copy if is_batch else codec.encode
        self._action_space, self._sends_masks, self._is_batch, self.warn = action_space, sends_masks, is_batch, warn

    def reset(self, result: Any) -> Observed:
        """Return what a reset gave. Raises BadReturn."""
        observation, info = pair_of(result)
        return (self.observation(observation), *self.info(info))

    def step(self, result: Any) -> Stepped:
        """Return what a step gave. Raises BadReturn."""
        observation, reward, terminated, truncated, info = (
            result if type(result) is tuple and len(result) == 5 else five_of(result)
        )
        if type(reward) is not float:
            reward = reward_of(reward)
        if type(terminated) is not bool:
            terminated = flag_of(terminated, "terminated")
        if type(truncated) is not bool:
            truncated = flag_of(truncated, "truncated")
        try:
            observation = self._take(observation)
        except Exception as error:
            raise self._misfit(observation, error) from error
        if type(info) is dict and not info:
            return observation, {}, None, reward, terminated, truncated
        # A batch sends the mask of the episode that begins; that of the final observation stays an info.
        info, mask = self.info(info, keeps_mask=self._is_batch and (terminated or truncated))
        return observation, info, mask, reward, terminated, truncated

    def info(self, info: Any, keeps_mask: bool = False) -> tuple[dict[str, Any], Any]:
        """Return an info as plain JSON, and the mask in its wire form where one is taken out of it."""
        if info is None:
            return {}, None
        if not isinstance(info, Mapping):
            raise BadReturn(f"info is {_kind(info)}, and must be a dict")
        if not info:
            return {}, None
        mask = None
        if self._sends_masks and not keeps_mask and info.get("action_mask") is not None:
            try:
                mask = masks.encode(self._action_space, info["action_mask"])
                info = {key: value for key, value in info.items() if key != "action_mask"}
            except BadValue as error:
                self.warn(f"info['action_mask'] is not sent as a mask: {error}")
        return plain(info, self.warn), mask

    def observation(self, observation: Any) -> Any:
        """Return a copy of an observation, or its wire form. Raises BadReturn."""
        try:
            return self._take(observation)
        except Exception as error:
            raise self._misfit(observation, error) from error

    def _misfit(self, observation: Any, error: Exception) -> BadReturn:
        if isinstance(error, BadValue):
            return BadReturn(f"the observation does not fit {self.codec.space}: {error}")
        return BadReturn(f"the observation is {_kind(observation)}, which does not fit {self.codec.space}: {error!r}")


def pair_of(result: Any) -> Any:
    """Return the two values of a reset."""
    if isinstance(result, (tuple, list)) and len(result) == 2:
        return result
    what = f"{len(result)} values" if isinstance(result, tuple) else _kind(result)
    hint = "" if isinstance(result, tuple) else f": {_OLD_RESET}"
    raise BadReturn(f"reset returned {what}, and must return a pair of an observation and an info{hint}")


def five_of(result: Any) -> Any:
    """Return the five values of a step."""
    if isinstance(result, (tuple, list)) and len(result) == 5:
        return result
    if isinstance(result, (tuple, list)) and len(result) == 4:
        raise BadReturn(_OLD_STEP)
    what = f"{len(result)} values" if isinstance(result, (tuple, list)) else _kind(result)
    raise BadReturn(f"step returned {what}, and must return 5 values: observation, reward, terminated, truncated, info")


def reward_of(reward: Any) -> float:
    """Return a reward as a number, which may be an array with one element."""
    if type(reward) is float:
        return reward
    array = _array(reward, "reward")
    if array.size != 1:
        raise BadReturn(f"reward has shape {list(array.shape)}, and must be one number; {_OBJECTIVES}")
    number = array.item()
    if isinstance(number, (str, bytes, complex)) or not hasattr(number, "__float__"):
        raise BadReturn(f"reward is {_kind(number)}, {show(number)}, and must be a number")
    try:
        return float(number)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadReturn(f"reward cannot be a number: {error}") from None


def flag_of(flag: Any, name: str) -> bool:
    """Return a flag as a truth value, which may be an array with one element, or 0 or 1."""
    if type(flag) is bool:
        return flag
    array = _array(flag, name)
    if array.size != 1:
        raise BadReturn(f"{name} has shape {list(array.shape)}, and must be one truth value")
    value = array.item()
    if array.dtype.kind not in "biuf" or value not in (0, 1):
        raise BadReturn(f"{name} is {_kind(value)}, {show(value)}, and must be True or False")
    return bool(value)


def _array(value: Any, name: str) -> np.ndarray:
    if value is None:
        raise BadReturn(f"{name} is None")
    try:
        return np.asarray(value)
    except Exception as error:
        raise BadReturn(f"{name} is {_kind(value)}, which is no number: {error}") from None


def _kind(value: Any) -> str:
    """Return the type of a value with its article, for a sentence."""
    if value is None:
        return "None"
    name = type(value).__name__
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"
