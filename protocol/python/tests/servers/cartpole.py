"""Gymnasium's CartPole with the options and flags of this project's cartpole-server."""

import sys

import numpy as np
from gymnasium.envs.classic_control import CartPoleEnv
from gymnasium.envs.registration import spec
from gymnasium.wrappers import TimeLimit

import gymwire


class CartPole(CartPoleEnv):
    def reset(self, *, seed=None, options=None):
        options = options or {}
        state = options.get("state")
        low, high = (
            default if options.get(name) is None else options[name]
            for name, default in (("low", -0.05), ("high", 0.05))
        )
        if state is not None and not (
            isinstance(state, list) and len(state) == 4 and set(map(type, state)) <= {int, float}
        ):
            raise gymwire.BadOptions("state must be four numbers")
        if not all(type(bound) in (int, float) for bound in (low, high)) or low > high:
            raise gymwire.BadOptions("low and high must be two numbers in order")
        obs, info = super().reset(seed=seed, options={"low": low, "high": high})
        if state is not None:
            self.state = np.array(state, np.float64)
            obs = self.state.astype(np.float32)
        return obs, info


name = sys.argv[sys.argv.index("--id") + 1]


def make():
    env = CartPole()
    env.spec = spec(name)
    env = TimeLimit(env, spec(name).max_episode_steps)
    return env


gymwire.serve(make)
