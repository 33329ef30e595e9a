"""Native vector environments of each autoreset mode, that count the steps of each row."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space


class Counting(VectorEnv):
    """Row i ends after i+2 steps; the observation is (episode, step)."""

    mode = AutoresetMode.DISABLED

    def __init__(self, num_envs=1, **kwargs):
        self.num_envs = num_envs
        self.metadata = {"autoreset_mode": self.mode}
        self.single_observation_space, self.single_action_space = spaces.Box(0, 99, (2,)), spaces.Discrete(3)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.counts = np.zeros((num_envs, 2), np.float32)
        self.over = np.zeros(num_envs, bool)

    def reset(self, *, seed=None, options=None):
        mask = (options or {}).pop("reset_mask", np.ones(self.num_envs, bool))
        self.counts[mask] += [1, 0]
        self.counts[mask, 1] = 0
        self.over[mask] = False
        return self.counts.copy(), {"fresh": mask, "_fresh": mask.copy()}

    def step(self, actions):
        assert not self.over.any(), "a row that is over was stepped"
        self.counts[:, 1] += 1
        over = self.counts[:, 1] >= np.arange(self.num_envs) + 2
        infos = {"action": np.array(actions), "_action": np.ones(self.num_envs, bool)}
        observations = self.counts.copy()
        if self.mode is AutoresetMode.SAME_STEP and over.any():
            final = np.full(self.num_envs, None, object)
            for row in np.flatnonzero(over):
                final[row] = observations[row]
            infos["final_obs"], infos["_final_obs"] = final, over
            infos["final_info"] = {"action": np.where(over, actions, 0), "_action": over}
            infos["_final_info"], infos["_action"] = over, ~over
            observations, _ = self.reset(options={"reset_mask": over.copy()})
        else:
            self.over = over
        return observations, np.full(self.num_envs, 0.5, np.float32), over, np.zeros_like(over), infos


class SameStep(Counting):
    mode = AutoresetMode.SAME_STEP


class NextStep(Counting):
    mode = AutoresetMode.NEXT_STEP


class Echo(gym.Env):
    """The observation is the action."""

    observation_space = action_space = spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return action, 0.0, False, False, {}
