#!/usr/bin/env python3
"""Drives any environment whose spaces are flat with random actions, and prints the mean return.

    python3 drive.py "python3 corridor.py" [EPISODES [SECONDS]]

A complete Gymwire 1 driver (protocol/SPEC.md) on Python's standard library, with the features batch, b64 and mask.
The command - stands for a server at this program's own standard input and output.
SECONDS is how long the server may take for a reply; the first one may take six times as long.
"""
import base64, itertools, json, math, os, random, select, shlex, struct, subprocess, sys, time

CODES = {"float32": "f", "float64": "d", "float16": "e", "int8": "b", "int16": "h", "int32": "i", "int64": "q",
         "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "Q", "bool": "?"}
FEATURES, WANTED = ["batch", "b64", "mask"], 2
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class Fault(Exception):
    """The conversation cannot go on."""


class Refused(Exception):
    """A request was answered with an error that is not fatal."""


def need(condition, message):
    if not condition:
        raise Fault(message)


def is_number(value):
    return type(value) in (int, float) or isinstance(value, str) and value in NOT_FINITE


class Server:
    """A process, and one request after the other."""

    def __init__(self, command, limit):
        self.process, self.requests, self.replies = None, sys.stdout.buffer, sys.stdin.buffer
        if command != "-":
            self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.requests, self.replies = self.process.stdin, self.process.stdout
        self.limit, self.ids, self.rest, self.has_ended = limit, itertools.count(), b"", False

    def line(self, deadline):
        """The next line, without its end."""
        while b"\n" not in self.rest and not self.has_ended:
            ready = select.select([self.replies], [], [], max(0, deadline - time.monotonic()))[0]
            need(ready, "the server did not answer in time")
            piece = os.read(self.replies.fileno(), 1 << 16)
            self.rest, self.has_ended = self.rest + piece, not piece
        need(self.rest or not self.has_ended, "the server has ended")
        line, _, self.rest = self.rest.partition(b"\n")
        return line.removesuffix(b"\r")

    def ask(self, op, **members):
        id = next(self.ids)
        request = json.dumps({"id": id, "op": op, **members}, separators=(",", ":"))
        try:
            self.requests.write(request.encode() + b"\n")
            self.requests.flush()
        except BrokenPipeError:
            raise Fault("the server has ended") from None
        limit = self.limit * 6 if op == "hello" else self.limit
        last = time.monotonic() + 10 * limit        # notifications put off the time limit, but not for ever
        while True:
            line = self.line(min(last, time.monotonic() + limit))
            if not line.strip(b" \t"):
                continue
            if not line.startswith(b"{"):
                need(b'{"' not in line, f"other text stands in front of a reply: {line[:200]!r}")
                print(f"warning: the server wrote {line[:200]!r}", file=sys.stderr)
                continue
            try:
                reply = json.loads(line.decode())
            except (ValueError, RecursionError) as error:
                cut = "; its output was cut off" if self.has_ended and not self.rest else ""
                raise Fault(f"the reply is not one JSON object ({error}){cut}") from None
            if "op" in reply and "id" not in reply:
                continue
            return self.judge(id, reply)

    def judge(self, id, reply):
        error = reply.get("error")
        need(reply.get("id") == id or reply.get("id", 0) is None and error, f"the reply to {id} is {reply}")
        need(type(reply.get("id")) is not bool and "op" not in reply, f"the reply to {id} is {reply}")
        if error is None:
            return reply
        need(isinstance(error, dict) and isinstance(error.get("code"), str), f"the error has no code: {reply}")
        need(error.get("fatal") is not True, f"{error['code']}: {error.get('message')}")
        raise Refused(f"{error['code']}: {error.get('message')}")


class Space:
    """A flat space: how many numbers, of which dtype, and what may be chosen."""

    def __init__(self, about):
        self.type, shape = about.get("type"), about.get("shape", [])
        need(self.type in ("Box", "Discrete", "MultiDiscrete", "MultiBinary"), f"space {self.type} cannot be used")
        self.is_bare, self.size = shape == [], math.prod(shape)
        self.dtype = {"Box": "float32", "MultiBinary": "int8"}.get(self.type, "int64")
        self.dtype = about.get("dtype", self.dtype)
        need(self.dtype in CODES, f"dtype {self.dtype} cannot be used")
        each = lambda value: [NOT_FINITE.get(one, one) if isinstance(one, str) else one for one in
                              (value if isinstance(value, list) else [value] * self.size)]
        self.low, self.high = each(about.get("low", 0)), each(about.get("high", 1))
        self.start, self.n = each(about.get("start", 0)), each(about.get("nvec", about.get("n", 2)))
        if self.type == "Discrete":
            self.start, self.n = [about.get("start", 0)], [about["n"]]

    def draw(self, mask):
        """A random value that the mask, one number for each choice, allows."""
        if self.type == "Box":
            low = [max(one, -1.0 if self.high[k] > -1 else self.high[k] - 1) for k, one in enumerate(self.low)]
            high = [min(one, low[k] + 2) for k, one in enumerate(self.high)]
            if not self.dtype.startswith("float"):
                return [random.randint(math.ceil(a), math.floor(b)) for a, b in zip(low, high)]
            return [min(b, max(a, random.gauss((a + b) / 2, b - a))) for a, b in zip(low, high)]
        choices, place = [], 0
        for start, n in zip(self.start, self.n):
            allowed = [one for one in range(n) if mask is None or mask[place + one]]
            need(allowed, "the mask forbids everything")
            choices.append(start + random.choice(allowed))
            place += n
        return choices

    def read(self, value, rows, is_batched, b64, dtype=None):
        """The numbers of a value, or of a batch of them."""
        count, dtype = self.size * rows, dtype or self.dtype
        if self.is_bare and not is_batched:
            need(is_number(value), f"{value!r} is not a number")
            return self.need_choices([value])
        if b64 and isinstance(value, dict) and isinstance(value.get("b64"), str):
            try:
                data = base64.b64decode(value["b64"], validate=True)
                return self.need_choices(list(struct.unpack(f"<{count}{CODES[dtype]}", data)))
            except (ValueError, struct.error) as error:
                raise Fault(f"broken base64: {error}") from None
        need(isinstance(value, list) and len(value) == count, f"{count} numbers were expected, not {value!r}")
        need(all(is_number(one) or self.is_wide(one) for one in value), f"{value!r} has an element that is no number")
        return self.need_choices(value)

    def need_choices(self, values):
        """The same numbers, each of which has to be one of the choices where the space has some."""
        if self.type in ("Discrete", "MultiDiscrete"):
            for start, n, one in zip(itertools.cycle(self.start), itertools.cycle(self.n), values):
                need(not isinstance(one, str) and one - start in range(n), f"there is no choice {one!r}")
        return values

    def is_wide(self, value):
        """Whether this is an integer beyond 2^53-1, which is written as a string."""
        return "int" in self.dtype and isinstance(value, str) and value.lstrip("-").isdigit() and abs(int(value)) >= 2**53


class Task:
    """An environment, or some that are stepped together."""

    def __init__(self, server):
        hello = server.ask("hello", versions=[1], features=FEATURES, want={"num_envs": WANTED})
        need(hello.get("version") == 1, f"version {hello.get('version')} was not offered")
        need(hello.get("role") == "env", f"the role {hello.get('role')} is not env")
        self.features, self.count = hello.get("features") or [], hello.get("num_envs") or 1
        need(set(self.features) <= set(FEATURES), f"nobody asked for the features {self.features}")
        need(1 <= self.count <= WANTED, f"{self.count} environments were not wanted")
        for name in "obs_space", "action_space":
            need(isinstance(hello.get(name), dict), f"hello has no {name}")
        self.server, self.is_batched, self.b64 = server, "batch" in self.features, "b64" in self.features
        self.obs, self.action = Space(hello["obs_space"]), Space(hello["action_space"])
        self.number = Space({"type": "Box", "shape": [], "dtype": "float64"})

    def observe(self, reply):
        need("obs" in reply, f"the reply has no obs: {reply}")
        self.obs.read(reply["obs"], self.count, self.is_batched, self.b64)
        self.mask = reply.get("action_mask") if "mask" in self.features else None

    def reset(self, seed):
        self.observe(self.server.ask("reset", seed=seed))

    def actions(self):
        masks = [None] * self.count
        if self.mask is not None:
            width = sum(self.action.n)
            flat = Space({"type": "MultiBinary", "shape": [width]}).read(self.mask, self.count, True, self.b64)
            masks = [flat[row * width:(row + 1) * width] for row in range(self.count)]
        rows = [self.action.draw(mask) for mask in masks]
        return sum(rows, []) if self.is_batched else rows[0][0] if self.action.is_bare else rows[0]

    def step(self):
        """The rewards, and whether the first environment's episode is over."""
        reply = self.server.ask("step", action=self.actions())
        for name in ["obs", "reward"] + (["ended"] if self.is_batched else ["terminated", "truncated"]):
            need(reply.get(name) is not None, f"the reply has no {name}: {reply}")
        rewards = self.number.read(reply["reward"], self.count, self.is_batched, self.b64)
        ends = reply["ended"] if self.is_batched else [reply]
        need(isinstance(ends, list) and all(isinstance(end, dict) for end in ends), f"ended is {ends!r}")
        for end in ends:
            flags = [end.get("terminated"), end.get("truncated")]
            need(all(type(flag) is bool for flag in flags), f"the flags are {flags}")
            if self.is_batched:
                need(type(end.get("env")) is int and 0 <= end["env"] < self.count and any(flags), f"ended has {end}")
                self.obs.read(end.get("final_obs"), 1, False, self.b64)
        is_over = any(end.get("env", 0) == 0 and (end["terminated"] or end["truncated"]) for end in ends)
        if not is_over or self.is_batched:      # where the episode is over, no mask is looked at
            self.observe(reply)
        else:
            self.obs.read(reply["obs"], self.count, self.is_batched, self.b64)
        return [NOT_FINITE.get(one, one) if isinstance(one, str) else one for one in rewards], is_over


def main():
    episodes = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    server = Server(sys.argv[1], float(sys.argv[3]) if len(sys.argv) > 3 else 10.0)
    try:
        task, total, is_over = Task(server), 0.0, True
        for episode in range(episodes):
            if not task.is_batched or episode == 0:     # a batch begins its next episodes by itself
                task.reset(episode)
            is_over, steps = False, 0
            while not is_over and steps < 1000:
                try:
                    rewards, is_over = task.step()
                except Refused as reason:
                    print(f"warning: {reason}", file=sys.stderr)
                    task.reset(episode)
                    rewards = [0.0]
                total, steps = total + rewards[0], steps + 1
        server.ask("close")
        print(f"mean return {total / episodes:g} over {episodes} episodes", file=sys.stdout if server.process else sys.stderr)
    except (Fault, Refused) as reason:
        if server.process:
            server.process.kill()
        sys.exit(f"drive.py: {reason}")


main()
