"""Steps other vector environments on request: one line in, the seconds it took out.

usage: peers.py KIND N     KIND is numpy, sync, async or envpool
Each line of standard input is a number of steps; the reply is the time that they took. The first line written tells
the version of what is measured, or begins with "missing" if it cannot be.
"""

import sys
import time
import warnings

warnings.filterwarnings("ignore")


def make(kind, count):
    import gymnasium

    if kind == "envpool":
        import envpool

        environment = envpool.make("CartPole-v1", env_type="gymnasium", num_envs=count)
        return environment, f"EnvPool {envpool.__version__}"
    modes = {"numpy": "vector_entry_point", "sync": "sync", "async": "async"}
    environment = gymnasium.make_vec("CartPole-v1", num_envs=count, vectorization_mode=modes[kind])
    return environment, f"Gymnasium {gymnasium.__version__}"


def main():
    kind, count = sys.argv[1], int(sys.argv[2])
    try:
        import numpy

        environment, version = make(kind, count)
        environment.reset(seed=0)
        generator = numpy.random.default_rng(0)
        actions = [generator.integers(0, 2, count).astype(numpy.int32 if kind == "envpool" else numpy.int64)
                   for _ in range(64)]
        environment.step(actions[0])
    except Exception as error:
        print(f"missing: {type(error).__name__}: {error}".splitlines()[0], flush=True)
        return
    print(version, flush=True)
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for index in range(steps):
            environment.step(actions[index & 63])
        print(time.perf_counter() - start, flush=True)
    environment.close()


if __name__ == "__main__":
    main()
