"""An environment server that is right in everything but one: what its first argument names.

    misbehave.py MODE [PID_FILE [STEP]]

It appends its process number to PID_FILE, and misbehaves at the STEP-th step (the third by default) where the mode is
about steps. Standard library only.
"""

import json
import os
import signal
import sys
import time

mode = sys.argv[1]
if len(sys.argv) > 2:
    with open(sys.argv[2], "a") as file:
        file.write(f"{os.getpid()}\n")
fatal_step = int(sys.argv[3]) if len(sys.argv) > 3 else 3

buffered = open(os.dup(1), "w", buffering=1 << 20) if mode == "never-flushes" else None


def write(text):
    if buffered:
        buffered.write(text)
        return
    data = text.encode()
    while data:
        data = data[os.write(1, data):]


def hello(request):
    reply = {
        "id": request["id"], "version": 1, "role": "env",
        "obs_space": {"type": "Box", "shape": [2], "low": -1, "high": 1}, "action_space": {"type": "Discrete", "n": 2},
    }
    if mode == "hangs-in-hello":
        print("looking for the license server", file=sys.stderr, flush=True)
        time.sleep(1000)
    elif mode == "version-99-refused":
        message = {"code": "unsupported_version", "message": "this server speaks version 99", "data": {"versions": [99]}}
        return {"id": request["id"], "error": message}
    elif mode == "version-99-answered":
        reply["version"] = 99
    elif mode == "role-policy":
        reply["role"] = "policy"
    elif mode == "unknown-space":
        reply["obs_space"] = {"type": "Dict", "spaces": [["camera", {"type": "Hologram", "shape": [3]}]]}
    elif mode == "text-observations":
        reply["obs_space"] = {"type": "Dict", "spaces": [["report", {"type": "Text", "max_length": 9}]]}
    elif mode == "sequence-actions":
        reply["action_space"] = {"type": "Sequence", "space": {"type": "Discrete", "n": 2}}
    elif mode == "floods-stderr":
        sys.stderr.write("x" * 1_000_000 + "\n")
    return without(reply, "hello")


def without(reply, phase):
    """The reply without the member that the mode names: missing-hello-version, missing-step-obs, ..."""
    name = mode.removeprefix(f"missing-{phase}-")
    return {key: value for key, value in reply.items() if key != name}


def step(request, number):
    reply = {"id": request["id"], "obs": [number / 1000, 0.5], "reward": 1, "terminated": False, "truncated": False}
    reply["terminated"] = number % 10 == 0
    if number < fatal_step:
        return reply
    if mode == "killed-in-step":
        os.kill(os.getpid(), signal.SIGKILL)
    elif mode == "exits-in-step":
        sys.exit("Traceback (most recent call last): ZeroDivisionError: division by zero")
    elif mode == "hangs-in-step":
        time.sleep(1000)
    elif mode == "glued-noise":
        write("loading track 7... ")
    elif mode == "wrong-id":
        reply["id"] += 1
    elif mode == "invalid-json":
        write('{"id":%d,"obs":[0.5,nan]}\n' % request["id"])
        return None
    elif mode == "not-an-object":
        write("[0.5, 0.5]\n")
        return None
    elif mode == "half-a-line":
        write('{"id":%d,"obs":[0.5,' % request["id"])
        sys.exit(1)
    elif mode == "short-observation":
        reply["obs"] = [0.5]
    elif mode == "nan-observation":
        reply["obs"] = [0.5, "NaN"]
    elif mode == "text-reward":
        reply["reward"] = "one"
    elif mode == "nan-reward":
        reply["reward"] = "NaN"
    elif mode == "refuses-action":
        return {"id": request["id"], "error": {"code": "bad_action", "message": "action 1 is outside Discrete(n=1)"}}
    elif mode == "environment-fails":
        error = {"code": "env_error", "message": "ValueError: wheel off", "data": {"type": "ValueError"}}
        return {"id": request["id"], "error": error}
    elif mode == "floods-stderr":
        sys.stderr.write("x" * 1_000_000 + "\n")
    return without(reply, "step")


def main():
    if mode == "exits-at-once":
        sys.exit("ModuleNotFoundError: No module named 'simulator'")
    if mode == "not-a-server":
        write("usage: simulate [--fast] TRACK\n")
        return
    if mode == "banner":
        write("pygame 2.6.1 (SDL 2.28.4, Python 3.12.3)\nHello from the pygame community.\n")
    number = 0
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "hello":
            reply = hello(request)
        elif request["op"] == "reset":
            reply = without({"id": request["id"], "obs": [0, 0.5]}, "reset")
        elif request["op"] == "step":
            number += 1
            reply = step(request, number)
        else:
            write(json.dumps({"id": request["id"]}) + "\n")
            return
        if reply is not None:
            write(json.dumps(reply) + "\n")


main()
