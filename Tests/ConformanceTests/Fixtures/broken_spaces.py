"""The spaces of broken_server.py, and how their values are read and written; --zoo is for spaces of every kind."""
import base64, struct, sys

from breaking import BROKEN

ZOO = "--zoo" in sys.argv
UNBOUNDED = {"type": "Box", "shape": [2], "dtype": "float32", "low": "-Infinity", "high": "Infinity"}
WORD = {"type": "Text", "max_length": 5, "charset": "äb🎈"}
ANIMALS = [
    ["place", UNBOUNDED],
    ["count", {"type": "Box", "shape": [], "dtype": "uint64", "low": 0, "high": "18446744073709551615"}],
    ["flags", {"type": "Box", "shape": [2], "dtype": "bool", "low": 0, "high": 1}],
    ["small", {"type": "Box", "shape": [2, 2], "dtype": "int8", "low": -128, "high": [127, 127, 127, 127]}],
    ["choice", {"type": "Discrete", "n": 3, "start": -1}],
    ["bits", {"type": "MultiBinary", "shape": [3]}],
    ["levels", {"type": "MultiDiscrete", "shape": [2], "nvec": [2, 3]}],
    ["word", WORD],
    ["pair", {"type": "Tuple", "spaces": [{"type": "Discrete", "n": 2}, WORD]}],
    ["either", {"type": "OneOf", "spaces": [{"type": "Discrete", "n": 2}, UNBOUNDED]}],
    ["items", {"type": "Sequence", "space": {"type": "Discrete", "n": 40}}],
    ["net", {"type": "Graph", "node_space": UNBOUNDED, "edge_space": {"type": "Discrete", "n": 2}}],
]
BOX = {"type": "Box", "shape": [2], "dtype": "float32", "low": [2 if BROKEN == "10.3" else -1, -1], "high": [1, 2]}
SPACES = {
    "obs": {"type": "Dict", "spaces": ANIMALS} if ZOO else UNBOUNDED,
    "action": BOX if ZOO else {"type": "Discrete", "n": 3, "start": -1},
}


def pick(clause, wrong, right):
    return wrong if BROKEN == clause else right


class Walked:
    """Observations: the cell, and the part of the time that has passed."""

    def draw(self, cell, steps):
        if not ZOO:
            return (float(cell), steps / 32)
        small = [-128, pick("10.4", 300, 127), steps, 0]
        animals = {
            "place": [cell, pick("8.4", float("inf"), "Infinity")],
            "count": pick("9.2", [7], pick("8.3", 2**63, str(2**63))),
            "flags": pick("8.7", [False, True], [0, 1]),
            "small": pick("9.1", [small[:2], small[2:]], pick("9.3", small[:3], small)),
            "choice": pick("10.1", 2, -1), "bits": [0, 1, 1], "levels": [1, 2],
            "word": pick("10.5", "b" * 6, "ä🎈" * 2), "pair": [steps % 2, "b"], "either": [1, [0.5, "NaN"]],
            "items": list(range(steps % 4)),
            "net": {"nodes": [0, 1, 2, 3], "edges": [1], "edge_links": [0, pick("10.8", 9, 1)]},
        }
        if BROKEN == "10.6":
            del animals["bits"]
        return animals

    def flat(self, rows):
        return [number for row in rows for number in row]


class DiscreteAction:
    start, n = -1, 3

    def check(self, value, refusal, allows_b64=False):
        if allows_b64 and isinstance(value, dict):
            return
        if type(value) not in (int, float) or BROKEN == "8.2" and isinstance(value, float):
            raise refusal("bad_action", "an action is an integer")
        if BROKEN == "7.3.7" and value % 1 and -1 < value < 1:
            return
        if value % 1 or not self.start <= value < self.start + self.n:
            raise refusal("bad_action", f"action {value} is outside the space")

    def push(self, action):
        return int(action) if type(action) in (int, float) else 0

    def rows(self, action, count, refusal, allows_b64):
        if allows_b64 and isinstance(action, dict) and set(action) == {"b64"}:
            action = decode(action["b64"], "q", count, refusal)
        if not isinstance(action, list) or len(action) != count:
            raise refusal("bad_action", f"one action for each of {count}")
        return action


class BoxAction:
    def check(self, value, refusal, allows_b64=False):
        if not isinstance(value, list) or len(value) != 2:
            raise refusal("bad_action", "an action is two numbers")
        for number, low, high in zip(value, BOX["low"], BOX["high"]):
            if type(number) not in (int, float):
                raise refusal("bad_action", "an action is two numbers")
            if not low <= number <= high and BROKEN != "9.6":
                raise refusal("bad_action", f"{number} is out of bounds")

    def push(self, action):
        return action[0] / 2


def parse_float(text):
    return float(text.split("E")[0]) if BROKEN == "8.1" else float(text)


def decode(text, code, count, refusal):
    try:
        raw = base64.b64decode(text, validate=BROKEN != "13.3")
        if len(raw) != count * struct.calcsize(code):
            raise ValueError
        if base64.b64encode(raw).decode() != text and BROKEN != "13.3":
            raise ValueError
    except (ValueError, TypeError):
        raise refusal("bad_action", "broken base64")
    return list(struct.unpack(f"<{count}{code}", raw))


def codec_of(what):
    return Walked() if what == "obs" else BoxAction() if ZOO else DiscreteAction()
