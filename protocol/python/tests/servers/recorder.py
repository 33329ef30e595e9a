"""Gymnasium's CartPole, which writes down each observation and the action that was its answer."""

import json
import sys

from gymnasium.envs.classic_control import CartPoleEnv
from gymnasium.wrappers import TimeLimit

import gymwire

log = open(sys.argv[1], "w")


class Recorder(CartPoleEnv):
    def reset(self, **how):
        self.seen, info = super().reset(**how)
        return self.seen, info

    def step(self, action):
        print(json.dumps([self.seen.tolist(), int(action)]), file=log, flush=True)
        result = super().step(action)
        self.seen = result[0]
        return result


gymwire.serve(lambda: TimeLimit(Recorder(), 100))
