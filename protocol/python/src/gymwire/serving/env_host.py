"""N ordinary environments, stepped one after another."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from gymwire.errors import BadOptions, Refusal
from gymwire.serving import state
from gymwire.serving.host import BatchReset, BatchStep, Ended, Fault, Host
from gymwire.serving.returned import Observed, Stepped

_SHORT_SEEDS = 2**31


class EnvHost(Host):
    """N environments of one kind, each with random numbers of its own: a batch of N is N single ones (SPEC 12.10)."""

    def __init__(self, envs: Sequence[gym.Env]) -> None:
        first = envs[0]
        self.envs = list(envs)
        self.num_envs = len(self.envs)
        self.observation_space, self.action_space = first.observation_space, first.action_space
        self.spec, self.metadata, self.render_mode = first.spec, first.metadata or {}, first.render_mode

    def reset(self, rows: list[int], seeds: list[int | None], options: Any) -> BatchReset:
        observed: list[Observed] = []
        for row, seed in zip(rows, seeds, strict=True):
            try:
                observed.append(self.reset_one(row, seed, options))
            except Refusal as refusal:
                if not observed:
                    raise
                raise Fault(row) from refusal.__cause__  # others have been reset, so it is not as if nothing had been
        observations, infos, masks = (list(column) for column in zip(*observed, strict=True))
        return BatchReset(self.obs_codec.stack(observations), infos, masks)

    def step(self, actions: Any) -> BatchStep:
        observations, infos, masks, ended = [], [], [], []
        rewards = np.empty(self.num_envs)
        for row, action in enumerate(self.action_codec.split(actions, self.num_envs)):
            obs, info, mask, reward, terminated, truncated = self.step_one(row, action)
            rewards[row] = reward
            if terminated or truncated:
                ended.append(Ended(row, terminated, truncated, obs, info))
                obs, info, mask = self.reset_one(row, None, None)
            observations.append(obs)
            infos.append(info)
            masks.append(mask)
        return BatchStep(self.obs_codec.stack(observations), infos, masks, rewards, ended)

    def reset_one(self, row: int, seed: int | None, options: Any) -> Observed:
        """Reset one environment."""
        try:
            return self.judge.reset(self._reset(self.envs[row], seed, options))
        except BadOptions as error:
            raise Refusal("bad_options", str(error)) from error
        except Exception as error:
            raise Fault(row) from error

    def _reset(self, env: gym.Env, seed: int | None, options: Any) -> Any:
        # A copy each time, as one that takes its options out of the dict must leave them to the others.
        try:
            return env.reset(seed=seed, options=copy.deepcopy(options))
        except BadOptions:
            raise
        except Exception:
            if seed is None or seed < _SHORT_SEEDS:
                raise
            # Many seed the old generators of NumPy or of C, which take no more than 32 or 31 bits.
            with contextlib.suppress(Exception):
                result = env.reset(seed=seed % _SHORT_SEEDS, options=copy.deepcopy(options))
                self.judge.warn("the environment takes no seed of 53 bits: it gets the seed modulo 2^31")
                return result
            raise

    def step_one(self, row: int, action: Any) -> Stepped:
        """Step one environment, without a reset at the end of its episode."""
        try:
            return self.judge.step(self.envs[row].step(action))
        except Exception as error:
            raise Fault(row) from error

    def render(self, row: int) -> Any:
        try:
            return self.envs[row].render()
        except Exception as error:
            raise Fault(row) from error

    @property
    def keeps_states(self) -> bool:
        return all(state.is_kept(env) for env in self.envs)

    def snapshot(self, row: int) -> str:
        try:
            return state.to_text(self.envs[row])
        except Exception as error:
            raise Fault(row) from error

    def restore(self, row: int, text: str) -> None:
        state.from_text(self.envs[row], text)

    def close(self) -> None:
        for env in self.envs:
            env.close()
