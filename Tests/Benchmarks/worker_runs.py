"""What trainings with workers hold: seeds, slow environments, late workers, and processes that are killed.

usage: worker_runs.py DIRECTORY seeds|replays|scaling|late|kills|resumes

DIRECTORY has the built programs. Everything is CartPole-v1 but for replays, which is Pendulum-v1, and goes through the
command that a user types. Prints one line for each run or each group of seeds. Standard library only.
"""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PENDULUM = "classic-control-server --id Pendulum-v1"
SLEEPY = pathlib.Path(__file__).resolve().parent.parent / "ConformanceTests/Fixtures/sleepy.py"


def sleeping(milliseconds):
    return f"python3 '{SLEEPY}' {milliseconds} cartpole-server"


def train(words, environment="cartpole-server"):
    shutil.rmtree("run", ignore_errors=True)
    where = [] if environment is None else ["--env-cmd", environment]
    run = subprocess.run(["pgagent", "train", *where, *words, "--out", "run"], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{words}: {run.stderr}")
    return [json.loads(line) for line in open("run/metrics.jsonl")]


def mean_return(environment="cartpole-server"):
    evaluation = subprocess.run(
        ["pgagent", "eval", "--env-cmd", environment, "--policy", "run/policy.json", "--episodes", "100", "--seed",
         "1000", "--num-envs", "100", "--json"], capture_output=True, text=True, check=True)
    return json.loads(evaluation.stdout)["mean_return"]


def rate(rows, figure):
    """What is done in a second, without the first epoch, in which everything starts."""
    return (rows[-1][figure] - rows[0][figure]) / (rows[-1]["seconds"] - rows[0]["seconds"])


def seeds():
    runs = [f"--algo a3c --workers {count} --num-envs {count}" for count in (2, 4, 8)]
    runs += ["--algo ppo --num-envs 4"] + [
        f"--algo dppo --workers 4 --num-envs 4 --late-workers {late}" for late in (0, 1)]
    for words in runs:
        returns = []
        for seed in range(10):
            train([*words.split(), "--seed", str(seed)])
            returns.append(mean_return())
        print(f"{words}: {sum(total >= 475 for total in returns)} of 10 hold 475, least {min(returns)}", flush=True)


def replays():
    for algorithm in ("sac", "td3"):
        for form in ("", "--workers 4", "--workers 4 --overlap on", "--workers 4 --wait first:1",
                     "--workers 4 --wait first:1 --overlap on"):
            words = f"--algo {algorithm} --num-envs 4 --train-freq 64 --epochs 16 {form}".split()
            returns = []
            for seed in range(4):
                train([*words, "--seed", str(seed)], PENDULUM)
                returns.append(mean_return(PENDULUM))
            print(f"{algorithm} {form}: {min(returns):.0f} to {max(returns):.0f}", flush=True)


def scaling():
    for count in (1, 2, 4, 8, 16):
        words = f"--workers {count} --num-envs {count} --epochs 3 --steps-per-epoch {512 * count}"
        steps = rate(train(words.split(), sleeping(5)), "steps")
        alone = steps if count == 1 else alone
        print(f"{count} workers: {steps:.0f} steps a second, {steps / alone / count:.3f} of linear", flush=True)


def late():
    """Steps are those whose gradients were used."""
    found = {(0, 0): [], (1, 0): [], (1, 50): []}
    for _ in range(5):
        for number, milliseconds in found:
            slow = f"""sh -c 'if [ {{}} = 0 ] && [ {milliseconds} != 0 ]; then exec pgagent work --env-cmd "python3 {SLEEPY} \
{milliseconds} cartpole-server"; else exec pgagent work --env-cmd cartpole-server; fi'"""
            words = f"--algo dppo --workers 4 --num-envs 4 --epochs 24 --late-workers {number}".split()
            rows = train([*words, "--worker-cmd", slow], None)
            found[number, milliseconds].append(rate(rows, "steps"))
            print(f"{number} may be late, worker 0 sleeps {milliseconds} ms: {rate(rows, 'epoch'):.1f} updates a second, "
                  f"{rate(rows, 'steps'):.0f} steps a second", flush=True)
    shares = sorted(slow / fast for slow, fast in zip(found[1, 50], found[1, 0]))
    print(f"where one may be late, a slow one leaves {shares[2]:.2f} of the steps a second, {shares[0]:.2f} to {shares[4]:.2f}")


def kills():
    """Workers die two seconds apart on the average: one that fails sooner is waited for longer each time."""
    run = subprocess.Popen(
        ["pgagent", "train", "--env-cmd", sleeping(2), *"--algo dppo --workers 4 --num-envs 4 --epochs 220".split(),
         "--worker-restarts", "1000", "--out", "run"], stdout=open("log", "w"), stderr=subprocess.STDOUT)
    done = 0
    while done < 100 and run.poll() is None:
        time.sleep(random.uniform(0, 4))
        workers = subprocess.run(["ps", "-o", "pid=", "--ppid", str(run.pid)], capture_output=True, text=True).stdout.split()
        if workers:
            os.kill(int(random.choice(workers)), signal.SIGKILL)
            done += 1
    status = run.wait()
    reported = open("log").read().count("Another takes its place")
    print(f"{done} workers killed, {reported} losses reported, status {status}, mean return {mean_return()}")


def resumes():
    for algorithm in ("ppo", "dppo"):
        words = f"train --env-cmd cartpole-server --algo {algorithm} --workers 4 --num-envs 4 --out a"
        for _ in range(20):
            begin = time.time()
            run = subprocess.Popen(["pgagent", *words.split()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while run.poll() is None and not (os.path.exists("a/checkpoint.json")
                                              and os.path.getmtime("a/checkpoint.json") > begin):
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.25))
            run.kill()
            run.wait()
            words = "--resume a"
        results = []
        for copy in "bc":
            shutil.copytree("a", copy)
            subprocess.run(["pgagent", "--resume", copy], check=True, capture_output=True)
            metrics = re.sub(r',"seconds":[^}\n]*', "", open(f"{copy}/metrics.jsonl").read())
            results.append((open(f"{copy}/policy.json").read(), metrics))
        print(f"{algorithm}, killed 20 times: {'the same bytes' if results[0] == results[1] else 'OTHER BYTES'}", flush=True)
        for name in "abc":
            shutil.rmtree(name)


def main():
    directory, what = sys.argv[1:]
    os.environ["PATH"] = os.path.abspath(directory) + ":" + os.environ["PATH"]
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        {"seeds": seeds, "replays": replays, "scaling": scaling, "late": late, "kills": kills, "resumes": resumes}[what]()


if __name__ == "__main__":
    main()
