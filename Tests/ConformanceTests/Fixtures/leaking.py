"""A server of one environment that keeps a megabyte of each step: leaking.py LOG

An episode has twenty steps. At its end it adds to LOG how many steps it has made. Standard library only.
"""

import json
import random
import sys

kept, steps, step = [], 0, 0
for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    if request["op"] == "hello":
        reply |= {"version": 1, "role": "env", "obs_space": {"type": "Box", "shape": [1], "low": 0, "high": 1},
                  "action_space": {"type": "Discrete", "n": 2}}
    elif request["op"] == "reset":
        random.seed(request.get("seed"))
        step = 0
        reply |= {"obs": [random.random()]}
    elif request["op"] == "step":
        step, steps = step + 1, steps + 1
        kept.append(b"x" * (1 << 20))
        reply |= {"obs": [random.random()], "reward": 1, "terminated": False, "truncated": step == 20}
    print(json.dumps(reply), flush=True)
    if request["op"] == "close":
        break
with open(sys.argv[1], "a") as file:
    file.write(f"{steps}\n")
