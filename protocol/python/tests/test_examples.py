"""The programs that the README names."""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from conftest import PACKAGE, built, cannot_run

import gymwire

EXAMPLES = PACKAGE / "examples"


def run(name: str, *arguments: str, **environ: str) -> str:
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL, env={**os.environ, **environ}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_balance():
    assert run("balance.py", built("cartpole-server")) == "CartPole-v1: 500 steps of at most 500\n"


def test_sb3s_ppo_learns_cart_pole_on_the_swift_server():
    if importlib.util.find_spec("stable_baselines3") is None:
        cannot_run("stable-baselines3 is not installed")
    told = run("train_sb3.py", built("cartpole-server"), "16000", OMP_NUM_THREADS="1")
    assert float(told.rpartition(" ")[2]) > 150  # random actions get 22


@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None or importlib.util.find_spec("torch") is None,
    reason='Ray is gigabytes with its PyTorch, so that no test installs it: pip install "ray[rllib]" torch to run this one',
)
def test_rllibs_ppo_learns_cart_pole_on_the_swift_server():
    told = run("train_rllib.py", built("cartpole-server"), "5", OMP_NUM_THREADS="1")
    assert float(told.rpartition(" ")[2]) > 60  # random actions get 22


def test_my_server():
    command = [sys.executable, str(EXAMPLES / "my_server.py")]
    env = gymwire.make(shlex.join(command))
    obs, _ = env.reset(seed=3)
    assert 10 <= obs[0] <= 30
    rewards = [env.step(int(obs[0] < 20)) for _ in range(100)]
    assert rewards[-1][3] and rewards[-1][4] == {"minutes": 100}
    env.close()
    envs = gymwire.make_vec(command, 3)
    observations, _ = envs.reset(seed=3)
    assert observations.shape == (3, 1) and np.array_equal(observations[0], obs)
    envs.close()


def test_an_instance_is_served_too():
    program = "import gymnasium, gymwire; gymwire.serve(gymnasium.make('CartPole-v1'))"
    env = gymwire.make([sys.executable, "-c", program])
    assert np.array_equal(env.reset(seed=1)[0], gym.make("CartPole-v1").reset(seed=1)[0])
    env.close()
    program = (
        "import gymnasium, gymwire; gymwire.serve(gymnasium.make_vec('CartPole-v1', 3, vectorization_mode='sync'))"
    )
    envs = gymwire.make_vec([sys.executable, "-c", program], 3)
    assert np.array_equal(envs.reset(seed=1)[0][2], gym.make("CartPole-v1").reset(seed=3)[0])
    envs.close()
