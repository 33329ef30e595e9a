"""Reruns the experiments that the page "Results" shows, each over several seeds.

    swift build -c release
    python3 Tests/Benchmarks/reproduce.py                       # everything, seeds 0 to 9
    python3 Tests/Benchmarks/reproduce.py defaults --seeds 0-2  # one experiment, fewer seeds
    python3 Tests/Benchmarks/reproduce.py --page                # and put the rows into the page

It runs the built programs with the options that it prints, and needs nothing but Python 3. The rows of experiments that
it does not rerun stay in the page as they are.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Callable

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- results begin -->", "<!-- results end -->"
HEADER = ["| experiment | measured | published or recalibrated | steps of a run |", "|---|---|---|---|"]


@dataclasses.dataclass
class Run:
    """What one seed gave: the lines of metrics.jsonl, the evaluation of its policy, and how long training took."""

    seed: int
    seconds: float
    metrics: list
    policy: dict | None

    def returns(self):
        """The mean return of the episodes that finished in each epoch."""
        return [row["mean_return"] for row in self.metrics]

    def final(self):
        return self.returns()[-1]


@dataclasses.dataclass
class Experiment:
    """A command, what is measured in its runs, and the figure to hold it against."""

    name: str
    title: str
    server: str
    options: str
    measure: Callable[[list], str]
    each: Callable[[Run], str]
    published: str
    differences: str
    # Options of `pgagent eval` for the final policy; empty for none.
    evaluation: str = ""
    evaluation_server: str = ""
    policy: str = "policy.json"

    def command(self, seed, directory, programs):
        environment = f"{programs / self.server.split()[0]} {' '.join(self.server.split()[1:])}".strip()
        settings = ["--seed", seed, "--out", directory, *shlex.split(self.options)]
        return [programs / "pgagent", "--env-cmd", environment, *settings]

    def run(self, seed, parent, programs):
        directory = parent / f"{self.name}-{seed}"
        start = time.monotonic()
        call(self.command(seed, directory, programs))
        seconds = time.monotonic() - start
        evaluation = None
        if self.evaluation:
            server = programs / (self.evaluation_server or self.server)
            command = [programs / "pgagent", "eval", "--env-cmd", server, "--policy", directory / self.policy, "--json"]
            evaluation = json.loads(call(command + self.evaluation.split()))
        return Run(seed, seconds, lines(directory / "metrics.jsonl"), evaluation)


def call(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nended with status {done.returncode}:\n{done.stderr}")
    return done.stdout


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def mean_and_spread(values):
    values = list(values)
    spread = f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.1f}{spread}"


def first_epoch(values, threshold):
    return next((index for index, value in enumerate(values) if value is not None and value >= threshold), None)


def article_metric(run):
    """All rewards of each epoch over the number of episodes that ended in it."""
    return [row["reward_sum"] / row["episodes"] if row["episodes"] else None for row in run.metrics]


def article(runs):
    first = [first_epoch(run.returns(), 195) for run in runs]
    early = sum(epoch is not None and epoch <= 45 for epoch in first)
    held = sum(run.final() >= 195 for run in runs)
    reached = [str(epoch) for epoch in sorted(epoch for epoch in first if epoch is not None)]
    late = [statistics.median(values) for values in zip(*(article_metric(run)[60:] for run in runs))]
    return (
        f"first ≥ 195 at epoch {reached[0]} to {reached[-1]} ({early} of {len(runs)} by 45); at the end "
        f"{mean_and_spread(run.final() for run in runs)}, {held} of {len(runs)} ≥ 195; the tutorial's metric from epoch "
        f"60 on: median {min(late):.1f} to {max(late):.1f}"
    )


def article_each(run):
    first, metric = first_epoch(run.returns(), 195), article_metric(run)
    return f"first >= 195 at epoch {first}, final {run.final():.1f}, metric at 60 {metric[60]:.1f}, at 99 {metric[99]:.1f}"


def final_mean(runs):
    best = [max(run.returns()) for run in runs]
    return f"final {mean_and_spread(run.final() for run in runs)}; best epoch {mean_and_spread(best)}"


def final_each(run):
    return f"final {run.final():.1f}, best epoch {max(run.returns()):.1f}"


VPG_REFERENCE = (
    "21.7 ± 1.3 (1), 25.7 ± 2.2 (10), 30.0 ± 1.6 (20),"
    " 36.5 ± 2.8 (30), 43.7 ± 2.1 (40), 51.1 ± 3.4 (50)"
)
VPG_EPOCHS = [0, 9, 19, 29, 39, 49]


def curve(runs):
    points = (f"{mean_and_spread(run.returns()[epoch] for run in runs)} ({epoch + 1})" for epoch in VPG_EPOCHS)
    return "mean return (epoch): " + ", ".join(points)


def curve_each(run):
    return " ".join(f"{run.returns()[epoch]:.1f}" for epoch in VPG_EPOCHS)


def run_steps(runs):
    return max(run.metrics[-1]["steps"] for run in runs)


def greedy_each(run):
    result = run.policy
    return (
        f"{result['mean_return']:.2f} ± {result['std_return']:.2f}, min {result['min_return']:.1f}, "
        f"max {result['max_return']:.1f}, mean length {result['mean_length']:.1f}"
    )


def swing_up(runs):
    final = [run.policy["mean_return"] for run in runs]
    held = sum(value >= 300 for value in final)
    full = statistics.mean(run.policy["mean_length"] for run in runs)
    return (
        f"{held} of {len(runs)} ≥ 300; median {statistics.median(final):.1f}, {min(final):.1f} to {max(final):.1f}; "
        f"mean length {full:.0f} of 500"
    )


def greedy(runs):
    final = [run.policy["mean_return"] for run in runs]
    return f"{mean_and_spread(final)}, least {min(final):.1f}, after {run_steps(runs):,} steps"


def at_least(threshold):
    """How many seeds reach a return, of all."""
    def measure(runs):
        final = [run.policy["mean_return"] for run in runs]
        reached = sum(value >= threshold for value in final)
        return (
            f"{reached} of {len(runs)} ≥ {threshold} after {run_steps(runs):,} steps; median "
            f"{statistics.median(final):.1f}, least {min(final):.1f}"
        )
    return measure


NO_OTHER = (
    "One environment and whole episodes, as there. The one difference known: a batch whose last episode ends with exactly "
    "its 5,000th step is complete here, and takes one more episode there."
)
GREEDY = "--episodes 100 --seed 1000 --num-envs 100"
PENDULUM = "classic-control-server --id Pendulum-v1"
SIMPLE = "--num-envs 1 --hidden 32 --init torch --pi-lr 0.01 --epochs 50 --steps-per-epoch 5000"

EXPERIMENTS = [
    Experiment(
        "article", "REINFORCE, linear policy, CartPole-v0", "cartpole-server --id CartPole-v0",
        "--algo reinforce-rtg --gamma 0.99 --hidden none --init torch --pi-lr 0.1 "
        "--num-envs 32 --steps-per-epoch 32000 --epochs 100 --finish-episodes off --reset-each-epoch on",
        article, article_each,
        "first ≥ 195 at epoch 33 to 39; 184 to 200 at the end; its metric 200.0 in the last epoch",
        'The tutorial "Policy Gradient Theorem and REINFORCE". Its metric is the sum of all rewards over the number of '
        "episodes that ended. Epochs count from 0. The policy is in float32 here and in float64 there, and the 32 "
        "environments start differently, where there they are copies with the same random numbers. The first figures "
        "beside it are from a rerun of its settings in NumPy over 4 seeds, with independent environments."),
    Experiment(
        "simple", "Spinning Up's simple policy gradient, CartPole-v0", "cartpole-server --id CartPole-v0",
        f"--algo reinforce {SIMPLE}", final_mean, final_each, "final 166 to 178, best epoch 186 to 200",
        f"Spinning Up publishes no figures for it; those beside it are from a rerun in NumPy over 3 seeds. {NO_OTHER}"),
    Experiment(
        "reward-to-go", "Spinning Up's reward-to-go policy gradient, CartPole-v0", "cartpole-server --id CartPole-v0",
        f"--algo reinforce-rtg {SIMPLE}", final_mean, final_each, "final 192 to 199, best epoch 199.6 to 200",
        f"As above. {NO_OTHER}"),
    Experiment(
        "vpg", "Spinning Up's VPG defaults, CartPole-v1", "cartpole-server",
        "--algo vpg --num-envs 1 --hidden 64,64 --init torch --gamma 0.99 --lam 0.97 --pi-lr 3e-4 --vf-lr 1e-3 "
        "--lr-decay none --train-v-iters 80 --value-target reward-to-go --steps-per-epoch 4000 --epochs 50 "
        "--reset-each-epoch on", curve, curve_each, VPG_REFERENCE,
        "Beside it is a plain NumPy program of Spinning Up's algorithm and settings over ten seeds, written apart "
        "from this one; Spinning Up itself was not run. The only difference known is that an episode which its limit of "
        "500 steps cuts is bootstrapped here and worth 0 from there on in Spinning Up."),
    Experiment(
        "defaults", "the defaults, CartPole-v1", "cartpole-server", "", at_least(475), greedy_each,
        "SB3: 500 after 100,000 steps (PPO, tuned)", "The greedy policy plays 100 episodes.",
        evaluation=GREEDY),
    Experiment(
        "fewer-steps", "the defaults in half the steps, CartPole-v1", "cartpole-server", "--epochs 24",
        at_least(475), greedy_each,
        "SLM-Lab: 483 after 200,000 steps (REINFORCE)",
        "The learning rates fall to 0 over the run, so that fewer steps are a run of their own.", evaluation=GREEDY),
    Experiment(
        "swing-up", "swing-up, learned on v1, scored on v0", "swingup-server --id CartPoleSwingUp-v1",
        "--algo vpg --num-envs 16 --steps-per-epoch 4096 --epochs 1000 --hidden 64,64 --log-std 0 --gamma 0.995 --lam 0.97 "
        "--pi-lr 3e-3 --vf-lr 3e-3 --scale-rewards on --eval-interval 25 --eval-episodes 40",
        swing_up, greedy_each, "energy and LQR controller 297; a tutorial's REINFORCE 5.8",
        "Both versions have the same dynamics. v1's reward is never negative, so that leaving the track early does not "
        "pay. The best policy of the evaluations during the run plays 200 episodes from other "
        "starts; from hanging, about 345 is the most that the time allows. Two seeds learn only one of the two ways up. With "
        "`--steps-per-update 4096 --steps-per-epoch 81920 --epochs 50 --reset-each-epoch on --eval-interval 1` two other "
        "seeds fall short, at 285 and 293.",
        evaluation="--episodes 200 --seed 1000000 --num-envs 200", evaluation_server="swingup-server",
        policy="best-policy.json"),
    *(
        Experiment(
            f"pendulum-{name}", f"`{name}`, Pendulum-v1", PENDULUM, f"--algo {name}", greedy, greedy_each, published,
            "The greedy policy plays 100 episodes.", evaluation=GREEDY)
        for name, published in [
            ("ddpg", "-152 (SB3, one run)"), ("td3", "-152 (SB3, one run)"), ("sac", "-157 (SB3, one run)"),
            ("sql", "no figure found"), ("d4pg", "no figure found"),
        ]
    ),
    Experiment(
        "cartpole-sac", "`sac` for choices, CartPole-v1", "cartpole-server",
        "--algo sac", at_least(475), greedy_each, "no figure found",
        "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "cartpole-acer", "`acer` for choices, CartPole-v1", "cartpole-server",
        "--algo acer", at_least(475), greedy_each, "no figure found",
        "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "pendulum-acer", "`acer` for real numbers, Pendulum-v1", PENDULUM,
        "--algo acer", greedy, greedy_each, "no figure found",
        "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "vpg-defaults", "the defaults of vpg, CartPole-v1", "cartpole-server", "--algo vpg", at_least(475), greedy_each,
        "SB3: 500 after 500,000 steps (A2C)", "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "npg", "the defaults of npg, CartPole-v1", "cartpole-server", "--algo npg", at_least(475), greedy_each,
        "none found", "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "trpo", "the defaults of trpo, CartPole-v1", "cartpole-server", "--algo trpo", at_least(475), greedy_each,
        "SB3: 500 after 100,000 steps (TRPO, tuned)", "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "ppo-penalty", "the defaults of ppo-penalty, CartPole-v1", "cartpole-server", "--algo ppo-penalty",
        at_least(475), greedy_each, "none found", "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "trpo-swing-up", "trpo's swing-up, learned on v1, scored on v0", "swingup-server --id CartPoleSwingUp-v1",
        "--algo trpo --num-envs 16 --steps-per-epoch 4096 --epochs 500 --hidden 64,64 --log-std 0 --gamma 0.995 "
        "--vf-lr 3e-3 --scale-rewards on --eval-interval 25 --eval-episodes 40",
        swing_up, greedy_each, "energy and LQR controller 297", "Scored as the swing-up above.",
        evaluation="--episodes 200 --seed 1000000 --num-envs 200", evaluation_server="swingup-server",
        policy="best-policy.json"),
    Experiment(
        "pendulum-ppo", "`ppo`, Pendulum-v1", PENDULUM,
        "--algo ppo --num-envs 4 --steps-per-epoch 1024 --epochs 195 --hidden 64,64 --log-std 0 --gamma 0.97 "
        "--pi-lr 5e-4 --vf-lr 3e-3 --normalize-obs off",
        greedy, greedy_each, "-172 after 100,000 steps (SB3, one run)",
        "The greedy policy plays 100 episodes.", evaluation=GREEDY),
    Experiment(
        "mountain-car", "`ppo` with a potential, MountainCar-v0", "classic-control-server --id MountainCar-v0",
        "--algo ppo --epochs 195 --normalize-obs on --gamma 0.999 --lam 0.98 "
        '--shaping "30000 * o[1]^2 + 50 * sin(3 * o[0])"',
        at_least(-130), greedy_each, "-110 after 1,000,000 steps (SB3, one run)",
        "The potential is the energy of the car. The greedy policy plays 100 episodes. Without the potential these settings "
        "reach -106 to -129; after a quarter of the steps one of five seeds has then not found the goal, and with it all "
        "have.", evaluation=GREEDY),
    Experiment(
        "mountain-car-sac", "`sac` with a potential, MountainCarContinuous-v0",
        "classic-control-server --id MountainCarContinuous-v0",
        "--algo sac --epochs 50 --gamma 0.999 "
        '--shaping "30000 * o[1]^2 + 50 * sin(3 * o[0])"',
        at_least(90), greedy_each, "94.7 after 50,000 steps (SB3, gSDE, one run)",
        "The potential is the energy of the car; the return is the environment's own. The greedy policy plays 100 episodes. "
        "With `--epochs 20` 7 of 10 seeds reach 90, and two still do not leave the valley.", evaluation=GREEDY),
]


def row(experiment, runs):
    return f"| {experiment.title} | {experiment.measure(runs)} | {experiment.published} | {run_steps(runs):,} |"


def notes(experiments):
    """How each experiment is run, and where it differs from the original."""
    paragraphs = []
    for known in experiments:
        server = f'"{known.server}"' if " " in known.server else known.server
        command = f"`pgagent --env-cmd {server} {known.options}".rstrip() + "`"
        if known.evaluation:
            scored = known.evaluation_server or known.server
            scored = f'"{scored}"' if " " in scored else scored
            command += f", then `pgagent eval --env-cmd {scored} --policy {known.policy} {known.evaluation}`"
        paragraphs.append(f"* {known.title}: {command}. {known.differences}")
    return paragraphs


def write_page(rows):
    """Puts the new rows between the markers and leaves the others there."""
    path = ROOT / "Sources/pgagent/pgagent.docc/Results.md"
    before, _, rest = path.read_text().partition(BEGIN)
    block, marker, after = rest.partition(END)
    if not marker:
        sys.exit(f"{path} has no lines {BEGIN} and {END} to write between")
    kept = {line.split(" | ")[0].removeprefix("| "): line for line in block.splitlines() if line.startswith("| ")}
    shown = [known for known in EXPERIMENTS if known.title in rows or known.title in kept]
    text = HEADER + [rows.get(known.title) or kept[known.title] for known in shown] + [""] + notes(shown)
    path.write_text("\n".join([before + BEGIN] + text + [END + after]))


def print_costs(experiments, arguments):
    for experiment in experiments:
        for seed in arguments.seeds:
            with tempfile.TemporaryDirectory() as scratch:
                run = experiment.run(seed, pathlib.Path(scratch), arguments.programs.resolve())
            # Of all descendants that have ended; Linux counts in kilobytes, macOS in bytes.
            unit = 1e6 if sys.platform == "darwin" else 1e3
            print(run.seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit, flush=True)


def seeds(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main():
    names = [experiment.name for experiment in EXPERIMENTS]
    parser = argparse.ArgumentParser(description="Rerun the experiments of the page Results.")
    parser.add_argument("experiments", nargs="*", metavar="EXPERIMENT", help=f"of {', '.join(names)} (default: all)")
    parser.add_argument("--seeds", type=seeds, default=range(10), help="A-B or A (default: 0-9)")
    parser.add_argument("--jobs", type=int, default=1, help="runs at the same time (default: 1, for honest times)")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / ".build/release", help="where pgagent is")
    parser.add_argument("--out", type=pathlib.Path, help="keep the runs in this new directory (default: delete them)")
    parser.add_argument("--costs", action="store_true",
                        help="print nothing but, for each run, its seconds and the megabytes of its largest process")
    parser.add_argument("--page", action="store_true", help="put the rows into the page Results")
    arguments = parser.parse_args()
    for unknown in set(arguments.experiments) - set(names):
        parser.error(f"there is no experiment {unknown}; they are {', '.join(names)}")
    chosen = [known for known in EXPERIMENTS if known.name in arguments.experiments or not arguments.experiments]
    if arguments.out:
        arguments.out.mkdir(parents=True)

    if arguments.costs:
        return print_costs(chosen, arguments)
    rows = {}
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for experiment in chosen:
            parent = arguments.out or pathlib.Path(scratch)
            print(f"\n{experiment.title}\n  --env-cmd \"{experiment.server}\" {experiment.options}", flush=True)
            programs = arguments.programs.resolve()
            runs = []
            for run in pool.map(lambda seed: experiment.run(seed, parent, programs), arguments.seeds):
                runs.append(run)
                print(f"  seed {run.seed}: {experiment.each(run)} ({run.seconds:.1f} s)", flush=True)
            rows[experiment.title] = row(experiment, runs)
    print("\n" + "\n".join(HEADER + list(rows.values()) + [""] + notes(chosen)))
    if arguments.page:
        write_page(rows)


if __name__ == "__main__":
    main()
