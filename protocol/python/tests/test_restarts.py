"""Servers that fail and are started anew: SPEC 3.7, 6.13."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from conftest import script

import gymwire
from gymwire import BadValue, GymwireWarning, ProcessError, ServerError

pytestmark = pytest.mark.filterwarnings("ignore::gymwire.GymwireWarning")


def failing(log, how: str, every: int, **options):
    """A counter of two sub-environments that fails in every so many-th step of a process."""
    command = script("failing.py", str(log), how, str(every))
    return gymwire.make_vec(command, 2, timeout=5, restart_delay=0, **options)


@pytest.mark.parametrize("how", ["signal", "exit", "hang", "babble", "env_error"])
def test_a_server_that_fails_is_started_anew(tmp_path, how):
    every, steps = 4, 8 if how == "hang" else 22
    envs = failing(tmp_path / "log", how, every, restarts=100)
    observations, _ = envs.reset(seed=7)
    lost = 0
    for step in range(1, steps + 1):
        before = observations
        observations, rewards, terminations, truncations, infos = envs.step(np.ones(2, int))
        if step % every:
            assert (rewards == 1).all()
            assert not truncations.any()
            assert (observations[:, 1] == before[:, 1] + 1).all()
            assert "lost" not in infos
            continue
        lost += 1
        assert truncations.all()
        assert not terminations.any()
        assert not rewards.any()
        assert infos["lost"].all()
        for row in range(2):
            assert (infos["final_obs"][row] == before[row]).all(), "the last observation that came"
        assert (observations[:, 1] == 0).all(), "a new episode"
    assert envs.restart_count == lost == len((tmp_path / "log").read_text().split())
    envs.close()


def test_episodes_after_a_restart_are_the_same_for_the_same_seed(tmp_path):
    def play(name: str, seed: int) -> list[float]:
        envs = failing(tmp_path / name, "exit", 3, restarts=9)
        envs.reset(seed=seed)
        shown = [envs.step(np.ones(2, int))[0][:, 0].tolist() for _ in range(9)]
        envs.close()
        return shown

    assert play("a", 5) == play("b", 5) != play("c", 6)


def test_no_more_restarts_than_are_allowed(tmp_path):
    for limit in (0, 2):
        envs = failing(tmp_path / f"log{limit}", "exit", 1, restarts=limit)
        envs.reset(seed=1)
        for _ in range(limit):
            envs.step(np.ones(2, int))
        with pytest.raises(ProcessError, match="exit status 3"):
            envs.step(np.ones(2, int))
        assert envs.restart_count == limit
        envs.close()


def test_a_refusal_is_no_failure(tmp_path):
    envs = failing(tmp_path / "log", "exit", 99, restarts=5)
    with pytest.raises(ServerError, match="bad_options"):
        envs.reset(options={"bad": True})
    assert envs.restart_count == 0
    envs.reset()
    envs.close()


def test_a_warning_tells_of_each_restart(tmp_path):
    envs = failing(tmp_path / "log", "exit", 1, restarts=1)
    envs.reset()
    with pytest.warns(GymwireWarning, match=r"started anew \(restart 1 of 1\)"):
        envs.step(np.ones(2, int))
    envs.close()


def test_a_copy_has_the_same_limit(tmp_path):
    envs = failing(tmp_path / "log", "exit", 2, restarts=1)
    copy = pickle.loads(pickle.dumps(envs))
    envs.close()
    copy.reset()
    copy.step(np.ones(2, int))
    copy.step(np.ones(2, int))
    assert copy.restart_count == 1
    copy.close()


@pytest.mark.parametrize("options", [{"restarts": -1}, {"restarts": 1.5}, {"restart_delay": -1}, {"restart_delay": 61}])
def test_limits_that_cannot_be(options):
    with pytest.raises(BadValue, match=next(iter(options))):
        gymwire.make_vec("cat", 2, **options)
