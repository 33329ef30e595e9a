"""What a conversation asks of the environments behind it, one or many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.codecs import Codec
from gymwire.serving.returned import Judge


@dataclass
class Ended:
    """An episode that ended within a batched step."""

    row: int
    terminated: bool
    truncated: bool
    final_obs: Any
    final_info: dict[str, Any]


@dataclass
class BatchReset:
    """What a reset gave: the batch of the observations, and the info and the mask of each row as they cross."""

    obs: Any
    infos: list[dict[str, Any]]
    masks: list[Any]


@dataclass
class BatchStep(BatchReset):
    """What one step of a batch gave; all but the rewards are those of the new episode where one ended (SPEC 12.5)."""

    rewards: np.ndarray
    ended: list[Ended] = field(default_factory=list)


class Fault(Exception):
    """An environment raised; `__cause__` is what it raised and `row` which sub-environment it was."""

    def __init__(self, row: int | None = None) -> None:
        super().__init__(row)
        self.row = row


class Host:
    """Sub-environments with the same spaces. What they raise, and what they return by mistake, comes as Fault."""

    num_envs: int
    observation_space: spaces.Space
    action_space: spaces.Space
    spec: Any
    metadata: dict[str, Any]
    render_mode: str | None

    def begin(self, obs: Codec, action: Codec, judge: Judge) -> None:
        """Take the codecs of the conversation, which know how values are stacked and split, and its judge."""
        self.obs_codec, self.action_codec, self.judge = obs, action, judge

    def reset(self, rows: list[int], seeds: list[int | None], options: Any) -> BatchReset:
        """Reset some sub-environments and return what they gave, in that order."""
        raise NotImplementedError

    def step(self, actions: Any) -> BatchStep:
        """Step all with a batch of actions; those that end are reset at once."""
        raise NotImplementedError

    def render(self, row: int) -> Any:
        """Return the frame of one sub-environment, an array or a text."""
        raise NotImplementedError

    @property
    def keeps_states(self) -> bool:
        """Whether `snapshot` and `restore` can be used."""
        return False

    def snapshot(self, row: int) -> str:
        """Return the state of one sub-environment's episode, which is running."""
        raise NotImplementedError

    def restore(self, row: int, text: str) -> None:
        """Put one sub-environment where its state was kept. Raises BadValue, and nothing has changed."""
        raise NotImplementedError

    def close(self) -> None:
        """Close all."""
        raise NotImplementedError
