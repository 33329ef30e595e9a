"""N ordinary environments, stepped one after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from gymwire.errors import BadOptions, Refusal
from gymwire.serving.host import BatchStep, Ended, Fault, Host


class EnvHost(Host):
    """N environments of one kind, each with random numbers of its own: a batch of N is N single ones (SPEC 12.10)."""

    def __init__(self, envs: Sequence[gym.Env]) -> None:
        first = envs[0]
        self.envs = list(envs)
        self.num_envs = len(self.envs)
        self.observation_space, self.action_space = first.observation_space, first.action_space
        self.spec, self.metadata, self.render_mode = first.spec, first.metadata, first.render_mode

    def reset(self, rows: list[int], seeds: list[int | None], options: Any) -> tuple[Any, Sequence[dict[str, Any]]]:
        observations, infos = [], []
        for row, seed in zip(rows, seeds, strict=True):
            observation, info = self.reset_one(row, seed, options)
            observations.append(observation)
            infos.append(info)
        return self.obs_codec.stack(observations), infos

    def step(self, actions: Any) -> BatchStep:
        observations, infos, ended = [], [], []
        rewards = np.empty(self.num_envs)
        for row, action in enumerate(self.action_codec.split(actions, self.num_envs)):
            observation, reward, terminated, truncated, info = self.step_one(row, action)
            rewards[row] = reward
            if terminated or truncated:
                ended.append(Ended(row, bool(terminated), bool(truncated), observation, info))
                observation, info = self.reset_one(row, None, None)
            observations.append(observation)
            infos.append(info)
        return BatchStep(self.obs_codec.stack(observations), rewards, infos, ended)

    def reset_one(self, row: int, seed: int | None, options: Any) -> tuple[Any, dict[str, Any]]:
        """Reset one environment."""
        try:
            observation, info = self.envs[row].reset(seed=seed, options=options)
        except BadOptions as error:
            raise Refusal("bad_options", str(error)) from error
        except Exception as error:
            raise Fault(row) from error
        return observation, info

    def step_one(self, row: int, action: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step one environment, without a reset at the end of its episode."""
        try:
            observation, reward, terminated, truncated, info = self.envs[row].step(action)
        except Exception as error:
            raise Fault(row) from error
        return observation, reward, terminated, truncated, info

    def render(self, row: int) -> Any:
        try:
            return self.envs[row].render()
        except Exception as error:
            raise Fault(row) from error

    def close(self) -> None:
        for env in self.envs:
            env.close()
