"""Environment steps per second through the pipe, beside Gymnasium's own ways, in one run.

    python benchmarks/speed.py [--bin ../../.build/release] [--rounds 7] [--seconds 0.5] [--json FILE]

The contestants of a table take turns, so that a machine whose clock or load changes treats all alike; what is printed
are medians over the rounds. Every contestant steps CartPole-v1 with random actions drawn beforehand.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv

import gymwire

Run = Callable[[float], float]
"""Steps for about so many seconds and returns environment steps per second."""

SERVE = [sys.executable, "-m", "gymwire", "serve", "CartPole-v1"]


def single(env: gym.Env) -> Run:
    """Step one environment, with resets."""
    actions = np.random.default_rng(0).integers(2, size=1000).tolist()
    env.reset(seed=0)

    def run(seconds: float) -> float:
        done, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            for action in actions[:200]:
                _, _, terminated, truncated, _ = env.step(action)
                if terminated or truncated:
                    env.reset()
            done += 200
        return done / (time.perf_counter() - begun)

    return run


def batch(envs: gym.vector.VectorEnv) -> Run:
    """Step a vector environment, which resets itself."""
    count = envs.num_envs
    actions = list(np.random.default_rng(0).integers(2, size=(64, count)))
    envs.reset(seed=0)

    def run(seconds: float) -> float:
        done, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            for action in actions[: max(1, min(64, 4096 // count))]:
                envs.step(action)
                done += count
        return done / (time.perf_counter() - begun)

    return run


def cart_poles(count: int) -> list[Callable[[], gym.Env]]:
    return [lambda: gym.make("CartPole-v1")] * count


def tables(server: str) -> dict[str, dict[str, Callable[[], Any]]]:
    """Return the contestants of each table; the first is what the others are compared with."""
    same = AutoresetMode.SAME_STEP
    result: dict[str, dict[str, Callable[[], Any]]] = {
        "one environment": {
            "AsyncVectorEnv(1)": lambda: AsyncVectorEnv(cart_poles(1)),
            "gym.make, in process": lambda: gym.make("CartPole-v1"),
            "make, Swift server": lambda: gymwire.make(server),
            "make, Swift server, text": lambda: gymwire.make(server, b64=False),
            "make, python -m gymwire serve": lambda: gymwire.make(SERVE),
            "make_vec(1), Swift server": lambda: gymwire.make_vec(server, 1),
        }
    }
    for count in (32, 1024):
        contestants: dict[str, Callable[[], Any]] = {
            "AsyncVectorEnv": lambda count=count: AsyncVectorEnv(cart_poles(count)),
            "SyncVectorEnv": lambda count=count: SyncVectorEnv(cart_poles(count), autoreset_mode=same),
            "NumPy-vectorised CartPole": lambda count=count: gym.make_vec("CartPole-v1", count),
            "make_vec, Swift server": lambda count=count: gymwire.make_vec(server, count),
            "make_vec, Swift server, text": lambda count=count: gymwire.make_vec(server, count, b64=False),
            "make_vec, python -m gymwire serve": lambda count=count: gymwire.make_vec(SERVE, count),
            "make_vec, serve --vector": lambda count=count: gymwire.make_vec([*SERVE, "--vector"], count),
        }
        if count > 64:
            del contestants["AsyncVectorEnv"]  # a process for each; the figure at 32 is the better one
        result[f"N = {count}"] = contestants
    return result


def measure(contestants: dict[str, Callable[[], Any]], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Return the figures of each contestant, which take turns."""
    made = {name: make() for name, make in contestants.items()}
    runs = {name: (batch if isinstance(env, gym.vector.VectorEnv) else single)(env) for name, env in made.items()}
    figures: dict[str, list[float]] = {name: [] for name in runs}
    for name, run in runs.items():
        run(seconds / 4)
    for _ in range(rounds):
        for name, run in runs.items():
            figures[name].append(run(seconds))
    for env in made.values():
        env.close()
    return figures


def main() -> None:
    """Measure and print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=Path(__file__).resolve().parents[3] / ".build/release")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = {}
    for title, contestants in tables(str(options.bin / "cartpole-server")).items():
        figures = results[title] = measure(contestants, options.rounds, options.seconds)
        first = next(iter(figures))
        print(f"\n{title:36}{'steps/s':>12}{'of ' + first:>24}")
        for name, values in figures.items():
            ratio = statistics.median(value / base for value, base in zip(values, figures[first], strict=True))
            print(f"{name:36}{statistics.median(values):>12,.0f}{ratio:>24.2f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
