"""Where a conversation gets its environments from, once it knows what the driver wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
from gymnasium.vector import SyncVectorEnv, VectorEnv

from gymwire.errors import Refusal
from gymwire.serving.env_host import EnvHost
from gymwire.serving.host import Host
from gymwire.serving.vector_host import VectorHost

CROSSING_RENDER_MODES = ("rgb_array", "ansi")
"""The render modes that have a form on the wire (SPEC 15.2)."""

MOST_ENVS = 4096


class Source:
    """Makes environments on demand, and the first at once, so that a mistake shows before anybody asks.

    Args:
        make: Takes a render mode or None and returns a new environment; None where there is only a vector environment.
        make_vector: Takes a number and a render mode and returns a native vector environment, or None without one.
        most_envs: How many sub-environments a driver may have.
        render_mode: The mode of the first environment, kept unless the driver wants another.
    """

    def __init__(
        self,
        make: Callable[[str | None], gym.Env] | None,
        make_vector: Callable[[int, str | None], VectorEnv] | None = None,
        most_envs: int = MOST_ENVS,
        render_mode: str | None = None,
    ) -> None:
        self._make, self._make_vector, self.most_envs, self._mode = make, make_vector, most_envs, render_mode
        self._first = None if make is None else make(render_mode)
        self._render_modes = CROSSING_RENDER_MODES if self._first is None else crossing_modes(self._first.metadata)

    def open(self, num_envs: int, batched: bool, render_mode: str | None) -> Host:
        """Return a host with as many sub-environments as wanted and possible, in the wanted render mode."""
        mode = render_mode if render_mode in self._render_modes else self._mode
        count = max(1, min(num_envs, self.most_envs))
        if batched and self._make_vector is not None:
            self._drop_first()
            return VectorHost(self._make_vector(count, mode))
        if self._make is None:
            raise Refusal(
                "internal", "this server has a vector environment only: ask for the feature batch", fatal=True
            )
        if self._first is None or mode != self._mode:
            self._drop_first()
            self._first = self._make(mode)
        envs, self._first = [self._first], None
        envs += [self._make(mode) for _ in range(count - 1)]
        return EnvHost(envs)

    def close(self) -> None:
        """Close what was made and not handed out."""
        self._drop_first()

    def _drop_first(self) -> None:
        if self._first is not None:
            self._first.close()
        self._first = None


class FixedSource(Source):
    """Hands out an environment that already exists: one, or a vector environment with its own number."""

    def __init__(self, env: gym.Env | VectorEnv) -> None:
        self._env = env
        self._first = None

    def open(self, num_envs: int, batched: bool, render_mode: str | None) -> Host:
        if not isinstance(self._env, VectorEnv):
            return EnvHost([self._env])
        if isinstance(self._env, SyncVectorEnv):
            return EnvHost(self._env.envs[: max(1, num_envs) if batched else 1])
        if not batched or num_envs < self._env.num_envs:
            raise Refusal(
                "internal",
                f"this server hosts exactly {self._env.num_envs} sub-environments: ask for the feature batch and for "
                f"want.num_envs {self._env.num_envs} or more",
            )
        return VectorHost(self._env)

    def close(self) -> None:
        self._env.close()


def crossing_modes(metadata: dict[str, Any]) -> list[str]:
    """Return the render modes of an environment that have a form on the wire."""
    return [mode for mode in metadata.get("render_modes") or () if mode in CROSSING_RENDER_MODES]
