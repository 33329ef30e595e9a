#!/usr/bin/env python3
# Rule: a policy that nobody has trained. In the corridor of corridor.py it mostly walks right, the surer the farther.
#
# A complete Gymwire 1 server of role policy (protocol/SPEC.md, section 16) on Python's standard library, with the
# features batch and mask.
import json, math, random, sys

CELLS, LONGEST, GREATEST = 10, 65536, 2**53 - 1
SPACES = {"obs_space": {"type": "Box", "shape": [1], "dtype": "float32", "low": 0, "high": CELLS - 1},
          "action_space": {"type": "Discrete", "n": 2}}
HELLO = {"version": 1, "role": "policy", "server": {"name": "rule", "version": "1"}, "max_line": LONGEST, **SPACES}
NEEDS = {"hello": "versions", "act": "obs", "reload": None, "close": None}
features, longest_reply, chance = None, 67108864, random.Random()

def is_number(value):                           # finite, also once it is a float32
    return type(value) in (int, float) and abs(value) <= 3.4028235e38

def is_integer(value, least=0, most=GREATEST):  # 1 and 1.0 are; 0.5, true, "1" and null are not
    return type(value) in (int, float) and least <= value <= most and value % 1 == 0

def error(code, message, **data):
    return {"error": {"code": code, "message": message, "data": data}}

def is_same(wanted, own):                       # bounds of observations are not compared (16.3)
    if not isinstance(wanted, dict) or wanted.get("type") != own["type"]:
        return False
    if own["type"] == "Discrete":
        return (wanted.get("n"), wanted.get("start") or 0, wanted.get("dtype") or "int64") == (own["n"], 0, "int64")
    return (wanted.get("shape"), wanted.get("dtype") or "float32") == (own["shape"], own["dtype"])

def hello(request):
    global features, longest_reply
    absent = lambda name, default: default if request.get(name) is None else request[name]
    want, asked, longest = absent("want", {}), absent("features", []), request.get("max_line")
    if features is not None:
        return error("bad_message", "hello comes once")
    if not isinstance(request["versions"], list) or not all(map(is_integer, request["versions"])):
        return error("bad_message", "versions is a list of integers")
    if not isinstance(asked, list) or not all(isinstance(name, str) for name in asked):
        return error("bad_message", "features is a list of names")
    if not isinstance(want, dict) or not isinstance(absent("client", {}), dict):
        return error("bad_message", "want and client are objects")
    if longest is not None and not is_integer(longest, 65536):
        return error("bad_message", "max_line is at least 65536")
    if 1 not in request["versions"]:
        return error("unsupported_version", "this server speaks version 1", versions=[1])
    for name, own in SPACES.items():
        if want.get(name) is not None and not is_same(want[name], own):
            return error("unsupported_space", f"{name} is {json.dumps(own)} here")
    features, longest_reply = [name for name in asked if name in ("batch", "mask")], longest or longest_reply
    return {**HELLO, "features": features}

def act(request):
    is_batched = "batch" in features and request.get("n") is not None
    rows, seed, obs = request["n"] if is_batched else 1, request.get("seed"), request["obs"]
    mask, sure = request.get("action_mask") if "mask" in features else None, request.get("deterministic")
    if not is_integer(rows, 1):
        return error("bad_message", "n is an integer of at least 1")
    if not isinstance(obs, list) or len(obs) != rows or not all(map(is_number, obs)):
        return error("bad_message", f"obs is not {rows} numbers")
    if sure not in (True, False, None) or isinstance(sure, (int, float)) and type(sure) is not bool:
        return error("bad_message", "deterministic is true or false")
    mask = [1, 1] * int(rows) if mask is None else mask
    if (not isinstance(mask, list) or len(mask) != 2 * rows or not all(is_integer(one, 0, 1) for one in mask)
            or not all(left or right for left, right in zip(mask[::2], mask[1::2]))):
        return error("bad_message", "action_mask has two numbers for each row, of which one is 1")
    if seed is not None and not (is_integer(seed) and seed + rows - 1 <= GREATEST):
        return error("bad_seed", "a seed is an integer from 0 to 2^53-1")
    actions, logps = zip(*(choose(obs[row], mask[2 * row:2 * row + 2], sure, None if seed is None else int(seed) + row)
                           for row in range(int(rows))))
    reply = {"action": actions, "logp": logps} if is_batched else {"action": actions[0], "logp": logps[0]}
    return {**reply, "policy_version": 1}

def choose(cell, mask, sure, seed):
    right = 1 / (1 + math.exp(-min(0.2 * cell, 50))) if cell > -250 else 0.0
    right = right if mask == [1, 1] else float(mask[1])
    draw = (chance if seed is None else random.Random(seed)).random()
    action = int(right >= 0.5 if sure else draw < right)
    return action, math.log(max(right if action == 1 else 1 - right, 1e-300))

def answer(request):
    if not isinstance(request, dict):
        return error("bad_json", "the line is not a JSON object")
    op = request.get("op")
    if not is_integer(request.get("id")) or not isinstance(op, str):
        return error("bad_message", "a request needs an id and an op")
    if NEEDS.get(op) and request.get(NEEDS[op]) is None:
        return error("bad_message", f"{op} needs {NEEDS[op]}")
    if op not in NEEDS:
        return error("unknown_op", f"there is no op {op!r}")
    if op == "hello":
        return hello(request)
    if features is None:
        return error("not_ready", "say hello first")
    if op == "act":
        return act(request)
    return {"updated": False, "policy_version": 1} if op == "reload" else {}

def parse(line):
    try:
        request = json.loads(line.decode())     # of bytes, loads would take other encodings too
        json.dumps(request, ensure_ascii=False).encode()    # half a surrogate pair has no bytes
        return request if line.startswith(b"{") else None
    except (ValueError, RecursionError):
        return None

def lines():                                    # None stands for a line that is too long
    while line := sys.stdin.buffer.readline(LONGEST + 2):
        whole, is_long = line.removesuffix(b"\n").removesuffix(b"\r"), False
        while not line.endswith(b"\n") and len(line) == LONGEST + 2:
            line, is_long = sys.stdin.buffer.readline(LONGEST + 2), True
        if line.endswith(b"\n") or not is_long and parse(whole) is not None:
            yield None if is_long or len(whole) > LONGEST else whole

for line in lines():
    if line is not None and not line.strip(b" \t"):
        continue
    request = None if line is None else parse(line)
    reply = error("too_large", f"the line is longer than {LONGEST} bytes") if line is None else answer(request)
    request = request if isinstance(request, dict) else {}
    id = int(request["id"]) if is_integer(request.get("id")) else None
    text = json.dumps({"id": id, **reply})
    if len(text) > longest_reply:
        text = json.dumps({"id": id, **error("too_large", "the reply would be longer than your max_line")})
    print(text, flush=True)
    if request.get("op") == "close" and "error" not in reply:
        break
