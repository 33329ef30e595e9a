"""`gymwire.Policy`: what pgagent has trained, with the `predict` that users of SB3 know."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.codecs import codec_for
from gymwire.driving.server import ServerOptions
from gymwire.errors import BadValue, ProcessError
from gymwire.policies import policy_file
from gymwire.policies.answer import Answer
from gymwire.policies.bounded_policy import BoundedPolicy
from gymwire.policies.leaves import leaves_of, masks_of, parts_of
from gymwire.policies.network_policy import NetworkPolicy
from gymwire.policies.served_policy import ServedPolicy


class Policy:
    """A trained policy.

    Args:
        path: The policy file that pgagent wrote.
        pgagent: The command of pgagent, which then computes the actions in a process of its own. By default it is
            looked for on the PATH, and where it is not, or cannot serve, the file is read here and computed with NumPy.
            False always computes here.
        seed: Makes sampled actions reproducible. The two ways of computing draw different numbers.
        options: `timeout`, `startup_timeout`, `cwd`, `env`, `stderr`; see `ProcessEnv`.

    Raises:
        GymwireError: The file is no usable policy, or pgagent could not serve it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        pgagent: str | Sequence[str] | bool | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        self._acting: NetworkPolicy | BoundedPolicy | ServedPolicy
        command = shutil.which("pgagent") if pgagent is None else pgagent
        served = None
        if command and command is not True:
            words = [command] if isinstance(command, str) else list(command)
            try:
                served = ServedPolicy(ServerOptions([*words, "serve", os.fspath(path)], **options))
            except ProcessError:
                if pgagent is not None:
                    raise
        self._acting = _computed(policy_file.read(path)) if served is None else served
        self.observation_space, self.action_space = self._acting.observation_space, self._acting.action_space
        self._leaves = leaves_of(self.observation_space, "obs")
        self._obs, self._action = codec_for(self.observation_space), codec_for(self.action_space)
        self.seed(seed)

    @property
    def is_served(self) -> bool:
        """Whether pgagent computes the actions, and not NumPy."""
        return isinstance(self._acting, ServedPolicy)

    def seed(self, seed: int | None) -> None:
        """Restart the random numbers of sampled actions."""
        self._acting.seed(seed)

    def predict(
        self,
        observation: Any,
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = False,
        action_masks: Any = None,
    ) -> tuple[Any, Any]:
        """Return the action for an observation, or a batch of actions for a batch of observations.

        Args:
            observation: One value of the observation space, or N of them stacked as vector environments stack them.
            state: Handed back as it is; policies have no memory.
            episode_start: Not used.
            deterministic: Whether to take the most probable action, or the mean, rather than a sample.
            action_masks: Which actions are legal; see `act`.

        Returns:
            The action, or the batch of actions, and `state`.
        """
        return self.act(observation, deterministic, action_masks).action, state

    def act(self, observation: Any, deterministic: bool = False, action_masks: Any = None) -> Answer:
        """Return the action for an observation or a batch, with the logarithm of its probability and the value.

        Args:
            observation: As for `predict`.
            deterministic: As for `predict`.
            action_masks: Which actions are legal: a mask as Gymnasium's `sample(mask=...)` takes it, such as
                `info["action_mask"]`, or for a batch a list with one of them, or None, for each row.

        Raises:
            BadValue: An observation or mask cannot be used.
        """
        try:
            batch, count, masks = self._prepared(observation, action_masks)
        except BadValue:
            raise
        except Exception as error:  # such as an object whose own methods fail
            raise BadValue(f"the observation or its mask is no value of its space: {error!r}") from error
        if isinstance(self._acting, ServedPolicy):
            answer = self._acting.act(batch, deterministic, count or 1, masks)
        else:
            answer = self._acting.act(batch, deterministic, masks)
        if count is not None:
            return answer
        logp, value = (None if numbers is None else numbers[0] for numbers in answer[1:])
        return Answer(self._action.split(answer.action, 1)[0], logp, value)

    def close(self) -> None:
        """End pgagent, if it serves."""
        if isinstance(self._acting, ServedPolicy):
            self._acting.close()

    def _prepared(self, observation: Any, action_masks: Any) -> tuple[Any, int | None, list[Any] | None]:
        """Return a batch, how many observations were given, or None for a single one, and the masks of the rows."""
        count = self._rows(observation)
        batch = self._obs.stack([observation]) if count is None else observation
        for array, leaf in zip(parts_of(self.observation_space, batch), self._leaves, strict=True):
            _check(array, leaf)
        masks = None if action_masks is None else [action_masks] if count is None else list(action_masks)
        if masks is not None and len(masks) != (count or 1):
            raise BadValue(f"there are {len(masks)} masks for {count} observations")
        masks_of(self.action_space, masks or [None])  # raises BadValue here, wherever the actions are computed
        return batch, count, masks

    def _rows(self, observation: Any) -> int | None:
        """Return how many observations there are, or None for a single one."""
        try:
            arrays = parts_of(self.observation_space, observation)
        except (KeyError, TypeError, ValueError) as error:
            raise BadValue(f"the observation is no value of {self.observation_space}: {error!r}") from None
        dimensions = {array.ndim - len(leaf.shape or ()) for array, leaf in zip(arrays, self._leaves, strict=True)}
        if dimensions == {0}:
            return None
        if dimensions != {1} or not len(arrays[0]):
            raise BadValue(f"the observation is neither one of {self.observation_space} nor a batch of them")
        return len(arrays[0])


def _computed(file: policy_file.PolicyFile) -> NetworkPolicy | BoundedPolicy:
    return NetworkPolicy(file) if file.kind is None else BoundedPolicy(file)


def _check(array: np.ndarray, leaf: spaces.Space) -> None:
    """Raise BadValue for an observation that no policy can be asked about (SPEC 16.2)."""
    if array.shape[1:] != leaf.shape:
        raise BadValue(f"an observation has the shape {list(array.shape[1:])}, and its space {list(leaf.shape or ())}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise BadValue("an observation has a number that is not finite, for which no policy has an answer")
    if isinstance(leaf, (spaces.Discrete, spaces.MultiDiscrete)):
        choices = array - leaf.start
        if (choices < 0).any() or (choices >= (leaf.n if isinstance(leaf, spaces.Discrete) else leaf.nvec)).any():
            raise BadValue(f"an observation has a choice that is none of {leaf}")
