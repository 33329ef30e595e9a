"""CartPole with knobs, which tells of itself in info: knobs.py [LOG]

Reset options are `length`, half of the pole's length, and `gravity`. Info has `distance`, how far the cart is from the
middle, and with the last step of an episode `success`, whether it has lasted for 50 steps. It speaks batch. LOG gets one
line for each episode that had a step: the options that it was reset with, and its info at its end. Standard library only.
"""

import json
import math
import random
import sys

log = open(sys.argv[1], "a", buffering=1) if len(sys.argv) > 1 else None


class CartPole:
    def __init__(self):
        self.random = random.Random()
        self.steps = 0

    def reset(self, seed, options):
        if seed is not None:
            self.random.seed(seed)
        self.options = options
        self.length = options.get("length", 0.5)
        self.gravity = options.get("gravity", 9.8)
        self.state = [self.random.uniform(-0.05, 0.05) for _ in range(4)]
        self.steps = 0
        return self.state

    def step(self, action):
        x, v, angle, turn = self.state
        sin, cos = math.sin(angle), math.cos(angle)
        pull = ((10 if action else -10) + 0.1 * self.length * turn * turn * sin) / 1.1
        spin = (self.gravity * sin - cos * pull) / (self.length * (4 / 3 - 0.1 * cos * cos / 1.1))
        push = pull - 0.1 * self.length * spin * cos / 1.1
        self.state = [x + 0.02 * v, v + 0.02 * push, angle + 0.02 * turn, turn + 0.02 * spin]
        self.steps += 1
        terminated = abs(self.state[0]) > 2.4 or abs(self.state[2]) > 12 * math.pi / 180
        truncated = self.steps >= 200
        info = {"distance": abs(self.state[0]), "name": "cart"}
        if terminated or truncated:
            info["success"] = self.steps >= 50
            if log:
                log.write(json.dumps([self.options, info, self.steps]) + "\n")
        return self.state, terminated, truncated, info


envs, batched = [CartPole()], False
for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    options = request.get("options") or {}
    if request["op"] == "hello":
        reply |= {"version": 1, "role": "env", "obs_space": {"type": "Box", "shape": [4], "low": "-Infinity",
                  "high": "Infinity"}, "action_space": {"type": "Discrete", "n": 2}}
        if "batch" in request["features"]:
            batched = True
            envs = [CartPole() for _ in range(request["want"]["num_envs"])]
            reply |= {"features": ["batch"], "num_envs": len(envs)}
    elif request["op"] == "reset":
        if options.get("length", 1) <= 0:
            reply |= {"error": {"code": "bad_options", "message": "the pole needs a length"}}
        else:
            seed = request.get("seed")
            rows = request.get("envs") or range(len(envs))
            shown = [envs[row].reset(None if seed is None else seed + row, options) for row in rows]
            reply |= {"obs": sum(shown, []) if batched else shown[0]}
    elif request["op"] == "step" and not batched:
        shown, terminated, truncated, info = envs[0].step(request["action"])
        reply |= {"obs": shown, "reward": 1, "terminated": terminated, "truncated": truncated, "info": info}
    elif request["op"] == "step":
        shown, infos, ended = [], [], []
        for row, (env, action) in enumerate(zip(envs, request["action"])):
            state, terminated, truncated, info = env.step(action)
            if terminated or truncated:
                ended.append({"env": row, "terminated": terminated, "truncated": truncated, "final_obs": state,
                              "final_info": info})
                state, info = env.reset(None, {}), {}
            shown += state
            infos.append(info)
        reply |= {"obs": shown, "reward": [1] * len(envs), "ended": ended, "info": infos}
    print(json.dumps(reply), flush=True)
    if request["op"] == "close":
        break
