"""Counts with whoever drives it, and takes its time in one of its processes: paced.py LOCK LOG MILLISECONDS

It speaks batch. The n-th episode of a sub-environment, from 0, has 4 + n % 5 steps that earn 1 + n % 3 each, so that its
return is known. The process that gets LOCK first sleeps before it answers a step. LOG gets the return of each episode whose
end the driver has read, which is known when it asks for more. Standard library only.
"""

import fcntl
import json
import sys
import time

lock, log = open(sys.argv[1], "a"), open(sys.argv[2], "a", buffering=1)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    delay = float(sys.argv[3]) / 1000
except OSError:
    delay = 0
count, episodes, steps, ended = 1, [0], [0], []
for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    log.write("".join(f"{total}\n" for total in ended))
    ended = []
    if request["op"] == "hello":
        count = request["want"]["num_envs"]
        reply |= {"version": 1, "role": "env", "features": ["batch"], "num_envs": count,
                  "obs_space": {"type": "Box", "shape": [2], "low": 0, "high": 100},
                  "action_space": {"type": "Discrete", "n": 2}}
    elif request["op"] == "reset":
        episodes, steps = [0] * count, [0] * count
        reply |= {"obs": [number for row in range(count) for number in (0, 0)]}
    elif request["op"] == "step":
        time.sleep(delay)
        rewards, finals = [], []
        for row in range(count):
            steps[row] += 1
            rewards.append(1 + episodes[row] % 3)
            length = 4 + episodes[row] % 5
            if steps[row] == length:
                ended.append(rewards[row] * length)
                finals.append({"env": row, "terminated": True, "truncated": False,
                               "final_obs": [episodes[row] % 15, steps[row]]})
                episodes[row], steps[row] = episodes[row] + 1, 0
        shown = [number for row in range(count) for number in (episodes[row] % 15, steps[row])]
        reply |= {"obs": shown, "reward": rewards, "ended": finals}
    print(json.dumps(reply), flush=True)
    if request["op"] == "close":
        break
