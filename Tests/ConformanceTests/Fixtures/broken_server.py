#!/usr/bin/env python3
"""A complete environment server, and with --break CLAUSE one that breaks that clause and no other.

    broken_server.py [--zoo] [--disordered] [--break CLAUSE]

The walker starts in a random cell of a line and tosses a coin at every step. There are two places where an episode ends,
and a limit. Options: {"start": cell, "wind": how far it blows at every step}. With --disordered the members of objects
come in another order each time, as a table that is hashed with a random key gives them, and good replies have a null error.
"""
import ast, base64, json, os, random, re, struct, sys, tempfile, time

from breaking import GREATEST, Refusal, broken, is_integer
from broken_spaces import SPACES, ZOO, codec_of, parse_float

FEATURES = ("mask", "render") if ZOO else ("batch", "b64", "mask", "render", "about", "state")
LIMIT, FAR, LONGEST = 30, 20, 65536
ORDER, SHARED = random.SystemRandom(), random.Random(0)
LOCK = os.path.join(tempfile.gettempdir(), f"walk-{os.getppid()}.lock")
MEMBERS = {"hello": {"versions": list}, "step": {"action": object}, "reset": {}, "close": {}, "render": {},
           "snapshot": {}, "restore": {"state": str}}
OPTIONAL = {"hello": {"features": list, "client": dict, "want": dict, "max_line": int}, "reset": {"envs": list},
            "render": {"env": int}, "snapshot": {"env": int}, "restore": {"env": int}}


class Walk:
    """One environment."""

    def __init__(self):
        self.random, self.running, self.seed, self.wind = random.Random(), False, None, 0
        if broken("12.8-shared"):
            self.random = SHARED
        elif broken("12.8-alike"):
            self.random = random.Random(0)

    def reset(self, seed, options):
        if broken("6.1") and self.running and seed == self.seed == 333:  # as one that saves itself the work
            return self.observation()
        if self.random is SHARED and seed is not None:
            self.random = random.Random()
        if seed if broken("6.2") else seed is not None:
            self.random.seed(seed + (os.getpid() if broken("6.5") else 0))
        elif seed is None and broken("6.3"):
            self.random.seed(self.seed)
        if not broken("6.3") or seed is not None:
            self.seed = seed
        self.running, self.steps = True, 0
        self.cell = options.get("start", self.random.randrange(-4, 5)) + int(options.get("wind", 0))
        self.wind = int(options.get("wind", self.wind if broken("6.4-steps") else 1 if broken("11.6-steps") else 0))
        return self.observation()

    def state(self):
        if broken("15.5"):
            self.random.random()
        rolls = None if broken("15.6") else self.random.getstate()
        return repr([self.cell, self.steps, 0 if broken("15.6-options") else self.wind, self.seed, rolls])

    def restore(self, state):
        try:
            cell, steps, wind, self.seed, rolls = ast.literal_eval(state)
        except (ValueError, SyntaxError, TypeError):
            raise Refusal("bad_message", "that is no state of a walk")
        self.cell, self.steps, self.wind, self.running = cell, steps, wind, True
        if rolls is not None:
            self.random.setstate(rolls)

    def told(self):
        return {"distance": abs(self.cell), "far": abs(self.cell) >= FAR, "name": "walk"}

    def observation(self):
        return codec_of("obs").draw(self.cell, self.steps)

    def step(self, action):
        self.steps += 1
        self.cell += self.random.choice((-1, 1)) + codec_of("action").push(action) + self.wind
        terminated = abs(self.cell) >= FAR
        truncated = self.steps >= LIMIT and not broken("6.6")
        self.running = not (terminated or truncated)
        return self.observation(), float(-abs(self.cell)), terminated, truncated


class Server:
    def __init__(self):
        self.features, self.envs, self.kept, self.options, self.closed, self.mode = None, [], [], {}, False, None
        self.was_reset = False

    # Answers to each op ---------------------------------------------------------------------------------------------

    def hello(self, request):
        versions = request["versions"]
        if not all(is_integer(version) for version in versions):
            raise Refusal("bad_message", "versions are integers")
        features = request.get("features") or []
        if not all(isinstance(name, str) for name in features):
            raise Refusal("bad_message", "features are strings")
        if broken("6.13") and os.path.exists(LOCK):  # of one that was killed while it walked
            os.remove(LOCK)  # what comes later is about other clauses
            raise Refusal("env_error", "somebody else walks here")
        if (request.get("max_line") or LONGEST) < LONGEST:
            raise Refusal("bad_message", "max_line is too small")
        if 1 not in versions and not (broken("5.3") and not versions):
            raise Refusal("unsupported_version", **({} if broken("5.2") else {"versions": [1]}))
        self.features = [name for name in features if name in FEATURES or broken("5.5")]
        want = request.get("want") or {}
        wanted = 1 if want.get("num_envs") is None or "batch" not in self.features else want["num_envs"]
        if not is_integer(wanted, 1):
            raise Refusal("bad_message", "num_envs is an integer of at least 1")
        count = min(wanted, 3)
        self.envs = [Walk() for _ in range(count + 9 if broken("12.1") and "batch" in self.features else count)]
        reply = {"version": versions[0] if broken("5.1") and versions else 1, "role": "env", "max_line": LONGEST,
                 "server": {"name": "broken", "version": "1"}, "features": self.features,
                 "spec": {"id": "Walk", "max_episode_steps": LIMIT},
                 "obs_space": SPACES["obs"], "action_space": SPACES["action"]}
        if "about" in self.features:
            names = ["cell"] if broken("11.7") else ["cell", "part of the time"]
            reply["about"] = {
                "options": {"type": "Dict", "spaces": [["start", {"type": "Discrete", "n": 19, "start": -9}],
                                                       ["wind", {"type": "Discrete", "n": 3, "start": -1}]]},
                "defaults": {"wind": 1 if broken("11.6") else 0}, "seconds": {"step": 1},
                "obs": {"names": names}, "action": {"names": ["left", "stay", "right"]}}
        if "batch" in self.features:
            reply["num_envs"] = len(self.envs)
        if "render" in self.features:
            self.mode = want.get("render_mode") if want.get("render_mode") in ("ansi", "rgb_array") else None
            reply |= {"render_modes": ["ansi", "rgb_array"], "render_mode": self.mode}
        return reply

    def reset(self, request):
        batched, envs = "batch" in self.features, request.get("envs")
        if not batched or envs is None:
            addressed = list(range(len(self.envs)))
        else:
            if broken("12.11-first") and not self.has_begun():
                raise Refusal("needs_reset", "the first reset addresses all")
            if (not envs or len(set(map(str, envs))) < len(envs) and not broken("12.11")
                    or not all(is_integer(env, 0, len(self.envs) - 1) for env in envs)):
                raise Refusal("bad_message", "envs are distinct indices")
            addressed = envs
            has_begun = self.was_reset if broken("12.12-restore") else self.has_begun()
            if len(set(envs)) < len(self.envs) and not has_begun and not broken("12.12"):
                raise Refusal("needs_reset", "the first reset addresses all")
        seeds = self.seeds(request.get("seed"), addressed, batched)
        options = request.get("options")
        if options is not None and not isinstance(options, dict):
            if broken("7.7-options"):
                self.envs[0].reset(None, {})
            raise Refusal("bad_message" if broken("7.3.9") else "bad_options", "options are an object")
        options = options or {}
        if broken("11.1") and "b64" in json.dumps(options):
            raise Refusal("bad_options", "broken base64")
        if broken("11.3") and any(name.startswith("x-") for name in options):
            raise Refusal("bad_options", "what is that?")
        if "start" in options and not is_integer(options["start"], -9, 9):
            raise Refusal("bad_options", "start is a cell")
        if "wind" in options and not is_integer(options["wind"], -1, 1):
            raise Refusal("bad_options", "wind is -1, 0 or 1")
        if broken("6.13") and request.get("seed") == 613:
            open(LOCK, "w").close()
        if broken("6.4") and not batched or broken("12.7") and batched and envs is not None:
            self.options |= options
            options = self.options
        rows = [self.envs[env].reset(seed, options) for env, seed in zip(addressed, seeds)]
        self.was_reset = True
        if broken("12.11-order"):
            rows = [row for _, row in sorted(zip(addressed, rows))]
        return self.observed(rows, addressed)

    def seeds(self, seed, addressed, batched):
        if isinstance(seed, list) and batched:
            if len(seed) != len(addressed) and not broken("12.9"):
                raise Refusal("bad_seed", "one seed for each")
            seed = seed + [None] * len(addressed)
            if not all(one is None or is_integer(one) for one in seed):
                raise Refusal("bad_seed", "a seed is an integer")
            unseeded = 9 if broken("12.9-null") else None
            return [unseeded if one is None else int(one) for one in seed[: len(addressed)]]
        if seed is None:
            return [None] * len(addressed)
        if broken("7.3.8") and isinstance(seed, float):
            seed = int(min(seed, GREATEST))
        if not is_integer(seed) or seed + max(addressed) > GREATEST and not broken("12.8"):
            raise Refusal("bad_seed", "a seed is an integer from 0 to 2^53-1")
        return [int(seed) + (place if broken("12.8") else env) for place, env in enumerate(addressed)]

    def has_begun(self):
        return any(env.running for env in self.envs)

    def step(self, request):
        batched, action = "batch" in self.features, request["action"]
        codec = codec_of("action")
        if not self.envs[0].running and broken("7.3.6"):
            self.actions(action, batched)
        if not all(env.running for env in self.envs):
            if broken("6.9") and not batched and self.envs[0].seed is not None:
                self.envs[0].reset(None, {})
            else:
                raise Refusal("needs_reset", "reset first")
        try:
            actions = self.actions(action, batched)
        except Refusal:
            if broken("7.7"):
                self.envs[0].random.random()
            raise
        if broken("6.12"):
            self.kept.append(bytearray(5000))
        if broken("14.5") and "mask" in self.features and -1 in actions:
            raise Refusal("bad_action", "masked out")
        if not batched or broken("12.2") and len(self.envs) == 1:
            obs, reward, terminated, truncated = self.envs[0].step(actions[0])
            if broken("6.7"):
                terminated, truncated = int(terminated), int(truncated)
            info = {"info": self.envs[0].told()} if terminated or truncated else {}
            return self.observed([obs], [0]) | info | {
                "reward": reward, "terminated": terminated, "truncated": truncated}
        return self.stepped([env.step(one) for env, one in zip(self.envs, actions)])

    def actions(self, action, batched):
        codec = codec_of("action")
        if not batched:
            codec.check(action, Refusal, self.b64("13.4"))
            return [action]
        rows = codec.rows(action, len(self.envs), Refusal, self.b64())
        for env, row in enumerate(rows):
            try:
                codec.check(row, lambda code, message: Refusal(code, message, env=env))
            except Refusal:
                for before, one in zip(self.envs[:env], rows):
                    before.step(one) if broken("12.14") else None
                raise
        return rows

    def b64(self, bare=None):
        """Whether base64 may stand for a list; with `bare`, whether that clause is broken."""
        return "b64" in self.features and (not bare or broken(bare))

    def stepped(self, outcomes):
        rows, rewards, ended = [], [], []
        for env, (obs, reward, terminated, truncated) in enumerate(outcomes):
            rewards.append(reward + 1 if broken("12.10") else reward)
            if terminated or truncated:
                final = self.envs[env].observation() if not broken("12.5") else None
                entry = {"env": env, "terminated": terminated, "truncated": truncated}
                if not broken("11.9"):
                    entry["final_info"] = self.envs[env].told()
                obs = self.envs[env].reset(None, {})
                entry["final_obs"] = self.coded(codec_of("obs").flat([final or obs]))
                ended.append(entry)
            rows.append(obs)
        if broken("12.6"):
            ended.reverse()
        reply = self.observed(rows, range(len(rows))) | {"reward": rewards, "ended": ended}
        if broken("12.4"):
            reply["reward"] = sum(rewards)
        return reply

    def observed(self, rows, addressed):
        batched = "batch" in self.features
        codec = codec_of("obs")
        if batched and broken("12.3") and "b64" not in self.features and len(rows) == len(self.envs) > 1:
            reply = {"obs": [list(row) for row in rows]}
        else:
            reply = {"obs": rows[0] if ZOO else self.coded(codec.flat(rows))}
        if batched and broken("12.13"):
            reply["info"] = {"rows": len(rows)}
        if "mask" in self.features and SPACES["action"]["type"] == "Discrete":
            mask = [0] + [1] * (SPACES["action"]["n"] - 1)
            reply["action_mask"] = mask[:-1] if broken("14.2") and not batched else mask * (
                len(rows) if batched and not broken("14.3") else 1)
        return reply

    def coded(self, numbers):
        if "b64" not in (self.features or []) or not isinstance(numbers, list):
            return numbers
        form = ">" if broken("13.2") else "<"
        return {"b64": base64.b64encode(struct.pack(f"{form}{len(numbers)}f", *numbers)).decode()}

    def close(self, request):
        self.closed = not broken("6.10")
        return {}

    def render(self, request):
        self.addressed(request)
        if not self.was_reset and not self.has_begun() and not broken("15.3"):
            raise Refusal("needs_reset", "reset first")
        if broken("15.3-end") and not self.has_begun():
            raise Refusal("needs_reset", "reset first")
        if broken("15.3-draws"):
            self.envs[0].random.random()
        if self.mode == "ansi":
            return {"text": "."} if not broken("15.2") else {"frame": {"shape": [1, 1, 3], "b64": "AAA="}}
        if "size" in request and broken("15.4"):
            return {"frame": {"shape": [2, 2, 3], "b64": base64.b64encode(bytes(12)).decode()}}
        return {"frame": {"shape": [1, 2, 3], "b64": base64.b64encode(bytes(6)).decode()}}

    def addressed(self, request):
        env = request.get("env") or 0
        if not is_integer(env, 0, len(self.envs) - 1):
            raise Refusal("bad_message", "there is no such sub-environment")
        return self.envs[env]

    def snapshot(self, request):
        walk = self.addressed(request)
        if not walk.running:
            raise Refusal("needs_reset", "reset first")
        return {"state": walk.state()}

    def restore(self, request):
        self.addressed(request).restore(request["state"])
        return {}

    # What comes before --------------------------------------------------------------------------------------------

    def answer(self, line):
        try:
            request = self.parse(line)
        except Refusal as refusal:
            return {"id": None} | refusal.reply
        id = request.get("id")
        usable = is_integer(id)
        if broken("7.10") and isinstance(id, dict):
            os._exit(3)
        if not usable and not broken("4.4"):
            id = None
        elif not usable:
            id = 0
        elif broken("4.2"):
            id = int(id) & 0xFFFFFFFF
        try:
            reply = {"id": id} | self.serve(request, usable)
        except Refusal as refusal:
            reply = {"id": id} | refusal.reply
        if broken("4.3"):
            reply["op"] = request.get("op")
        if broken("1.10") and request.get("op") == "step" and "reward" in reply:
            reply = {"id": id} | Refusal("internal", "no idea").reply
        return reply

    def parse(self, line):
        if broken("2.8"):
            line = line.decode("utf-8", "replace").encode()
        try:
            if line[:1] != b"{" and not broken("7.3.1"):
                raise ValueError
            request = json.loads(line.decode("utf-8"), parse_constant=lambda text: int("no"),
                                 parse_float=parse_float)
            if re.search(r"[\ud800-\udfff]", json.dumps(request, ensure_ascii=False)) and not broken("2.8"):
                raise ValueError
        except RecursionError:
            if broken("2.9"):
                os._exit(3)
            raise Refusal("bad_json", "too deep")
        except ValueError:
            raise Refusal("bad_json", "the line is not a JSON object")
        if broken("4.5") and not line.startswith(b'{"id":'):
            raise Refusal("bad_message", "id comes first")
        if not isinstance(request, dict):
            raise Refusal("bad_message" if isinstance(request, list) else "bad_json", "no object")
        return request

    def serve(self, request, usable):
        op = request.get("op")
        if not usable or not isinstance(op, str):
            if broken("3.6") and op == "log":
                raise Refusal("unknown_op", "no log here")
            raise Refusal("unknown_op" if broken("7.3.3") and op == 3 else "bad_message", "a request has id and op")
        if op in ("snapshot", "restore") and "state" not in (self.features or []):
            raise Refusal("unknown_op", "state is off")
        for name, kind in MEMBERS.get(op, {}).items():
            if name not in request or not isinstance(request[name], kind):
                raise Refusal("bad_message", f"{name} is missing")
        if op == "render" and (self.features is None or "render" not in self.features or self.mode is None):
            is_off = "render" not in (self.features or [])
            raise Refusal("bad_message" if broken("5.8") and is_off else "unknown_op", "render is off")
        if op == "hello" and broken("7.5.1-order") and request["versions"] == [2]:
            raise Refusal("unsupported_version", versions=[1])
        for name, kind in OPTIONAL.get(op, {}).items():
            if name == "envs" and "batch" not in (self.features or []):
                continue
            if request.get(name) is not None and not isinstance(request[name], kind):
                raise Refusal("bad_message", f"{name} has another type")
        if broken("4.6") and "future" in request:
            raise Refusal("bad_message", "what is that?")
        if broken("4.7") and op == "reset" and "seed" in request and request["seed"] is None:
            raise Refusal("bad_seed", "null")
        if op == "hello":
            if self.features is not None and not broken("5.4"):
                raise Refusal("bad_message", "hello comes once")
            return self.hello(request)
        if op not in MEMBERS:
            raise Refusal("bad_message" if broken("7.3.4") and op == "act" else "unknown_op", "no such op")
        if self.features is None and not (broken("7.3.5") and op == "close"):
            raise Refusal("not_ready", "hello first")
        return getattr(self, op)(request)


def lines():
    """The lines of standard input, each with whether it was too long."""
    rest, too_long = b"", False
    while chunk := os.read(0, 1 << 16):
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        if broken("3.1"):
            parts = [part for part in parts if part.strip()][-1:]
        for part in parts:
            if broken("2.2") and not too_long and len(part) <= LONGEST:
                yield from ((piece.encode("utf-8", "surrogateescape"), False) for piece in part.decode("utf-8", "surrogateescape").splitlines())
            elif broken("2.3") and part.endswith(b"\r") and part.strip():
                yield b"carriage return", False
            else:
                yield part.rstrip(b"\r"), too_long or len(part.rstrip(b"\r")) > LONGEST
            too_long = False
        if len(rest) > LONGEST:
            rest, too_long = rest[:1], True
    if rest and not broken("2.5"):
        try:
            json.loads(rest)
            yield rest, False
        except ValueError:
            pass


buffered = []


def disordered(value):
    if isinstance(value, dict):
        names = list(value)
        ORDER.shuffle(names)
        return {name: disordered(value[name]) for name in names}
    return [disordered(element) for element in value] if isinstance(value, list) else value


def say(message):
    if "--disordered" in sys.argv:
        message = disordered({"error": None, "info": None} | message if "id" in message else message)
    buffered.append((json.dumps(message) if isinstance(message, dict) else message) + "\n")
    if not broken("2.13-flush"):
        flush()


def flush():
    sys.stdout.write("".join(buffered))
    sys.stdout.flush()
    buffered.clear()


def main():
    server = Server()
    if broken("3.3"):
        say({"op": "log", "text": "hello there"})
    for line, too_long in lines():
        if not line.strip(b" \t"):
            if broken("2.4"):
                say({"id": None} | Refusal("bad_json").reply)
            continue
        if too_long:
            is_noise = broken("7.3.2") and line[:1] not in (b"{", b"")
            say({"id": None} | Refusal("bad_json" if is_noise else "too_large").reply)
            if broken("2.11"):
                say({"id": None} | Refusal("bad_json").reply)
            continue
        if broken("2.13"):
            say("thinking ...")
        say(server.answer(line))
        if server.closed:
            return 0
    flush()
    return 1 if broken("6.11") else 0


if __name__ == "__main__":
    sys.exit(main())
