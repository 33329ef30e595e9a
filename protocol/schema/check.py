#!/usr/bin/env python3
"""Checks the schemas: that they are schemas, that every message of the transcripts and of SPEC.md fits its own, and that
messages with one fault do not. Needs the package jsonschema.
"""
import json, pathlib, sys

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

HERE = pathlib.Path(__file__).resolve().parent
SCHEMAS = {path.name: json.loads(path.read_text()) for path in sorted(HERE.glob("*.json"))}
REGISTRY = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values())

# A schema, a message that fits it, and then members that make it unfit: (name, value), or a name alone to leave it out.
BOX = {"type": "Box", "shape": [2], "low": -1, "high": [1, "Infinity"]}
HELLO = {"id": 0, "version": 1, "role": "env", "obs_space": BOX, "action_space": {"type": "Discrete", "n": 2}}
ACT = {"id": 1, "op": "act", "obs": [1, 2], "session": "g", "reward": "NaN"}
FAULTS = [
    ("hello.request.json", {"id": 0, "op": "hello", "versions": [1], "want": {"num_envs": None}},
     ["versions", ("versions", 1), ("versions", None), ("versions", ["1"]), ("features", "batch"), ("max_line", 10),
      ("id", -1), ("id", 2**53), ("id", "0"), ("op", "Hello"), ("want", {"num_envs": 0}), ("want", [3])]),
    ("hello.reply.json", HELLO,
     ["version", "role", "obs_space", "action_space", ("role", "agent"), ("obs_space", {"type": "Cube"}),
      ("num_envs", 0), ("op", "hello"), ("error", {"code": "internal", "message": "x"})]),
    ("reset.request.json", {"id": 1, "op": "reset", "seed": [1, None], "envs": [1, 0], "options": {"a": 1}},
     [("seed", -1), ("seed", 1.5), ("seed", "1"), ("seed", 2**53), ("seed", True), ("envs", []), ("envs", [1, 1]),
      ("envs", [-1]), ("options", 7)]),
    ("reset.reply.json", {"id": 1, "obs": [1], "info": None}, ["obs", ("obs", True), ("info", 7), ("id", None)]),
    ("step.request.json", {"id": 1, "op": "step", "action": 1}, ["action", ("action", None), ("action", False)]),
    ("step.reply.json", {"id": 1, "obs": [1], "reward": "-Infinity", "terminated": True, "truncated": False},
     ["obs", "reward", "terminated", "truncated", ("terminated", 1), ("reward", True), ("reward", "inf"),
      ("reward", [1]), ("ended", [])]),
    ("step.reply.json",
     {"id": 1, "obs": [1], "reward": [1], "ended": [{"env": 0, "terminated": True, "truncated": False, "final_obs": [1]}]},
     ["ended", ("reward", 1), ("terminated", True), ("ended", [{"env": 0}]), ("ended", None)]),
    ("render.reply.json", {"id": 1, "frame": {"shape": [1, 1, 3], "b64": "AAAA"}},
     ["frame", ("frame", {"shape": [1, 1, 4], "b64": "AAAA"}), ("frame", {"shape": [1, 1, 3], "b64": "AAA"})]),
    ("act.request.json", ACT,
     ["obs", ("session", ""), ("session", "x" * 65), ("n", 2), ("seed", 0.5), ("reward", "high")]),
    ("act.request.json", {"id": 1, "op": "act", "n": 2, "seed": 3, "obs": [1, 2], "action_mask": [[1, 0], None]},
     ["obs", ("n", 0), ("n", 1.5), ("deterministic", 1), ("action_mask", 2), ("action_mask", "01")]),
    ("act.reply.json", {"id": 1, "action": 0, "logp": [-1, -2]}, ["action", ("logp", "low")]),
    ("reload.reply.json", {"id": 1, "updated": True, "policy_version": 2},
     ["updated", "policy_version", ("updated", 1), ("policy_version", 1.5)]),
    ("end.request.json",
     {"id": 1, "op": "end", "session": "g", "obs": [1], "reward": 1, "terminated": False, "truncated": True},
     ["session", "obs", "reward", "terminated", "truncated", ("truncated", None)]),
    ("error.reply.json", {"id": None, "error": {"code": "bad_json", "message": "no", "fatal": False, "data": {}}},
     ["error", "id", ("id", "1"), ("error", {"code": "bad_json"}), ("error", {"code": "oops", "message": "x"}),
      ("error", {"code": "internal", "message": "x", "fatal": 1})]),
    ("notification.json", {"op": "log", "level": "warning", "text": "slow"},
     ["op", "text", ("level", "loud"), ("id", 1)]),
    ("space.json", BOX,
     ["type", "shape", "low", "high", ("shape", [-1]), ("shape", 2), ("dtype", "float128"), ("low", "NaN"),
      ("low", [[-1, -1]])]),
    ("space.json", {"type": "Discrete", "n": 2, "start": "-9223372036854775808"},
     ["n", ("n", 0), ("start", "7"), ("start", 2**53), ("start", "9007199254740991"), ("dtype", "float32")]),
    ("space.json", {"type": "MultiDiscrete", "shape": [2], "nvec": [2, 3]}, ["nvec", ("nvec", [0, 1]), ("nvec", [[2, 3]])]),
    ("space.json", {"type": "Dict", "spaces": [["a", BOX]]},
     ["spaces", ("spaces", {"a": BOX}), ("spaces", [["a"]]), ("spaces", [[1, BOX]]), ("spaces", [["a", {"type": "?"}]])]),
    ("space.json", {"type": "Graph", "node_space": BOX, "edge_space": None},
     ["node_space", ("node_space", {"type": "Text", "max_length": 1}), ("edge_space", 7)]),
    ("space.json", {"type": "Sequence", "space": {"type": "Tuple", "spaces": [{"type": "Text", "max_length": 3}]}},
     ["space", ("space", [BOX]), ("stack", "yes")]),
]


def faults(name, message):
    """What is wrong with a message by the schema of that name."""
    return [error.message for error in Draft202012Validator(SCHEMAS[name], registry=REGISTRY).iter_errors(message)]


def dialogues():
    """Each (place, request, reply) of the transcripts and of the examples in SPEC.md; the request is None if unknown."""
    for path in [*sorted((HERE.parent / "transcripts").glob("*.txt")), HERE.parent / "SPEC.md"]:
        requests = {}
        for number, line in enumerate(path.read_text().split("\n"), 1):
            place = f"{path.name}:{number}"
            if line.startswith("> {"):
                try:
                    request = json.loads(line[2:])
                    requests[request.get("id")] = request
                except ValueError:
                    pass  # a transcript may send what is not JSON
            elif line.startswith("< {") and '"*"' not in line:
                reply = json.loads(line[2:])
                yield place, requests.get(reply.get("id")), reply


def main():
    problems, messages, refused = [], 0, 0
    for name, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
    for place, request, reply in dialogues():
        messages += 1
        if "error" in reply:
            problems += [f"{place}: {fault}" for fault in faults("error.reply.json", reply)]
        elif "id" not in reply:
            problems += [f"{place}: {fault}" for fault in faults("notification.json", reply)]
        elif request:
            op = request["op"]
            problems += [f"{place}: request: {fault}" for fault in faults(f"{op}.request.json", request)]
            problems += [f"{place}: reply: {fault}" for fault in faults(f"{op}.reply.json", reply)]
    for name, message, changes in FAULTS:
        problems += [f"{name}: a good message is refused: {fault}" for fault in faults(name, message)]
        for change in changes:
            broken = dict(message)
            if isinstance(change, str):
                del broken[change]
            else:
                broken[change[0]] = change[1]
            refused += 1
            if not faults(name, broken):
                problems.append(f"{name}: {json.dumps(broken)} should not fit")
    print(*problems, f"{len(SCHEMAS)} schemas, {messages} messages, {refused} faults, {len(problems)} problems", sep="\n")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
