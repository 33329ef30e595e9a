"""Balances a pole with a policy that `pgagent serve` answers for. The simulation is here, and this program owns the loop.

    python3 control.py pgagent serve policy.json
"""
import json, math, subprocess, sys

server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
requests = 0


def ask(op, **members):
    """Sends one request and returns its reply."""
    global requests
    server.stdin.write(json.dumps({"id": requests, "op": op, **members}).encode() + b"\n")
    server.stdin.flush()
    requests += 1
    reply = json.loads(server.stdout.readline())
    return sys.exit(reply["error"]["message"]) if "error" in reply else reply


ask("hello", versions=[1])
x, v, angle, spin = 0.02, -0.03, 0.04, 0.01  # of the cart and of the pole
steps = 0
while steps < 500 and abs(x) <= 2.4 and abs(angle) <= math.radians(12):
    action = ask("act", deterministic=True, obs=[x, v, angle, spin])["action"]
    push = ((10 if action == 1 else -10) + 0.05 * spin**2 * math.sin(angle)) / 1.1
    turn = (9.8 * math.sin(angle) - math.cos(angle) * push) / (0.5 * (4 / 3 - 0.1 * math.cos(angle) ** 2 / 1.1))
    move = push - 0.05 * turn * math.cos(angle) / 1.1
    x, v, angle, spin = x + 0.02 * v, v + 0.02 * move, angle + 0.02 * spin, spin + 0.02 * turn
    steps += 1
ask("close")
print(f"held for {steps} steps")
