"""A policy server with spaces of two numbers and three choices, that picks the sign of the first number plus a seed."""

import base64
import json
import struct
import sys

batched = "--batch" in sys.argv
assert sys.argv[1] == "serve"
print("policy from", sys.argv[2], file=sys.stderr)
for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    if request["op"] == "hello":
        reply |= {
            "version": 1,
            "role": "policy",
            "obs_space": {"type": "Box", "shape": [2], "dtype": "float32", "low": -9, "high": 9},
            "action_space": {"type": "Discrete", "n": 3},
        }
        if batched:
            reply["features"] = ["batch", "b64"]
    elif request["op"] == "act":
        obs = request["obs"]
        if isinstance(obs, dict):
            raw = base64.b64decode(obs["b64"])
            obs = list(struct.unpack(f"<{len(raw) // 4}f", raw))
        noise = 0 if request["deterministic"] else request.get("seed", 0) % 2
        rows = [int(obs[2 * row] > 0) + noise for row in range(request.get("n", 1))]
        reply["action"] = rows if "n" in request else rows[0]
    print(json.dumps(reply), flush=True)
    if request["op"] == "close":
        break
