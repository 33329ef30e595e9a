"""Gymnasium's and SB3's checkers, and the project's own servers in Swift, C, JavaScript, Python and shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable

import gymnasium as gym
import numpy as np
import pytest
from conftest import PACKAGE, built, cannot_run, serve
from gymnasium.utils.env_checker import check_env, data_equivalence
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import gymwire

EXAMPLES = PACKAGE.parent / "examples"


def example(file: str, *interpreter: str) -> list[str]:
    """Return the command of an example server."""
    if not shutil.which(interpreter[0]):
        cannot_run(f"{interpreter[0]} is not installed")
    return [*interpreter, str(EXAMPLES / file)]


@pytest.fixture(scope="session")
def chase(tmp_path_factory) -> str:
    """Compile the example in C."""
    if not shutil.which("cc"):
        cannot_run("cc is not installed")
    program = tmp_path_factory.mktemp("c") / "chase"
    subprocess.run(["cc", "-std=c99", "-O2", "-o", program, EXAMPLES / "chase.c", "-lm"], check=True)
    return str(program)


SERVERS: dict[str, Callable[[], list[str]]] = {
    "cartpole-server": lambda: [built("cartpole-server")],
    "cartpole-server v0": lambda: [built("cartpole-server"), "--id", "CartPole-v0"],
    "swingup-server": lambda: [built("swingup-server")],
    "corridor.py": lambda: example("corridor.py", sys.executable),
    "guess.js": lambda: example("guess.js", "node"),
    "bandit.sh": lambda: example("bandit.sh", "sh"),
    "gymnasium": lambda: serve("CartPole-v1"),
}


def warnings_of(check: Callable[[gym.Env], None], env: gym.Env) -> set[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check(env)
    return {str(warning.message) for warning in caught}


def holds(check: Callable[[gym.Env], None], cmd: str | list[str]) -> None:
    """Run a checker, and compare its warnings with those that Gymnasium's own CartPole gives."""
    usual = warnings_of(check, gym.make("CartPole-v1", disable_env_checker=True).unwrapped)
    env = gymwire.make(cmd)
    unusual = warnings_of(check, env) - usual
    env.close()
    assert not unusual


@pytest.mark.parametrize("name", SERVERS)
def test_gymnasiums_check_env(name):
    holds(check_env, SERVERS[name]())


@pytest.mark.parametrize("name", SERVERS)
def test_sb3s_check_env(name):
    try:
        from stable_baselines3.common.env_checker import check_env as sb3_check_env
    except ImportError as error:
        cannot_run(str(error))
    holds(sb3_check_env, SERVERS[name]())


def test_the_example_in_c(chase):
    holds(check_env, chase)
    try:
        from stable_baselines3.common.env_checker import check_env as sb3_check_env
    except ImportError as error:
        cannot_run(str(error))
    holds(sb3_check_env, chase)


@pytest.mark.parametrize("b64", [False, True], ids=["text", "b64"])
def test_the_swift_cart_pole_is_gymnasiums_for_100_seeds_of_random_and_balancing_actions(b64):
    local, remote = gym.make("CartPole-v1"), gymwire.make(built("cartpole-server"), b64=b64)
    steps = 0
    for seed in range(100):
        for policy in (lambda obs, rng: int(rng.integers(2)), lambda obs, rng: int(obs[2] + 0.5 * obs[3] > 0)):
            rng, over = np.random.default_rng(seed), False
            a, b = local.reset(seed=seed), remote.reset(seed=seed)
            assert data_equivalence(a, b, exact=True)
            while not over:
                action = policy(a[0], rng)
                a, b = local.step(action), remote.step(action)
                assert data_equivalence((a[0], a[2], a[3], a[4]), (b[0], b[2], b[3], b[4]), exact=True) and a[1] == b[1]
                over = a[2] or a[3]
                steps += 1
            assert data_equivalence(local.reset(), remote.reset(), exact=True)
    assert steps > 20_000
    remote.close()


@pytest.mark.parametrize("b64", [False, True], ids=["text", "b64"])
def test_the_swift_cart_poles_in_a_batch_are_gymnasiums(b64):
    local = SyncVectorEnv([lambda: gym.make("CartPole-v1")] * 6, autoreset_mode=AutoresetMode.SAME_STEP)
    remote = gymwire.make_vec(built("cartpole-server"), 6, b64=b64)
    assert data_equivalence(local.reset(seed=50), remote.reset(seed=50), exact=True)
    local.action_space.seed(0)
    for step in range(600):
        actions = local.action_space.sample()
        actions[0] = step % 2
        assert data_equivalence(local.step(actions), remote.step(actions), exact=True)
    mask = np.array([False, True, True, False, False, True])
    a, b = (envs.reset(seed=7, options={"reset_mask": mask}) for envs in (local, remote))
    assert data_equivalence(a, b, exact=True)
    remote.close()
