"""What each algorithm makes of each native environment with its defaults: the figures behind the choice of `ppo`.

    swift build -c release
    python3 Tests/Benchmarks/first_choice.py                # seeds 0 to 9
    python3 Tests/Benchmarks/first_choice.py --seeds 0-2    # fewer

It prints, as a table, the median over the seeds of the greedy policy's mean return over 100 episodes, and the least.
"""

import argparse
import pathlib
import statistics
import tempfile

from reproduce import GREEDY, ROOT, Experiment, greedy_each, run_steps, seeds

ALGORITHMS = ["ppo", "ppo-penalty", "trpo", "vpg", "a2c"]
ENVIRONMENTS = [
    "CartPole-v1", "Acrobot-v1", "MountainCar-v0", "Pendulum-v1", "MountainCarContinuous-v0", "CartPoleSwingUp-v1",
]


class Measurement(Experiment):
    """Defaults on one environment; both training and scoring go through the same server."""

    def __init__(self, algorithm, environment):
        server = f"classic-control-server --id {environment}"
        super().__init__(
            f"{algorithm}-{environment}", "", server, f"--algo {algorithm}", str, greedy_each, "", "", evaluation=GREEDY)


def main():
    parser = argparse.ArgumentParser(description="Score the defaults of each algorithm on each native environment.")
    parser.add_argument("--seeds", type=seeds, default=range(10), help="A-B or A (default: 0-9)")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / ".build/release", help="where pgagent is")
    arguments = parser.parse_args()
    print("| environment | " + " | ".join(f"`{algorithm}`" for algorithm in ALGORITHMS) + " |")
    print("|---" * (len(ALGORITHMS) + 1) + "|")
    steps = {}
    with tempfile.TemporaryDirectory() as scratch:
        for environment in ENVIRONMENTS:
            cells = []
            for algorithm in ALGORITHMS:
                measured = Measurement(algorithm, environment)
                runs = [measured.run(seed, pathlib.Path(scratch), arguments.programs) for seed in arguments.seeds]
                final = [run.policy["mean_return"] for run in runs]
                cells.append(f"{statistics.median(final):.1f} (least {min(final):.1f})")
                steps[algorithm] = run_steps(runs)
            print(f"| {environment} | {' | '.join(cells)} |", flush=True)
    print("| steps | " + " | ".join(f"{steps[algorithm]:,}" for algorithm in ALGORITHMS) + " |")


if __name__ == "__main__":
    main()
