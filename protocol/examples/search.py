#!/usr/bin/env python3
"""Looks for settings with Optuna: each trial is a run of pgagent, and those that learn slowly are cut short.

    pip install optuna
    python3 search.py TRIALS DIRECTORY PGAGENT [ARGUMENT...]
    python3 search.py 30 search pgagent --env-cmd cartpole-server --epochs 20

A trial reads metrics.jsonl, which grows by a line for each epoch. The pruner compares it with the trials before.
"""
import json, os, subprocess, sys, time

import optuna

trials, directory, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]


def epochs(path, run):
    """The lines of the metrics as they come, until the run has ended and all are read."""
    line, file = "", None
    while True:
        has_ended = run.poll() is not None
        if file is None and os.path.exists(path):
            file = open(path)
        while file and (piece := file.readline()):
            line += piece
            if line.endswith("\n"):
                yield json.loads(line)
                line = ""
        if has_ended:
            return
        time.sleep(0.05)


def objective(trial):
    rates = [f"--{name}={trial.suggest_float(name, 1e-4, 1e-1, log=True)}" for name in ("pi-lr", "vf-lr")]
    width = f"--hidden={trial.suggest_categorical('hidden', ['16', '64', '64,64'])}"
    out = f"{directory}/trial-{trial.number}"
    with open(f"{out}.log", "w") as log:
        run = subprocess.Popen([*command, *rates, width, f"--seed={trial.number}", f"--out={out}"], stderr=log)
    returns = []
    try:
        for row in epochs(f"{out}/metrics.jsonl", run):
            if row["mean_return"] is None:
                continue
            returns.append(row["mean_return"])
            trial.report(returns[-1], row["epoch"])
            if trial.should_prune():
                raise optuna.TrialPruned()
    finally:
        run.terminate()  # It keeps what it has learned: the trial can be gone on with by --resume.
        run.wait()
    if run.returncode != 0 or not returns:
        raise RuntimeError(open(f"{out}.log").read())
    # How fast it learns counts, and not only where it ends.
    return sum(returns) / len(returns)


os.makedirs(directory, exist_ok=True)
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.create_study(
    direction="maximize", sampler=optuna.samplers.TPESampler(seed=0),
    pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=3))
study.optimize(objective, n_trials=trials)
pruned = len(study.get_trials(states=[optuna.trial.TrialState.PRUNED]))
print(f"{len(study.trials)} trials, {pruned} cut short")
print(f"best: trial {study.best_trial.number}, {study.best_value:.1f} on the average of its epochs, with", " ".join(
    f"--{name} {value:.2g}" if isinstance(value, float) else f"--{name} {value}"
    for name, value in study.best_params.items()))
