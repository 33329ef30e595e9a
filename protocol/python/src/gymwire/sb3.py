"""Stable-Baselines3's own kind of vector environment around a `gymnasium.vector.VectorEnv`.

from gymwire.sb3 import SB3VecEnv

model = PPO("MlpPolicy", SB3VecEnv(gymwire.make_vec("./cartpole-server", 8)))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from stable_baselines3.common.vec_env import VecEnv

from gymwire.errors import BadValue
from gymwire.number_lists import show
from gymwire.vector_infos import split_infos


class SB3VecEnv(VecEnv):
    """Steps all sub-environments by one request, and tells SB3 what it needs to bootstrap at a time limit.

    Args:
        envs: A vector environment that resets within the step, such as one of `gymwire.make_vec`.
    """

    def __init__(self, envs: VectorEnv) -> None:
        if not isinstance(envs, VectorEnv):
            raise BadValue(
                f"SB3VecEnv takes a vector environment, such as one of gymwire.make_vec, and not {show(envs)}; SB3 "
                "takes one of gymwire.make as it is"
            )
        if envs.metadata.get("autoreset_mode") is not AutoresetMode.SAME_STEP:
            raise BadValue("SB3 needs a vector environment of the autoreset mode SameStep")
        self.envs = envs
        self._actions: Any = None
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)

    def reset(self) -> Any:
        """Begin new episodes with the seeds of `seed`, if there are any, and return the observations."""
        seeds: Any = None if all(seed is None for seed in self._seeds) else list(self._seeds)
        options = next((options for options in self._options if options), None)
        observations, infos = self.envs.reset(seed=seeds, options=options)
        self.reset_infos = split_infos(infos, self.num_envs)
        self._reset_seeds()
        self._reset_options()
        return observations

    def step_async(self, actions: np.ndarray) -> None:
        """Keep the actions for `step_wait`."""
        self._actions = np.array(actions)  # the caller may write to its own before `step_wait`

    def step_wait(self) -> tuple[Any, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Step, and return observations, rewards, which episodes ended, and an info for each."""
        observations, rewards, terminations, truncations, infos = self.envs.step(self._actions)
        infos = dict(infos)
        final_obs = infos.pop("final_obs", None)
        infos.pop("_final_obs", None)
        final_infos = infos.pop("final_info", {})
        infos.pop("_final_info", None)
        listed = split_infos(infos, self.num_envs)
        over = terminations | truncations
        if final_obs is not None:
            finals = split_infos(final_infos, self.num_envs)
            for row in np.flatnonzero(over):
                listed[row] = {
                    **finals[row],
                    "terminal_observation": final_obs[row],
                    "TimeLimit.truncated": bool(truncations[row] and not terminations[row]),
                }
        return observations, rewards.astype(np.float32), over, listed

    def close(self) -> None:
        """End the server."""
        self.envs.close()

    def get_images(self) -> Sequence[np.ndarray | None]:
        """Return a frame of each sub-environment."""
        frames: Any = self.envs.render() or [None] * self.num_envs
        return frames

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """Return an attribute of the vector environment for each index; nothing within the server can be reached."""
        return [getattr(self.envs, attr_name)] * len(list(self._get_indices(indices)))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Raise: nothing within the server can be reached."""
        raise AttributeError(f"{attr_name} lies in the server's process, and cannot be set from here")

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        """Raise: nothing within the server can be reached."""
        raise AttributeError(f"{method_name} lies in the server's process, and cannot be called from here")

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        """Return that none is wrapped on this side."""
        return [False] * len(list(self._get_indices(indices)))
