"""A policy server that is right in everything but one: what its first argument names.

    misbehave_policy.py MODE [PID_FILE]

It takes any spaces, answers one observation at a time, and always chooses 1. It misbehaves at the third act where the
mode is about acts. Standard library only.
"""

import json
import os
import sys
import time

mode = sys.argv[1]
if len(sys.argv) > 2:
    with open(sys.argv[2], "a") as file:
        file.write(f"{os.getpid()}\n")
acts = 0
for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    if request["op"] == "hello":
        if mode == "exits-at-once":
            sys.exit("ModuleNotFoundError: No module named 'brain'")
        if mode == "hangs-in-hello":
            time.sleep(1000)
        reply |= {"version": 1, "role": "env" if mode == "role-env" else "policy"}
        reply |= {name: request["want"][name] for name in ("obs_space", "action_space")}
        if mode == "other-spaces":
            reply["action_space"] = {"type": "Discrete", "n": 3}
        if mode == "refuses-spaces":
            reply = {"id": request["id"], "error": {"code": "unsupported_space", "message": "only images are seen"}}
        if mode == "masks":
            reply["features"] = ["mask"]
    elif request["op"] == "act":
        acts += 1
        reply["action"] = 1
        if mode == "masks":
            reply["action"] = 1 + max(index for index, number in enumerate(request["action_mask"]) if number)
        if acts == 3:
            if mode == "exits-in-act":
                sys.exit("ZeroDivisionError: division by zero")
            if mode == "hangs-in-act":
                time.sleep(1000)
            if mode == "wrong-id":
                reply["id"] += 1
            if mode == "no-action":
                del reply["action"]
            if mode == "no-such-action":
                reply["action"] = 7
            if mode == "half-an-action":
                reply["action"] = 0.5
            if mode == "refuses":
                reply = {"id": request["id"], "error": {"code": "bad_message", "message": "that is no observation"}}
    print(json.dumps(reply), flush=True)
    if request["op"] == "close":
        break
