"""The spaces of broken_server.py, and how their values are read and written."""
import base64, struct, sys

NAME = sys.argv[sys.argv.index("--actions") + 1] if "--actions" in sys.argv else "Discrete"
ACTIONS = {
    "Discrete": {"type": "Discrete", "n": 3, "start": -1},
    "Box": {"type": "Box", "shape": [2], "dtype": "float32", "low": -1, "high": [1, 2]},
}
SPACES = {
    "obs": {"type": "Box", "shape": [2], "dtype": "float32", "low": "-Infinity", "high": "Infinity"},
    "action": ACTIONS[NAME],
}


class Walked:
    """Observations: the cell, and the part of the time that has passed."""

    def draw(self, cell, steps):
        return (float(cell), steps / 32)

    def flat(self, rows):
        return [number for row in rows for number in row]


class DiscreteAction:
    start, n = -1, 3

    def check(self, value, refusal, allows_b64=False):
        if allows_b64 and isinstance(value, dict):
            return
        is_number = type(value) in (int, float)
        if "7.3.7" in sys.argv and isinstance(value, float) and value % 1 and -1 < value < 1:
            return
        if not is_number or value % 1 or not self.start <= value < self.start + self.n:
            raise refusal("bad_action", f"action {value} is outside the space")

    def push(self, action):
        return int(action) if type(action) in (int, float) else 0

    def rows(self, action, count, refusal, allows_b64):
        if allows_b64 and isinstance(action, dict) and set(action) == {"b64"}:
            action = decode(action["b64"], "q", count, refusal)
        if not isinstance(action, list) or len(action) != count:
            raise refusal("bad_action", f"one action for each of {count}")
        return action


def decode(text, code, count, refusal):
    try:
        raw = base64.b64decode(text, validate=True)
        if len(raw) != count * struct.calcsize(code) or base64.b64encode(raw).decode() != text:
            raise ValueError
    except (ValueError, TypeError):
        raise refusal("bad_action", "broken base64")
    return list(struct.unpack(f"<{count}{code}", raw))


def codec_of(what):
    return {"obs": Walked(), "action": DiscreteAction()}[what]
