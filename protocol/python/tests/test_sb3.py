"""Stable-Baselines3's kind of vector environment, beside its own; test_examples.py trains with it."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import cannot_run, serve

import gymwire

try:
    from gymwire.sb3 import SB3VecEnv
except ImportError as error:
    SB3VecEnv, WHY = None, str(error)


@pytest.fixture(autouse=True)
def sb3_is_there():
    if SB3VecEnv is None:
        cannot_run(WHY)


def test_the_end_of_an_episode_is_told_as_sb3_tells_it():
    import gymnasium as gym
    from stable_baselines3.common.vec_env import DummyVecEnv

    ours = SB3VecEnv(gymwire.make_vec(serve("CartPole-v1", "--make-kwargs", '{"max_episode_steps": 12}'), 3))
    theirs = DummyVecEnv([lambda: gym.make("CartPole-v1", max_episode_steps=12)] * 3)
    ours.seed(5), theirs.seed(5)
    assert np.array_equal(ours.reset(), theirs.reset())
    ends = []
    for step in range(60):
        actions = np.array([step % 2, 1, (step // 2) % 2])
        a, b = ours.step(actions), theirs.step(actions)
        assert all(np.array_equal(x, y) for x, y in zip(a[:3], b[:3], strict=True))
        for ended, x, y in zip(a[2], a[3], b[3], strict=True):
            assert x.get("TimeLimit.truncated", False) == y["TimeLimit.truncated"]
            if ended:
                ends.append(x["TimeLimit.truncated"])
                assert np.array_equal(x["terminal_observation"], y["terminal_observation"])
    assert True in ends and False in ends
    ours.close(), theirs.close()


def test_environments_in_sb3s_own_processes():
    import gymnasium as gym
    from stable_baselines3.common.vec_env import SubprocVecEnv

    command = serve("CartPole-v1")
    envs = SubprocVecEnv([lambda: gymwire.make(command)] * 2, start_method="fork")
    envs.seed(3)
    observations = envs.reset()
    for row in range(2):
        assert np.array_equal(observations[row], gym.make("CartPole-v1").reset(seed=3 + row)[0])
    assert envs.step(np.array([0, 1]))[1].tolist() == [1, 1]
    envs.close()


def test_a_vector_environment_that_is_not_wrapped_is_told_what_to_do():
    from stable_baselines3 import PPO

    envs = gymwire.make_vec(serve("CartPole-v1"), 2)
    with pytest.raises(ValueError, match=r"gymwire\.sb3\.SB3VecEnv\(envs\)"):
        PPO("MlpPolicy", envs)
    PPO("MlpPolicy", SB3VecEnv(envs), n_steps=8, batch_size=8).learn(16)
    envs.close()
    env = gymwire.make(serve("CartPole-v1"))
    with pytest.raises(gymwire.BadValue, match=r"gymwire\.make_vec"):
        SB3VecEnv(env)
    env.close()


def test_actions_that_are_written_to_before_the_step_is_waited_for_are_those_that_were_given():
    ours = SB3VecEnv(gymwire.make_vec(serve("native:Echo"), 1))
    ours.reset()
    actions = np.array([2])
    ours.step_async(actions)
    actions[:] = 0
    assert ours.step_wait()[0].tolist() == [2]
    ours.close()
