"""One native vector environment, stepped as a whole, with the protocol's reset within the step (SPEC 12.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv

from gymwire.errors import Refusal
from gymwire.serving.host import BatchStep, Ended, Fault, Host
from gymwire.serving.row_reset import Resetter, resetter_for
from gymwire.vector_infos import split_infos


class VectorHost(Host):
    """A `gymnasium.vector.VectorEnv` of any autoreset mode.

    It keeps its own way with seeds: most native ones draw for all sub-environments from one generator, so that a batch
    of N is not the same as N single ones.
    """

    def __init__(self, envs: VectorEnv) -> None:
        self.envs = envs
        self.num_envs = envs.num_envs
        self.observation_space, self.action_space = envs.single_observation_space, envs.single_action_space
        self.spec, self.metadata, self.render_mode = envs.spec, envs.metadata, envs.render_mode
        self._resets_itself = _mode(envs) is AutoresetMode.SAME_STEP
        self._resetter: Resetter | None = None if self._resets_itself else resetter_for(envs)

    def reset(self, rows: list[int], seeds: list[int | None], options: Any) -> tuple[Any, Sequence[dict[str, Any]]]:
        if len(rows) == self.num_envs:
            order = np.argsort(rows)
            ordered = [seeds[index] for index in order]
            observations, infos = self._guard(self.envs.reset, seed=_one_seed(ordered), options=options)
            infos = split_infos(infos, self.num_envs)
        elif self._resetter is None:
            raise Refusal("bad_message", f"{type(self.envs).__name__} cannot reset some of its sub-environments only")
        else:
            if any(seed is not None for seed in seeds):
                raise Refusal("bad_seed", f"{type(self.envs).__name__} cannot seed some of its sub-environments only")
            mask = np.zeros(self.num_envs, bool)
            mask[rows] = True
            observations, infos = self._guard(self._resetter, self.envs, mask, options)
        if rows == list(range(self.num_envs)):
            return observations, infos
        values = self.obs_codec.split(observations, self.num_envs)
        return self.obs_codec.stack([values[row] for row in rows]), [infos[row] for row in rows]

    def step(self, actions: Any) -> BatchStep:
        observations, rewards, terminated, truncated, infos = self._guard(self.envs.step, actions)
        # Copies: an environment may clear its own flags while it resets rows.
        terminated, truncated = np.array(terminated, dtype=bool), np.array(truncated, dtype=bool)
        rewards = np.array(rewards, dtype=np.float64)
        over = terminated | truncated
        if not over.any():
            return BatchStep(observations, rewards, split_infos(infos, self.num_envs))
        rows = [int(row) for row in np.flatnonzero(over)]
        if self._resets_itself:
            final_obs, final_infos = infos.pop("final_obs"), infos.pop("final_info", {})
            infos.pop("_final_obs", None), infos.pop("_final_info", None)
            final_infos = split_infos(final_infos, self.num_envs)
            infos = split_infos(infos, self.num_envs)
        else:
            final_obs = self.obs_codec.split(_copy(observations), self.num_envs)
            final_infos = split_infos(infos, self.num_envs)
            observations, fresh = self._guard(self._resetter, self.envs, over, None)
            infos = [fresh[row] if over[row] else final_infos[row] for row in range(self.num_envs)]
        ended = [
            Ended(row, bool(terminated[row]), bool(truncated[row]), final_obs[row], final_infos[row]) for row in rows
        ]
        return BatchStep(observations, rewards, infos, ended)

    def render(self, row: int) -> Any:
        frames = self._guard(self.envs.render)
        return frames[row]

    def close(self) -> None:
        self.envs.close()

    def _guard(self, call: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except Exception as error:
            raise Fault() from error


def _mode(envs: VectorEnv) -> AutoresetMode:
    mode = envs.metadata.get("autoreset_mode", AutoresetMode.NEXT_STEP)
    return mode if isinstance(mode, AutoresetMode) else AutoresetMode(mode)


def _one_seed(seeds: list[int | None]) -> Any:
    """Return seeds as Gymnasium's vector environments take them: s for s, s+1, ..."""
    if all(seed is None for seed in seeds):
        return None
    if seeds[0] is not None and seeds == [seeds[0] + row for row in range(len(seeds))]:
        return seeds[0]
    return seeds


def _copy(observations: Any) -> Any:
    if isinstance(observations, dict):
        return {key: _copy(part) for key, part in observations.items()}
    if isinstance(observations, tuple):
        return tuple(_copy(part) for part in observations)
    return np.array(observations) if isinstance(observations, np.ndarray) else observations
