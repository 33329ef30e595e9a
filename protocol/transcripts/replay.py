#!/usr/bin/env python3
"""Replays transcripts against a server:  replay.py FILE... [--dir DIRECTORY] [-- COMMAND...]

Without a command, each file's own is started, from DIRECTORY if that is given. README.md has the format.
"""
import base64, json, os, queue, re, shlex, struct, subprocess, sys, tempfile, threading

PATIENCE = 30  # seconds to wait for a line, and for the end
IGNORED = {"server", "message", "data", "max_line"}
DEFAULTS = {"features": [], "num_envs": 1, "info": {}, "final_info": {}, "fatal": False, "nondeterministic": False,
            "start": 0}
PER_ELEMENT = {"low", "high", "nvec", "start"}
FLOATS = {"obs": "f", "final_obs": "f", "low": "f", "high": "f", "logp": "f", "value": "f",
          "reward": "d", "action": "q"}


def canonical(value, kind="d"):
    """The value with what is optional left out, and each number as the number that it stands for."""
    if isinstance(value, dict):
        if set(value) == {"b64"}:
            size = struct.calcsize(kind)
            raw = base64.b64decode(value["b64"], validate=True)
            return list(struct.unpack(f"<{len(raw) // size}{kind}", raw))
        if value.get("dtype") == ("float32" if value.get("type") == "Box" else "int64"):
            value = {name: inner for name, inner in value.items() if name != "dtype"}
        value = {name: inner[0] if name in PER_ELEMENT and isinstance(inner, list) and inner == inner[:1] * len(inner) and inner
                 else inner for name, inner in value.items()}
        return {name: canonical(inner, FLOATS.get(name, "d")) for name, inner in value.items()
                if name not in IGNORED and not (inner is None and name != "id")
                and not (name in DEFAULTS and inner == DEFAULTS[name] and type(inner) is type(DEFAULTS[name]))}
    if isinstance(value, list):
        return [canonical(inner, kind) for inner in value]
    if isinstance(value, float) and kind == "f":
        return struct.unpack("f", struct.pack("f", value))[0]
    return value


def same(expected, actual):
    if expected in ("*", "?"):
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return (all(name in actual or inner == "?" for name, inner in expected.items())
                and all(name in expected and same(expected[name], inner) for name, inner in actual.items()))
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return expected == actual


def start(command):
    """A server, and the queue of its lines, the last of which is empty."""
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = queue.Queue()

    def collect():
        for line in iter(server.stdout.readline, b""):
            lines.put(line)
        lines.put(b"")

    threading.Thread(target=collect, daemon=True).start()
    return server, lines


def replay(path, command):
    """None, or a sentence that says where the server left the script."""
    server, lines = start(command)
    try:
        with open(path, encoding="utf-8", newline="\n") as script:
            for number, line in enumerate(script, 1):
                line, where = line.rstrip("\n"), f"{path}:{number}"
                if line.startswith("> "):
                    server.stdin.write(line[2:].encode() + b"\n")
                elif line.startswith(">> "):
                    times, text = re.fullmatch(r'(\d*) *(["{].*)', line[3:]).groups()
                    what = json.loads(text)
                    what = base64.b64decode(what["b64"]) if isinstance(what, dict) else what.encode()
                    server.stdin.write(what * int(times or 1))
                elif line == "! end":
                    server.stdin.close()
                elif line == "! restart":
                    server.kill()
                    server.wait()
                    server, lines = start(command)
                elif line.startswith("< "):
                    if not server.stdin.closed:
                        server.stdin.flush()
                    reply = {"op": "log"}
                    while "op" in reply and "id" not in reply:  # notifications may come first
                        reply = json.loads(lines.get(timeout=PATIENCE) or '{"error":"the output ended"}')
                    if not same(canonical(json.loads(line[2:])), canonical(reply)):
                        return f"{where}: expected {line[2:]}\n    got {json.dumps(reply)}"
        if lines.get(timeout=PATIENCE) != b"":
            return f"{path}: the server wrote more than the transcript has"
        status = server.wait(PATIENCE)
        return None if status == 0 else f"{path}: exit status {status}, expected 0"
    except (queue.Empty, subprocess.TimeoutExpired):
        return f"{path}: the server neither answered nor ended within {PATIENCE} s"
    except BrokenPipeError:
        return f"{path}: the server ended before it was told to"
    finally:
        server.kill()


def replay_own(path, directory):
    """Replays with the file's own command, in which {directory} is a new directory."""
    with tempfile.TemporaryDirectory() as scratch:
        return replay(path, [word.replace("{directory}", scratch) for word in own_command(path, directory)])


def own_command(path, directory):
    with open(path, encoding="utf-8") as script:
        for line in script:
            if line.startswith("$ "):
                program, *rest = shlex.split(line[2:])
                # The name of a file beside the dialogue stands for its path.
                beside = [os.path.join(os.path.dirname(path), word) for word in rest]
                rest = [file if os.path.isfile(file) else word for file, word in zip(beside, rest)]
                return [os.path.join(directory, program) if directory else program, *rest]
    sys.exit(f"{path} names no command: give one after --")


def main(arguments):
    command, directory = None, None
    if "--" in arguments:
        arguments, command = arguments[:arguments.index("--")], arguments[arguments.index("--") + 1:]
    if "--dir" in arguments:
        at = arguments.index("--dir")
        directory = arguments[at + 1]
        arguments = arguments[:at] + arguments[at + 2:]
    if not arguments:
        sys.exit(__doc__)
    faults = [fault for path in arguments if (fault := replay(path, command) if command else replay_own(path, directory))]
    print(*faults, f"{len(arguments) - len(faults)} of {len(arguments)} dialogues went as written", sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
