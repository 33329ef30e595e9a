#!/usr/bin/env python3
"""A small agent that drives any server, and with --break CLAUSE one that breaks that clause and no other.

    broken_agent.py [--server COMMAND] [--begin-anew] [--leave] [--break CLAUSE]

Without --server it talks over its own streams. With --begin-anew it goes on with a reset after an error that is not fatal.
With --leave it plays two episodes and ends the server's input without a close.
"""
import json, shlex, subprocess, sys

from breaking import broken

SERVER = sys.argv[sys.argv.index("--server") + 1] if "--server" in sys.argv else None
EPISODES, EPISODE = 2 if "--leave" in sys.argv else 20, 7
TYPES = {"Box", "Discrete", "MultiBinary", "MultiDiscrete", "Text", "Tuple", "OneOf", "Dict", "Sequence", "Graph"}
DTYPES = {f"{kind}{bits}" for kind in ("int", "uint", "float") for bits in (8, 16, 32, 64)} - {"float8"} | {"bool"}


class Stop(Exception):
    pass


class Connection:
    def __init__(self):
        if SERVER:
            server = subprocess.Popen(shlex.split(SERVER), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.input, self.output, self.server = server.stdout, server.stdin, server
        else:
            self.input, self.output = sys.stdin.buffer, sys.stdout.buffer
        self.id, self.keys = -1, None

    def lines(self):
        for line in self.input:
            if broken("2.2"):
                yield from (piece.encode() for piece in line.decode().splitlines())
            elif broken("2.3") and line.endswith(b"\r\n"):
                raise Stop("a carriage return")
            else:
                yield line.rstrip(b"\r\n")

    def ask(self, op, **members):
        if not broken("4.2") or self.id < 0:
            self.id += 1
        request = {"id": self.id, "op": op, **members}
        separators = (", ", ": ") if broken("4.5-writing") else (",", ":")
        self.output.write(json.dumps(request, separators=separators).encode() + b"\n")
        self.output.flush()
        for line in self.lines():
            if not line.strip():
                if broken("2.4"):
                    raise Stop("a blank line")
                continue
            if not line.startswith(b"{") and not broken("2.14"):
                continue
            reply = json.loads(line)
            if "op" in reply and "id" not in reply:
                if broken("3.4") and reply["op"] in ("log", "progress"):
                    raise Stop("a notification")
                if broken("3.6") and reply["op"] not in ("log", "progress"):
                    raise Stop("an unknown notification")
                continue
            return self.judge(op, reply, line)
        raise Stop("the server ended")

    def judge(self, op, reply, line):
        if reply.get("error") is not None:
            code = reply["error"]["code"]
            known = reply["error"].get("fatal") or not code.startswith("x-")
            forgives = broken("4.4") if reply["id"] is None else broken("7.9") if reply["error"].get("fatal") else (
                broken("7.11") if code == "env_error" else broken("7.6") and not known)
            if "--begin-anew" in sys.argv and op == "step" and not reply["error"].get("fatal"):
                return {"truncated": True}
            if forgives:
                return {"obs": [0, 0], "reward": 0, "terminated": False, "truncated": False}
            raise Stop(code)
        if reply["id"] != self.id and not broken("3.7"):
            raise Stop("another id")
        if broken("4.6") and "future" in reply:
            raise Stop("an unknown member")
        if broken("1.11") and op == "hello" and "server" not in reply:
            raise Stop("no name")
        if broken("4.5") and not line.startswith(b'{"id":'):
            raise Stop("another order")
        if broken("8.1") and b"E" in line:
            raise Stop("an exponent")
        needed = {"hello": ["version", "role", "obs_space", "action_space"], "reset": ["obs"],
                  "step": ["obs", "reward", "terminated", "truncated"]}.get(op, [])
        if any(name not in reply for name in needed) and not broken("4.8"):
            raise Stop("a member is missing")
        if "obs" in reply:
            self.look(reply["obs"])
        if any(type(reply.get(name, False)) is not bool for name in ("terminated", "truncated")):
            raise Stop("a flag that is none")
        if not is_number(reply.get("reward", 0)):
            raise Stop("a reward that is no number")
        return reply


    def look(self, seen):
        if self.keys:
            place, door = seen.values() if broken("10.6") else (seen[key] for key in self.keys)
            if door not in (0, 1, 2):
                raise Stop("a door that there is not")
            seen = place
        if broken("9.3"):
            return
        if len(seen) != 2 or not all(is_number(number) for number in seen):
            raise Stop("no two numbers")
        if broken("9.4") and any(abs(number) > 100 for number in seen):
            raise Stop("out of bounds")


def is_number(value):
    return type(value) in (int, float) or value in ("NaN", "Infinity", "-Infinity")


def is_known(space):
    return space.get("type") in TYPES and space.get("dtype", "float32") in DTYPES


def greet(server):
    """Says hello, and gives the bounds of the actions, or none where they are choices."""
    hello = server.ask("hello", versions=[1])
    if hello["version"] != 1 or hello["role"] != "env" and not broken("4.8") or hello.get("features") not in (None, []):
        raise Stop("that was not asked for")
    seen, done = hello["obs_space"], hello["action_space"]
    if seen.get("type") == "Dict" and [space["type"] for _, space in seen["spaces"]] == ["Box", "Discrete"]:
        server.keys = [key for key, _ in seen["spaces"]]
    is_plain = [seen.get("type"), seen.get("shape"), seen.get("dtype", "float32")] == ["Box", [2], "float32"]
    if not is_plain and not server.keys and (is_known(seen) or not broken("10.9")):
        raise Stop("observations that cannot be used")
    if done.get("type") == "Discrete" and done.get("n") == 2 and not done.get("start"):
        return None
    if done.get("type") != "Box" or done.get("shape") != [2] or not is_number(done.get("low")):
        raise Stop("actions that cannot be used")
    return done["low"], done["high"]


def play(server):
    bounds = greet(server)
    for episode in range(EPISODES):
        server.ask("reset", seed=[episode] if broken("5.8") else episode)
        for step in range(EPISODE):
            action = step % 2 if bounds is None else [0.5, -0.5]
            if bounds is not None and not broken("9.5"):
                action = [max(bounds[0], min(bounds[1], number)) for number in action]
            reply = server.ask("step", action=action)
            if reply.get("terminated") or reply.get("truncated"):
                break
        if broken("6.9"):
            server.ask("step", action=0 if bounds is None else [0, 0])
    if broken("3.10-close"):
        server.server.kill()
    elif "--leave" in sys.argv:
        server.output.close()
    else:
        server.ask("close")
    if broken("3.10"):
        server.server.kill()


try:
    play(Connection())
except (Stop, ValueError) as reason:
    sys.exit(f"stopped: {reason}")
