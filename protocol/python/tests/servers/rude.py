"""A complete small server that misbehaves in the way its argument names."""

import json
import os
import signal
import subprocess
import sys
import time

how = sys.argv[1] if len(sys.argv) > 1 else "well"
SPACES = {
    "obs_space": {"type": "Box", "shape": [2], "dtype": "float32", "low": -9, "high": 9, "stranger": 1},
    "action_space": {"type": "Discrete", "n": 2},
}


def send(text, end="\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()


if how == "exit at once":
    print("Traceback: no module named sim", file=sys.stderr)
    sys.exit(3)
if how == "hang in hello":
    time.sleep(3600)
if how == "banner":
    send("pygame 2.6 (SDL 2.30)\nHello from the pygame community.\n\n")
if how == "no end":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    op = request["op"]
    if op == "hello":
        reply |= {"version": 1, "role": "env", **SPACES}
        if how == "version":
            reply = {
                "id": request["id"],
                "error": {"code": "unsupported_version", "message": "only 99", "data": {"versions": [99]}},
            }
        if how == "role":
            reply["role"] = "policy"
        if how == "space":
            reply["obs_space"] = {"type": "Dict", "spaces": [["camera", {"type": "Hologram"}]]}
        if how == "features":
            reply["features"] = ["batch", "x-mine"]
        if how == "nested":
            reply["obs_space"] |= {"shape": [2]}
    elif op == "reset":
        reply |= {"obs": [0, 1]}
    elif op == "step":
        reply |= {"obs": [0.5, 1], "reward": 1, "terminated": False, "truncated": False}
        match how:
            case "signal":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "hang in step":
                time.sleep(3600)
            case "glued":
                send("loading 50%", end="")
            case "id":
                reply["id"] += 1
            case "id null":
                reply = {"id": None, "error": {"code": "x-strange", "message": "I lost my place"}}
            case "not json":
                send('{"id":2,"obs":[0.5,')
                continue
            case "half a line":
                send('{"id":2,"obs":[0.5,', end="")
                sys.exit(0)
            case "no newline":
                send(json.dumps(reply), end="")
                sys.exit(0)
            case "missing":
                del reply["reward"]
            case "length":
                reply["obs"] = [0.5]
            case "flag":
                reply["terminated"] = 0
            case "reward":
                reply["reward"] = "a lot"
            case "bare nan":
                reply["reward"], reply["obs"] = float("nan"), [float("inf"), 0]
            case "nan":
                reply["obs"] = ["NaN", 1]
            case "nested":
                reply["obs"] = [[0.5, 1]]
            case "stderr":
                sys.stderr.write("y" * 1_000_000 + "\nlast words\n")
            case "notify":
                for _ in range(3):
                    time.sleep(0.3)
                    send('{"op":"progress","text":"loading map"}')
                    send('{"op":"x-unknown","much":[1,2]}')
                send('{"op":"log","level":"warning","text":"no checkpoints"}')
            case "notify for ever":
                while True:
                    time.sleep(0.1)
                    send('{"op":"progress","text":"..."}')
            case "mask":
                reply["action_mask"] = [0, 0]
            case "fatal":
                reply = {"id": reply["id"], "error": {"code": "internal", "message": "out of fuel", "fatal": True}}
            case "grandchild":
                subprocess.Popen(["sleep", "3600"])
                os._exit(9)
            case "never flushes":
                sys.stdout.write(json.dumps(reply) + "\n")
                time.sleep(3600)
            case "unicode":
                reply["info"] = {"text": "a\u2028b\u0085c\rd", "nan": "NaN", "b64": {"b64": "AAAA"}, "x": None}
                send(json.dumps(reply, ensure_ascii=False), end="\r\n")
                continue
    elif op == "close" and how in ("no end", "grandchild"):
        time.sleep(3600)
    send(json.dumps(reply))
    if op == "close":
        break
