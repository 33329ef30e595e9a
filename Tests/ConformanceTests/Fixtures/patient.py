"""Counts with whoever drives it, and waits at one place until the others have been stepped: patient.py DIRECTORY PLACE [alone|unseen]

PLACE is `failure`: one of four processes dies at its 20th step, and the one in its place waits before it answers hello;
`start`: the one that takes the place of the process with two sub-environments waits there; `close`: the process with two
sub-environments waits before it ends; `reset`: one process waits before it answers a reset without a seed. DIRECTORY/waited
gets one line: how many steps the others have made meanwhile, who wait after some steps in turn.

The n-th episode of a sub-environment has 4 + n % 5 steps that earn 1 + n % 3 each, so that its return is known; they are
counted from its index. DIRECTORY/returns gets the return of each episode that has ended or that a reset has cut, once the
driver asks for the next step; but none that a reset has cut where those are `unseen`. It speaks batch, unless it is to be
`alone`. Standard library only.
"""

import json
import os
import sys
import time

directory, place = sys.argv[1], sys.argv[2]
PROCESSES = 4


def path(name):
    return os.path.join(directory, name)


def number_of_this():
    for number in range(1000):
        try:
            os.mkdir(path(f"life.{number}"))
            return number
        except FileExistsError:
            continue


def steps():
    return os.path.getsize(path("steps"))


def wait_until(condition, limit):
    end = time.monotonic() + limit
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)


def announce():
    """Tells the others that somebody is to wait for them, and how many steps there are."""
    with open(path("begun"), "a") as file:
        file.write(f"{steps()}\n")


def wait(enough=40, limit=20.0):
    with open(path("begun")) as file:
        begun = int(file.readline())
    wait_until(lambda: steps() >= begun + enough, limit)
    with open(path("waited"), "a") as file:
        file.write(f"{steps() - begun}\n")


life = number_of_this()
counter = open(path("steps"), "ab", buffering=0)
returns = open(path("returns"), "a", buffering=1)
count, batched, episodes, times, ended, made, has_waited = 1, False, [], [], [], 0, False
made_since = 0
for line in sys.stdin:
    request = json.loads(line)
    operation, reply = request["op"], {"id": request["id"]}
    if operation in ("step", "close"):
        returns.write("".join(f"{total}\n" for total in ended))
        ended = []
    if operation == "hello":
        reply |= {"version": 1, "role": "env", "obs_space": {"type": "Box", "shape": [2], "low": 0, "high": 100},
                  "action_space": {"type": "Discrete", "n": 2}}
        if "batch" in request["features"] and sys.argv[3:] != ["alone"]:
            batched, count = True, request["want"]["num_envs"]
            reply |= {"features": ["batch"], "num_envs": count}
        episodes, times = list(range(count)), [0] * count
        chosen = count == 2 if place in ("start", "close") else life in (0, PROCESSES)
        is_second = life >= PROCESSES
        if chosen and is_second and place in ("failure", "start") and not os.path.exists(path("waited")):
            wait()
    elif operation == "reset":
        addressed = request.get("envs", range(count))
        if chosen and place == "reset" and request.get("seed") is None and not has_waited:
            has_waited = True
            announce()
            wait()
        if chosen and (is_second or has_waited):
            open(path("back"), "a").close()
        for row in addressed:
            if request.get("seed") is not None:
                episodes[row] = row
            elif times[row] > 0:
                if sys.argv[3:] != ["unseen"]:
                    ended.append(times[row] * (1 + episodes[row] % 3))
                episodes[row] += 1
            times[row] = 0
        reply |= {"obs": [number for row in addressed for number in (episodes[row] % 15, 0)]}
    elif operation == "step":
        counter.write(b".")
        made += 1
        if chosen and not is_second and place == "failure" and made == 20:
            announce()
            os._exit(3)
        if place in ("start", "close") and not chosen and made > 200:
            # The other one is to be replaced first, however slow it is.
            wait_until(lambda: os.path.exists(path("begun")), 20)
        made_since += os.path.exists(path("begun"))
        if made_since > 20:
            wait_until(lambda: os.path.exists(path("back")), 20)
        rewards, finals = [], []
        for row in range(count):
            times[row] += 1
            rewards.append(1 + episodes[row] % 3)
            length = 4 + episodes[row] % 5
            if times[row] == length:
                ended.append(rewards[row] * length)
                finals.append({"env": row, "terminated": True, "truncated": False,
                               "final_obs": [episodes[row] % 15, length]})
                episodes[row], times[row] = episodes[row] + 1, 0
        shown = [number for row in range(count) for number in (episodes[row] % 15, times[row])]
        if batched:
            reply |= {"obs": shown, "reward": rewards, "ended": finals}
        else:
            shown = finals[0]["final_obs"] if finals else shown
            reply |= {"obs": shown, "reward": rewards[0], "terminated": bool(finals), "truncated": False}
    print(json.dumps(reply), flush=True)
    if operation == "close":
        if chosen and not is_second and place in ("start", "close"):
            announce()
        if chosen and not is_second and place == "close":
            # The driver gives a process two seconds to end.
            wait(10, 1.5)
        break
