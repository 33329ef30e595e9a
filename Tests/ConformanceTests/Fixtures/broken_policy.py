#!/usr/bin/env python3
"""A complete policy server, or learner, and with --break CLAUSE one that breaks that clause and no other.

    broken_policy.py [--learner] [--box] [--break CLAUSE]

The policy looks at the sum of the observation, in a session at the mean of the last two. The learner updates after every fifth episode, and learns nothing.
"""
import base64, json, math, random, struct, sys

from breaking import GREATEST, Refusal, broken, is_integer
from broken_server import LONGEST, Server, lines

LEARNER, BOX = "--learner" in sys.argv, "--box" in sys.argv
OBS = {"type": "Box", "shape": [3], "dtype": "float32", "low": -1, "high": 1}
ACTION = ({"type": "Box", "shape": [2], "dtype": "float32", "low": -1, "high": 1} if BOX
          else {"type": "Discrete", "n": 2 if LEARNER else 3})
CHOICES = ACTION.get("n", 0)
OPS = ["hello", "act", "close"] + (["begin", "log_action", "end", "abandon", "save"] if LEARNER else ["reload"])
NEEDS = {"hello": ["versions"], "act": ["obs"], "begin": ["session"], "log_action": ["session", "obs", "action"],
         "end": ["session", "obs", "reward", "terminated", "truncated"], "abandon": ["session"]}


def is_number(value):
    return type(value) in (int, float) and math.isfinite(value) and abs(value) < 3.4028235677973366e38


features, spaces, sessions, latest, version, ended = None, None, {}, {}, 1, 0
longest_reply = 67108864
entropy, seen = random.Random(), set()


def numbers(value, count):
    """The rows of an observation."""
    if isinstance(value, dict) and set(value) == {"b64"} and "b64" in features:
        try:
            raw = base64.b64decode(value["b64"], validate=True)
            value = list(struct.unpack(f"{'>' if broken('13.2') else '<'}{count * 3}f", raw))
        except (ValueError, TypeError, struct.error):
            raise Refusal("internal" if broken("13.5") else "bad_message", "broken bytes")
    if not isinstance(value, list) or len(value) != 3 * count:
        raise Refusal("bad_message", "an observation is three numbers")
    if not all(map(is_number, value)) and not (broken("16.2") and "NaN" in value):
        raise Refusal("bad_message", "an observation is numbers")
    value = [struct.unpack("f", struct.pack("f", number))[0] if is_number(number) else 0 for number in value]
    return [value[3 * row: 3 * row + 3] for row in range(count)]


def choose(row, deterministic, seed, mask):
    """An action, its log-probability and the value of one row."""
    seen.add(tuple(row))
    score = sum(row)
    value = score + (len(seen) if broken("16.6") else 0)
    if broken("16.5") and seed is not None:
        entropy.seed(seed)
    is_ignored = seed is None or seed == 3 and broken("16.5") or broken("16.5-all")
    drawer = entropy if is_ignored else random.Random(seed)
    deterministic = deterministic and not broken("16.4")
    if BOX:
        mean = score / 2
        noise = [0 if deterministic else drawer.gauss(0, 1) for _ in range(2)]
        action = [mean + one for one in noise]
        logp = -sum(one * one for one in noise) / 2 - math.log(2 * math.pi)
        return action if broken("16.7") else [max(-1.0, min(1.0, one)) for one in action], logp, value
    choices = [choice for choice in range(CHOICES) if mask is None or mask[choice] or broken("16.9")]
    if deterministic:
        return choices[int(abs(score) * 10) % len(choices)], -math.log(len(choices)), value
    return drawer.choice(choices), -math.log(len(choices)), value


def is_same(want, space):
    """Whether spaces agree; bounds of observations do not matter."""
    if want.get("type") != space["type"] or (want.get("start") or 0) != 0:
        return False
    if space["type"] == "Discrete":
        return want.get("n") == CHOICES and want.get("dtype", "int64") == "int64"
    bounds = [bound if isinstance(bound, list) else [bound] * 2 for bound in (want.get("low"), want.get("high"))]
    is_action = space is ACTION
    return (want.get("shape"), want.get("dtype", "float32")) == (space["shape"], "float32") and (
        not is_action or bounds == [[-1, -1], [1, 1]])


def act(request, count=None, name=None):
    rows = numbers(request["obs"], count or 1)
    seen_now, place = rows[0], "" if broken("16.13") or broken("17.16") else name
    if name is not None:
        rows = [[(a + b) / 2 for a, b in zip(rows[0], latest.get(place, rows[0]))]]
    seed, mask = request.get("seed"), request.get("action_mask") if "mask" in features else None
    if request.get("deterministic") not in (True, False, None) or type(request.get("deterministic")) in (int, float) and (
            not broken("7.3.3")):
        raise Refusal("bad_message", "deterministic is true or false")
    masks = [mask] * len(rows)
    if mask is not None:
        if not isinstance(mask, list) or len(mask) != CHOICES * len(rows) or not all(one in (0, 1) for one in mask):
            raise Refusal("bad_message", "a mask has a number for each choice")
        masks = [mask[row * CHOICES:(row + 1) * CHOICES] for row in range(len(rows))]
        if not all(map(any, masks)):
            raise Refusal("bad_message", "a mask leaves one choice")
    if broken("16.12") and "deterministic" in request and is_integer(seed) and 0 <= seed <= GREATEST:
        raise Refusal("bad_message", "either, and not both")
    if broken("7.3.8-deterministic") and request.get("deterministic"):
        seed = None
    if broken("7.3.8") and type(seed) is float:
        seed = int(seed)
    if seed is not None and (not is_integer(seed) or seed + (count or 1) - 1 > GREATEST):
        raise Refusal("bad_seed", "no seed")
    outcome = [choose(row, request.get("deterministic") is True,
                      None if seed is None else int(seed) + (0 if broken("16.8") else place), masks[place])
               for place, row in enumerate(rows)]
    actions, logps, values = (list(column) for column in zip(*outcome))
    if name is not None:
        latest[place] = seen_now
    if count is None:
        return {"action": actions[0], "logp": [0] if broken("16.1") else logps[0], "value": values[0],
                "policy_version": version}
    if BOX:
        actions = [one for action in actions for one in action]
    return {"action": actions, "logp": logps, "value": values, "policy_version": version}


def session(request):
    name = request["session"]
    if name not in sessions:
        raise Refusal("bad_message", "there is no such session")
    return name


def reward(request, is_first):
    earned = request.get("reward")
    if (earned is not None) == is_first and not broken("17.3"):
        raise Refusal("bad_message", "reward comes with every act but the first")
    if earned is not None and not is_number(earned) and not broken("17.3"):
        raise Refusal("bad_message", "a reward is a number")


def serve(op, request):
    global features, version, ended, longest_reply
    if op == "hello":
        if features is not None and not broken("5.4"):
            raise Refusal("bad_message", "hello comes once")
        absent = lambda name, default: default if request.get(name) is None else request[name]
        versions, asked, want = request["versions"], absent("features", []), absent("want", {})
        if not isinstance(versions, list) or not all(map(is_integer, versions)):
            raise Refusal("bad_message", "versions is a list of integers")
        if not isinstance(asked, list) or not all(isinstance(name, str) for name in asked):
            raise Refusal("bad_message", "features is a list of names")
        if not isinstance(want, dict) or not isinstance(absent("client", {}), dict):
            raise Refusal("bad_message", "want and client are objects")
        if request.get("max_line") is not None and not is_integer(request["max_line"], 65536):
            raise Refusal("bad_message", "max_line is at least 65536")
        if 1 not in versions and not (broken("5.3") and not versions):
            raise Refusal("bad_action" if broken("5.2") and versions else "unsupported_version", versions=[1])
        for name, space in ("obs_space", OBS), ("action_space", ACTION):
            if not LEARNER and want.get(name) and not is_same(want[name], space) and not broken("16.3"):
                raise Refusal("unsupported_space", f"{name} is another")
        if LEARNER and "obs_space" not in want:
            raise Refusal("unsupported_space", "name the spaces")
        longest_reply = request.get("max_line") or longest_reply
        known = ("batch", "b64", "mask") if LEARNER else ("batch", "b64", "mask", "session")
        features = [name for name in asked if name in known or broken("5.5")]
        return {"version": versions[0] if broken("5.1") and versions else 1, "max_line": LONGEST, "role": "learner" if LEARNER else "policy", "features": features,
                "obs_space": OBS, "action_space": ACTION}
    if features is None:
        raise Refusal("bad_message" if broken("7.3.5") else "not_ready", "hello first")
    if op == "act":
        count = request.get("n") if "batch" in features or broken("5.8") else None
        if count is not None and (not is_integer(count, 1) or broken("8.2") and isinstance(count, float)):
            raise Refusal("bad_message", "n is at least 1")
        count = None if count is None else int(count)
        if request.get("session") is None or not (LEARNER or "session" in features):
            return act(request, count)
        if count is not None and not broken("17.5"):
            raise Refusal("bad_message", "n and session exclude each other")
        name = session(request)
        if LEARNER:
            reward(request, not sessions.get(name))
        reply = act(request, count, None if count else name)
        sessions[name] = True
        if broken("17.8"):
            version += 1
        return reply
    if op == "begin":
        name = request["session"]
        limit = 70 if broken("17.1") else 64
        if not isinstance(name, str) or not 0 < len(name.encode()) <= limit or name in sessions and not broken("17.2"):
            raise Refusal("bad_message", "no name for a session")
        sessions[name] = False
        return {}
    if op == "log_action":
        name = session(request)
        action = request["action"]
        reward(request, not sessions.get(name))
        if not broken("17.6") and not is_integer(action, 0, CHOICES - 1):
            raise Refusal("bad_action", "no such action")
        sessions[name] = True
        return {"policy_version": version}
    if op == "end":
        name = session(request)
        flags = request["terminated"], request["truncated"]
        if not all(type(flag) is bool for flag in flags) or not any(flags) and not broken("17.4"):
            raise Refusal("bad_message", "one of the flags is true")
        if sessions.get(name):
            reward(request, False)
        numbers(request["obs"], 1)
        if not (broken("17.10") and request["truncated"]):
            sessions.pop(name, None)
            latest.pop(name, None)
        ended += 1
        updated = ended % 5 == 0
        version += updated
        return {"updated": updated, "policy_version": version}
    if op == "abandon":
        name = session(request)
        if not broken("17.7") or sessions.get(name):
            sessions.pop(name, None)
            latest.pop(name, None)
        return {}
    if op == "save":
        return {} if broken("17.11") else {"path": "policy.json"}
    if op == "reload":
        return {"updated": broken("16.10"), "policy_version": version}
    return {}


def answer(line):
    try:
        request = Server.parse(None, line)
    except Refusal as refusal:
        return {"id": None} | refusal.reply
    id, op = request.get("id"), request.get("op")
    if broken("7.10") and isinstance(id, dict):
        sys.exit(3)
    id = id if is_integer(id) else 0 if broken("4.4") else None
    if broken("4.2") and id is not None:
        id = int(id) & 0xFFFFFFFF
    try:
        if not is_integer(request.get("id")) or not isinstance(op, str):
            raise Refusal("unknown_op" if broken("3.6") and op == "log" else "bad_message")
        if op not in OPS + (["begin", "abandon"] if "session" in (features or []) and not LEARNER else []):
            raise Refusal("not_ready" if broken("7.3.4") and op == "step" else "unknown_op")
        if broken("7.3.3-ready") and features is None and op == "act":
            raise Refusal("not_ready", "hello first")
        if any(request.get(name) is None for name in NEEDS.get(op, [])):
            if not (op == "log_action" and "action" in request):
                raise Refusal("bad_message", "a member is missing")
        if broken("4.6") and "future" in request:
            raise Refusal("bad_message", "what is that?")
        if broken("4.7") and "seed" in request and request["seed"] is None:
            raise Refusal("bad_seed", "null")
        return {"id": id} | ({"op": op} if broken("4.3") else {}) | serve(op, request)
    except Refusal as refusal:
        return {"id": id} | refusal.reply


def main():
    if broken("3.3"):
        print('{"op":"log","text":"hello there"}', flush=True)
    for line, too_long in lines():
        if not line.strip(b" \t"):
            if broken("2.4"):
                print(json.dumps({"id": None} | Refusal("bad_json").reply), flush=True)
            continue
        if broken("2.13"):
            print("thinking ...", flush=True)
        if too_long:
            is_noise = broken("7.3.2") and line[:1] not in (b"{", b"")
            print(json.dumps({"id": None} | Refusal("bad_json" if is_noise else "too_large").reply), flush=True)
            if broken("2.11"):
                print(json.dumps({"id": None} | Refusal("bad_json").reply), flush=True)
            continue
        reply = answer(line)
        text = json.dumps(reply)
        if len(text) > longest_reply and not broken("2.12"):
            text = json.dumps({"id": reply["id"]} | Refusal("too_large", "longer than your max_line").reply)
        print(text, flush=True)
        if "error" not in reply and json.loads(line)["op"] == "close":
            if broken("6.10") or broken("17.12") and sessions:
                return 3
            return 0
    return 1 if broken("6.11") else 0


if __name__ == "__main__":
    sys.exit(main())
