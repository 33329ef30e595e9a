"""Stands between a driver and a server, and keeps a megabyte of each step of each sub-environment: leaking.py LOG COMMAND...

At its end it adds to LOG how many steps there were and how many megabytes of memory it had at most. Standard library only.
"""

import json
import resource
import subprocess
import sys


def peak():
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
kept, count = [], 1
for request in iter(sys.stdin.buffer.readline, b""):
    server.stdin.write(request)
    server.stdin.flush()
    reply = server.stdout.readline()
    operation = json.loads(request)["op"]
    if operation == "hello":
        count = json.loads(reply).get("num_envs", 1)
    if operation == "step":
        kept += [b"x" * (1 << 20) for _ in range(count)]
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
with open(sys.argv[1], "a") as file:
    file.write(f"{len(kept)} {peak():.0f}\n")
server.stdin.close()
sys.exit(server.wait())
