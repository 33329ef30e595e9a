"""A policy server whose replies hold a line separator in a string and a carriage return between members."""

import json
import sys

for line in sys.stdin.buffer:
    request = json.loads(line)
    box = {"type": "Box", "shape": [4], "dtype": "float32", "low": "-Infinity", "high": "Infinity"}
    hello = {"version": 1, "role": "policy", "obs_space": box, "action_space": {"type": "Discrete", "n": 2}}
    more = {"hello": hello, "act": {"action": int(request.get("obs", [0] * 3)[2] > 0)}}.get(request["op"], {})
    text = json.dumps({"id": request["id"], "note": "a\u2028b\u0085c", **more}, ensure_ascii=False)
    sys.stdout.buffer.write(text.replace(", ", ",\r").encode() + b"\n")
    sys.stdout.flush()
    if request["op"] == "close":
        break
