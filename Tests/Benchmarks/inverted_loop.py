#!/usr/bin/env python3
"""Learns CartPole in both loops, ten seeds each, and prints the mean return of each epoch side by side.

    swift build -c release
    python3 Tests/Benchmarks/inverted_loop.py                                     # 40 epochs of 4000 steps
    python3 Tests/Benchmarks/inverted_loop.py --steps-per-epoch 500 --epochs 100  # the defaults

One is `pgagent train`. In the other this program owns the loop: it steps eight servers of the same environment, and asks
`pgagent learn`, with eight sessions open at once, what to do in them. Settings, seeds and steps for an update are the
same, except that an update of the second waits for the end of an episode.
"""
import argparse, itertools, json, os, statistics, subprocess, sys, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--steps-per-epoch", type=int, default=4000)
parser.add_argument("--epochs", type=int, default=40)
CHOSEN = parser.parse_args()
SEEDS, COUNT, EPOCHS = range(10), 8, CHOSEN.epochs
SETTINGS = ["--algo", "vpg", "--steps-per-epoch", CHOSEN.steps_per_epoch, "--epochs", EPOCHS]


def command(program, *words):
    return [os.path.join(".build/release", program), *map(str, words)]


class Server:
    def __init__(self, command):
        self.ids = itertools.count()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def ask(self, op, **members):
        self.process.stdin.write(json.dumps({"id": next(self.ids), "op": op, **members}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        return reply if "error" not in reply else sys.exit(f"{op}: {reply}")

    def close(self):
        self.ask("close")
        self.process.wait()


def epochs(directory):
    with open(os.path.join(directory, "metrics.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def ordinary(seed, directory):
    subprocess.run(
        command("pgagent", "--env-cmd", command("cartpole-server")[0], "--num-envs", COUNT, "--seed", seed,
                "--out", directory, *SETTINGS), check=True, stderr=subprocess.DEVNULL)
    return epochs(directory)


def inverted(seed, directory):
    learner = Server(command("pgagent", "learn", "--seed", seed, "--out", directory, *SETTINGS))
    environments = [Server(command("cartpole-server")) for _ in range(COUNT)]
    spaces = [environment.ask("hello", versions=[1]) for environment in environments][0]
    learner.ask("hello", versions=[1], want={name: spaces[name] for name in ("obs_space", "action_space")})
    shown, reward = [None] * COUNT, [None] * COUNT
    version, updates = 0, []
    for step in itertools.count(1):
        for index, environment in enumerate(environments):
            name = str(index)
            if shown[index] is None:
                first = {"seed": 1000 * seed + index} if step == 1 else {}
                shown[index], reward[index] = environment.ask("reset", **first)["obs"], None
                learner.ask("begin", session=name)
            earned = {} if reward[index] is None else {"reward": reward[index]}
            action = learner.ask("act", session=name, **earned, obs=shown[index])["action"]
            result = environment.ask("step", action=action)
            shown[index], reward[index] = result["obs"], result["reward"]
            if result["terminated"] or result["truncated"]:
                flags = {flag: result[flag] for flag in ("terminated", "truncated")}
                end = learner.ask("end", session=name, reward=reward[index], **flags, obs=shown[index])
                shown[index] = None
                version = end["policy_version"]
                if end["updated"]:
                    updates.append(end["stats"]["steps"])
        if version == EPOCHS:
            break
    for server in [learner, *environments]:
        server.close()
    return epochs(directory), updates


def main():
    curves, updates, steps = {"train": [], "learn": []}, [], {"train": [], "learn": []}
    with tempfile.TemporaryDirectory() as scratch:
        for seed in SEEDS:
            rows = {"train": ordinary(seed, f"{scratch}/train{seed}")}
            rows["learn"], sizes = inverted(seed, f"{scratch}/learn{seed}")
            updates += sizes
            for loop, lines in rows.items():
                curves[loop].append([line["mean_return"] for line in lines])
                steps[loop].append([line["steps"] for line in lines])
    print(f"steps for an update: train {steps['train'][0][0]}, learn {statistics.mean(updates):.0f} ± {statistics.stdev(updates):.0f}"
          f" ({min(updates)} to {max(updates)})")
    print("| epoch | " + " | ".join(f"{loop}: steps | mean return" for loop in curves) + " |")
    print("|---" * 5 + "|")
    for epoch in [*range(0, EPOCHS, max(1, EPOCHS // 20)), EPOCHS - 1]:
        cells = []
        for loop in curves:
            returns = [curve[epoch] for curve in curves[loop] if curve[epoch] is not None]
            cells.append(f"{statistics.mean(row[epoch] for row in steps[loop]):.0f}")
            cells.append(f"{statistics.mean(returns):.1f} ± {statistics.stdev(returns):.1f}")
        print(f"| {epoch + 1} | " + " | ".join(cells) + " |")


main()
