"""What a session asks of the environments behind it, one or many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.codecs import Codec


@dataclass
class Ended:
    """An episode that ended within a batched step."""

    row: int
    terminated: bool
    truncated: bool
    final_obs: Any
    final_info: dict[str, Any]


@dataclass
class BatchStep:
    """What one step of a batch gave: `obs` and `infos` are those of the new episode where one ended (SPEC 12.5)."""

    obs: Any
    rewards: np.ndarray
    infos: Sequence[dict[str, Any]]
    ended: list[Ended] = field(default_factory=list)


class Fault(Exception):
    """An environment raised; `__cause__` is what it raised and `row` which sub-environment it was."""

    def __init__(self, row: int | None = None) -> None:
        super().__init__(row)
        self.row = row


class Host:
    """Sub-environments with the same spaces. What they raise comes as Fault."""

    num_envs: int
    observation_space: spaces.Space
    action_space: spaces.Space
    spec: Any
    metadata: dict[str, Any]
    render_mode: str | None

    def use_codecs(self, obs: Codec, action: Codec) -> None:
        """Take the codecs of the session, which know how values are stacked and split."""
        self.obs_codec, self.action_codec = obs, action

    def reset(self, rows: list[int], seeds: list[int | None], options: Any) -> tuple[Any, Sequence[dict[str, Any]]]:
        """Reset some sub-environments and return the batch of their observations, and their infos, in that order."""
        raise NotImplementedError

    def step(self, actions: Any) -> BatchStep:
        """Step all with a batch of actions; those that end are reset at once."""
        raise NotImplementedError

    def render(self, row: int) -> Any:
        """Return the frame of one sub-environment, an array or a text."""
        raise NotImplementedError

    def close(self) -> None:
        """Close all."""
        raise NotImplementedError
