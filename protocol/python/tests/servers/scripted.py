"""A server whose answer to a step is written by its argument: a list of pieces, or of `[seconds, piece, times]`.

In a piece `<id>` stands for the request's id, and `<reply>` for a whole good reply. A last pair `[seconds, null]` repeats
all from the start for so long.
"""

import json
import sys
import time

script = [piece if isinstance(piece, list) else [0, piece] for piece in json.loads(sys.argv[1])]
script = [piece if len(piece) > 2 else [*piece, 1] for piece in script]
hello = {
    "version": 1,
    "role": "env",
    "obs_space": {"type": "Box", "shape": [2], "dtype": "float32", "low": -9, "high": 9},
    "action_space": {"type": "Discrete", "n": 2},
    **(json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}),
}
good = '{"id":<id>,"obs":[0.5,1],"reward":1,"terminated":false,"truncated":false}'


def write(number, begun):
    for seconds, piece, times in script:
        if piece is None:
            return time.monotonic() - begun < seconds
        time.sleep(seconds)
        text = times * piece.replace("<reply>", good).replace("<id>", number)
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
    return False


for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"]}
    if request["op"] == "hello":
        reply |= hello
    if request["op"] == "reset":
        reply["obs"] = [0, 1]
    if request["op"] == "step":
        begun = time.monotonic()
        while write(str(request["id"]), begun):
            pass
        continue
    print(json.dumps(reply), flush=True)
    if request["op"] == "close":
        break
