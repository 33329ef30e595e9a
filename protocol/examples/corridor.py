#!/usr/bin/env python3
# Corridor: ten cells in a row. Walk to the last one in as few steps as you can.
#
#   observation  Box [1]: the cell, 0 to 9       action  Discrete 2: 0 left, 1 right
#   reward       -1 a step                       start   any cell but the last
#   end          terminated in cell 9, truncated after 50 steps       best mean return  -5
#
# A complete Gymwire 1 server (protocol/SPEC.md, section 1) on Python's standard library.
import json, random, sys

GOAL, LIMIT = 9, 50
HELLO = {"version": 1, "role": "env", "server": {"name": "corridor", "version": "1"},
         "spec": {"id": "Corridor-v1", "max_episode_steps": LIMIT},
         "obs_space": {"type": "Box", "shape": [1], "dtype": "float32", "low": 0, "high": GOAL},
         "action_space": {"type": "Discrete", "n": 2}}
ready, running, cell, steps = False, False, 0, 0

def is_integer(value, most=2**53 - 1):          # 1 and 1.0 are; 0.5, true, "1" and null are not
    return type(value) in (int, float) and 0 <= value <= most and value % 1 == 0

def refuse(code, message, **data):
    return {"error": {"code": code, "message": message, "data": data}}

def answer(request):
    global ready, running, cell, steps
    if not isinstance(request, dict):
        return refuse("bad_json", "the line is not a JSON object")
    op, seed, action = request.get("op"), request.get("seed"), request.get("action")
    if not is_integer(request.get("id")) or not isinstance(op, str):
        return refuse("bad_message", "a request needs an id and an op")
    if op == "hello" and (ready or not isinstance(request.get("versions"), list)):
        return refuse("bad_message", "hello comes once and needs versions")
    if op == "step" and "action" not in request:
        return refuse("bad_message", "step needs an action")
    if op not in ("hello", "reset", "step", "close"):
        return refuse("unknown_op", f"there is no op {op!r}")
    if op == "hello":
        ready = 1 in request["versions"]
        return HELLO if ready else refuse("unsupported_version", "this server speaks version 1", versions=[1])
    if not ready:
        return refuse("not_ready", "say hello first")
    if op == "close":
        return {}
    if op == "reset":
        if seed is not None and not is_integer(seed):
            return refuse("bad_seed", f"seed {seed!r} is not an integer from 0 to 2^53-1")
        if seed is not None:
            random.seed(int(seed))
        running, cell, steps = True, random.randrange(GOAL), 0
        return {"obs": [cell]}
    if not running:
        return refuse("needs_reset", "no episode is running: send reset before step")
    if not is_integer(action, 1):
        return refuse("bad_action", f"action {action!r} is outside Discrete(n=2)")
    cell, steps = max(0, cell + (1 if action == 1 else -1)), steps + 1
    running = cell < GOAL and steps < LIMIT
    return {"obs": [cell], "reward": -1, "terminated": cell == GOAL, "truncated": steps == LIMIT}

for line in sys.stdin.buffer:                   # bytes: text mode would also split at a lone carriage return
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    if not line.strip(b" \t"):                  # strip() would take more for blank than the protocol does
        continue
    try:
        request = json.loads(line.decode())     # of bytes, loads would take other encodings too
    except (ValueError, RecursionError):
        request = None
    reply = answer(request)
    request = request if isinstance(request, dict) else {}
    id = request["id"] if is_integer(request.get("id")) else None
    print(json.dumps({"id": id, **reply}), flush=True)
    if request.get("op") == "close" and "error" not in reply:
        break
