"""Serve an environment of one's own:  pgagent --env-cmd "python examples/my_server.py" """

import gymnasium as gym
import numpy as np

import gymwire


class Thermostat(gym.Env):
    """Keep a room at 20 degrees; outside it is cold."""

    observation_space = gym.spaces.Box(-50, 50, (1,), np.float32)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.degrees, self.minutes = self.np_random.uniform(10, 30), 0
        return np.array([self.degrees], np.float32), {}

    def step(self, heat):
        self.degrees += 0.1 * (0 - self.degrees) + 4 * heat + self.np_random.normal(0, 0.2)
        self.minutes += 1
        print("this does not disturb the protocol")
        obs = np.array([self.degrees], np.float32)
        return obs, -abs(self.degrees - 20), False, self.minutes == 100, {"minutes": self.minutes}


if __name__ == "__main__":
    gymwire.serve(Thermostat)
