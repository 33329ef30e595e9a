"""Stands between a driver and a right server, and fails now and then, at random.

    unreliable.py LOG MODES EVERY SEED COMMAND...

MODES are some of signal, exit, hang and babble, separated by commas. A process fails instead of answering, after half to
one and a half times EVERY requests, and notes that in LOG before: the mode, and how many of its driver's children are
zombies. Standard library only.
"""

import os
import random
import signal
import subprocess
import sys
import time

log, modes, every, seed = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3]), sys.argv[4]


def earlier():
    try:
        with open(log) as file:
            return len(file.readlines())
    except FileNotFoundError:
        return 0


def zombies():
    found = 0
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else []:
        try:
            with open(f"/proc/{entry}/stat") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        found += state == "Z" and int(parent) == os.getppid()
    return found


dice = random.Random(f"{seed} {earlier()}")
left = dice.randint(every // 2, every * 3 // 2)
mode = dice.choice(modes)
server = subprocess.Popen(sys.argv[5:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for request in iter(sys.stdin.buffer.readline, b""):
    left -= 1
    # Whoever fails at close is not missed, and nobody reports it.
    if left < 0 and b'"op":"close"' not in request:
        with open(log, "a") as file:
            file.write(f"{mode} {zombies()}\n")
        if mode == "signal":
            os.kill(os.getpid(), signal.SIGSEGV)
        if mode == "exit":
            os._exit(3)
        if mode == "hang":
            time.sleep(3600)
        sys.stdout.buffer.write(dice.choice([b'{"id":-5}\n', b'{"obs":\n', b'oops {"id":7,\n', b'{"id":0,"obs":"x"}\n']))
        sys.stdout.buffer.flush()
        time.sleep(3600)
    server.stdin.write(request)
    server.stdin.flush()
    sys.stdout.buffer.write(server.stdout.readline())
    sys.stdout.buffer.flush()
server.stdin.close()
sys.exit(server.wait())
