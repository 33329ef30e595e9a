#!/usr/bin/env python3
"""A driver that makes so many steps, at most, says goodbye, and keeps its time limits (SPEC 3.5, 3.9).

    brief_driver.py STEPS SECONDS [--leave] [--trip]

With --leave it ends the server's input instead of a close. With --trip the tenth notification before a reply ends it as if
all were well, which is a fault.
"""
import json, os, select, sys, time

STEPS, LIMIT = int(sys.argv[1]), float(sys.argv[2])
rest, requests = b"", 0


class Goodbye(Exception):
    pass


def line(deadline):
    global rest
    while b"\n" not in rest:
        if not select.select([0], [], [], max(0, deadline - time.monotonic()))[0]:
            sys.exit("the server did not answer in time")
        piece = os.read(0, 1 << 16)
        if not piece:
            sys.exit("the server has ended")
        rest += piece
    first, _, rest = rest.partition(b"\n")
    return first.removesuffix(b"\r").strip(b" \t")


def require(condition, reply):
    if not condition:
        sys.exit(f"a reply that cannot be used: {reply}")


def ask(op, **members):
    global requests
    id, requests, notifications = requests, requests + 1, 0
    os.write(1, json.dumps({"id": id, "op": op, **members}, separators=(",", ":")).encode() + b"\n")
    last = time.monotonic() + 10 * LIMIT
    while True:
        text = line(min(last, time.monotonic() + LIMIT))
        if not text.startswith(b"{"):
            require(b"{" not in text, text)
            continue
        reply = json.loads(text.decode())
        if "op" not in reply or "id" in reply:
            break
        notifications += 1
        if "--trip" in sys.argv and notifications == 9:
            raise Goodbye
    require(reply.get("id") == id and reply.get("error") is None, reply)
    return reply


def is_number(value):
    return type(value) in (int, float) or value in ("NaN", "Infinity", "-Infinity")


def observe(reply):
    seen = reply.get("obs")
    require(isinstance(seen, list) and len(seen) == 2 and all(map(is_number, seen)), reply)


def drive():
    hello = ask("hello", versions=[1])
    require(hello.get("version") == 1 and hello.get("role") == "env" and not hello.get("features"), hello)
    seen, done = hello.get("obs_space", {}), hello.get("action_space", {})
    require([seen.get("type"), seen.get("shape"), seen.get("dtype", "float32")] == ["Box", [2], "float32"], hello)
    require(done.get("type") == "Discrete" and not done.get("start") or done.get("shape") == [2], hello)
    require(done["type"] in ("Discrete", "Box") and not isinstance(done.get("low"), list), hello)
    is_over = True
    for step in range(STEPS):
        if is_over:
            observe(ask("reset", seed=step))
        reply = ask("step", action=0 if done["type"] == "Discrete" else [max(0, done["low"])] * 2)
        observe(reply)
        flags = [reply.get("terminated"), reply.get("truncated")]
        require(all(type(flag) is bool for flag in flags) and is_number(reply.get("reward")), reply)
        is_over = any(flags)
    if "--leave" not in sys.argv:
        ask("close")


try:
    drive()
except Goodbye:
    pass
except (ValueError, RecursionError) as error:
    sys.exit(f"a reply that is no JSON: {error}")
