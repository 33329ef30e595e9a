#!/usr/bin/env python3
"""A game that owns its loop and learns while it runs: eight poles to balance at once, each a session of a learner.

    python3 balance.py SEED LEARNER [ARGUMENT...]       such as    python3 balance.py 0 pgagent learn --out balance
"""
import collections, itertools, json, math, random, subprocess, sys

random.seed(int(sys.argv[1]))
learner = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
ids = itertools.count()


def ask(op, **members):
    learner.stdin.write(json.dumps({"id": next(ids), "op": op, **members}).encode() + b"\n")
    learner.stdin.flush()
    reply = json.loads(learner.stdout.readline() or '{"error":{"message":"the learner ended"}}')
    return reply if "error" not in reply else sys.exit(reply["error"]["message"])


class Pole:
    """A cart that balances a pole: the CartPole-v1 of Gymnasium."""

    def __init__(self):
        self.state, self.steps = [random.uniform(-0.05, 0.05) for _ in range(4)], 0

    def push(self, force):
        place, speed, angle, spin = self.state
        drive = (force + 0.05 * spin**2 * math.sin(angle)) / 1.1
        torque = 9.8 * math.sin(angle) - drive * math.cos(angle)
        spin_up = torque / (0.5 * (4 / 3 - 0.1 * math.cos(angle) ** 2 / 1.1))
        speed_up = drive - 0.05 * spin_up * math.cos(angle) / 1.1
        self.state = [place + 0.02 * speed, speed + 0.02 * speed_up, angle + 0.02 * spin, spin + 0.02 * spin_up]
        self.steps += 1
        self.has_fallen = abs(self.state[0]) > 2.4 or abs(self.state[2]) > math.radians(12)


box = {"type": "Box", "shape": [4], "dtype": "float32", "low": "-Infinity", "high": "Infinity"}
ask("hello", versions=[1], want={"obs_space": box, "action_space": {"type": "Discrete", "n": 2}})
poles = dict.fromkeys(f"pole {number}" for number in range(8))
returns, episodes, steps = collections.deque(maxlen=100), 0, 0
while sum(returns) < 475 * 100 and steps < 1_000_000:
    for name, pole in poles.items():
        if pole is None:
            ask("begin", session=name)
            poles[name] = pole = Pole()
        reward = {"reward": 1} if pole.steps > 0 else {}
        action = ask("act", session=name, **reward, obs=pole.state)["action"]
        pole.push(10 if action == 1 else -10)
        steps += 1
        if pole.has_fallen or pole.steps == 500:
            ends = {"terminated": pole.has_fallen, "truncated": pole.steps == 500}
            ask("end", session=name, reward=1, **ends, obs=pole.state)
            returns.append(pole.steps)
            poles[name], episodes = None, episodes + 1
            if episodes % 100 == 0:
                print(f"{episodes} episodes, {steps} steps: mean return {sum(returns) / 100:.1f}", flush=True)
print(f"the last 100 of {episodes} episodes: mean return {sum(returns) / 100:.1f} after {steps} steps")
ask("close")
sys.exit(learner.wait() or sum(returns) < 475 * 100)
