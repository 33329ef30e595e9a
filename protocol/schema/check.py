#!/usr/bin/env python3
"""Checks the schemas: that they are schemas, that every message of the transcripts and of the specification fits its own, and that
messages with one fault do not. Needs the package jsonschema.
"""
import json, pathlib, sys

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

HERE = pathlib.Path(__file__).resolve().parent
SCHEMAS = {path.name: json.loads(path.read_text()) for path in sorted(HERE.glob("*.json"))
           if path.name != "faults.json"}
REGISTRY = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values())

# Each has a schema, a message that fits it, and members that make it unfit: [name, value], or a name alone to leave it out.
FAULTS = json.loads((HERE / "faults.json").read_text())


def faults(name, message):
    """What is wrong with a message by the schema of that name."""
    return [error.message for error in Draft202012Validator(SCHEMAS[name], registry=REGISTRY).iter_errors(message)]


def dialogues():
    """Each (place, request, reply) of the transcripts and of the examples in the specification; the request is None if unknown."""
    for path in [*sorted((HERE.parent / "transcripts").glob("*.txt")), *sorted(HERE.parent.glob("*.md"))]:
        requests = {}
        for number, line in enumerate(path.read_text().split("\n"), 1):
            place = f"{path.name}:{number}"
            if line.startswith("> {"):
                try:
                    request = json.loads(line[2:])
                    requests[request.get("id")] = request
                except ValueError:
                    pass  # a transcript may send what is not JSON
            elif line.startswith("< {") and '"*"' not in line and '"?"' not in line:
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
    for name, message, changes in (row.values() for row in FAULTS):
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
