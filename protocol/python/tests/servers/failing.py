"""A batched counter that fails in every so many-th step: failing.py LOG HOW EVERY"""

import json
import os
import random
import signal
import sys
import time

log, how, every = sys.argv[1], sys.argv[2], int(sys.argv[3])
count, steps = 1, 0
dice: list[random.Random] = []
shown: list[list[float]] = []
for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    if request["op"] == "hello":
        count = request["want"]["num_envs"]
        dice = [random.Random() for _ in range(count)]
        reply |= {"version": 1, "role": "env", "features": ["batch"], "num_envs": count}
        reply |= {"obs_space": {"type": "Box", "shape": [2], "low": 0, "high": 1e9}}
        reply |= {"action_space": {"type": "Discrete", "n": 2}}
    elif request["op"] == "reset" and "bad" in request.get("options", {}):
        reply |= {"error": {"code": "bad_options", "message": "bad"}}
    elif request["op"] == "reset":
        for row, die in enumerate(dice):
            if request.get("seed") is not None:
                die.seed(request["seed"] + row)
        shown = [[die.randrange(1000), 0] for die in dice]
        reply |= {"obs": sum(shown, [])}
    elif request["op"] == "step":
        steps += 1
        if steps == every:
            with open(log, "a") as file:
                file.write(how + "\n")
            if how == "signal":
                os.kill(os.getpid(), signal.SIGKILL)
            elif how == "exit":
                os._exit(3)
            elif how == "hang":
                time.sleep(3600)
            elif how == "babble":
                print('{"id":-1}', flush=True)
                continue
            reply |= {"error": {"code": "env_error", "message": "wheel off"}}
        else:
            shown = [[first, number + 1] for first, number in shown]
            reply |= {"obs": sum(shown, []), "reward": [1] * count, "ended": []}
    print(json.dumps(reply), flush=True)
    if request["op"] == "close":
        break
