"""What a gradient update of off-policy training on Pendulum-v1 costs, in one of several programs.

usage: off_policy_costs.py ours DIRECTORY ALGO HIDDEN BATCH STEPS SEED      DIRECTORY has the built programs
       off_policy_costs.py ours-spread DIRECTORY ...                        the same on all processors
       off_policy_costs.py rltools PROGRAM - - - STEPS SEED                 PROGRAM is built by hand from RLtools' examples
       off_policy_costs.py sb3 - ALGO HIDDEN BATCH STEPS SEED               needs stable-baselines3 and gymnasium

Every one makes 100 steps at random and then a gradient update after each step, on one processor but for `ours-spread`.
Prints microseconds of user and system time for each update, megabytes of resident memory of the largest process, and
microseconds on the clock for each update. Of ours that is everything from start to exit, the environment's process included;
of Stable-Baselines3 what `learn` takes, without the imports.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time

from peer_environment import one_thread

WARM_UP = 100


def child(command, on_one=True):
    """Runs a command, and returns its processor time with that of its children, the memory, and the time on the clock."""
    processor = {sorted(os.sched_getaffinity(0))[-1]} if on_one and hasattr(os, "sched_setaffinity") else None
    start = time.monotonic()
    done = subprocess.run(
        command, capture_output=True, text=True, env=one_thread(),
        preexec_fn=None if processor is None else lambda: os.sched_setaffinity(0, processor))
    elapsed = time.monotonic() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr}")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Linux counts in kilobytes, macOS in bytes.
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3), elapsed


def ours(directory, algorithm, hidden, batch, steps, seed, on_one=True):
    with tempfile.TemporaryDirectory() as scratch:
        return child([
            f"{directory}/pgagent", "--env-cmd", f"{directory}/classic-control-server --id Pendulum-v1", "--num-envs", "1",
            "--algo", algorithm, "--hidden", hidden, "--batch-size", batch, "--learning-starts", str(WARM_UP),
            "--pi-lr", "1e-3", "--q-lr", "1e-3", "--replay-size", "20000", "--steps-per-epoch", "500",
            "--epochs", str(int(steps) // 500), "--seed", seed, "--out", f"{scratch}/run"], on_one)


def ours_spread(*words):
    return ours(*words, on_one=False)


def rltools(program, algorithm, hidden, batch, steps, seed):
    return child([program, seed])


def sb3(_, algorithm, hidden, batch, steps, seed):
    import gymnasium
    import numpy as np
    import stable_baselines3
    import torch
    from stable_baselines3.common.noise import NormalActionNoise

    torch.set_num_threads(1)
    further = {} if algorithm == "sac" else {"action_noise": NormalActionNoise(np.zeros(1), 0.1 * np.ones(1))}
    model = getattr(stable_baselines3, algorithm.upper())(
        "MlpPolicy", gymnasium.make("Pendulum-v1"), learning_rate=1e-3, batch_size=int(batch), learning_starts=WARM_UP,
        train_freq=1, gradient_steps=1, gamma=0.99, buffer_size=20_000, seed=int(seed), device="cpu",
        policy_kwargs={"net_arch": [int(size) for size in hidden.split(",")]}, **further)
    start, begin = time.process_time(), time.monotonic()
    model.learn(int(steps))
    spent, elapsed = time.process_time() - start, time.monotonic() - begin
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return spent, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3), elapsed


def main():
    which, place, algorithm, hidden, batch, steps, seed = sys.argv[1:]
    programs = {"ours": ours, "ours-spread": ours_spread, "rltools": rltools, "sb3": sb3}
    seconds, megabytes, elapsed = programs[which](place, algorithm, hidden, batch, steps, seed)
    updates = int(steps) - WARM_UP
    print(1e6 * seconds / updates, megabytes, 1e6 * elapsed / updates, flush=True)


if __name__ == "__main__":
    main()
