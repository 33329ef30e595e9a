"""Native vector environments behind the pipe reset within the step, whatever their own way is."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from conftest import cannot_run, serve
from gymnasium.vector import AutoresetMode

import gymwire


@pytest.mark.parametrize("name", ["Counting", "SameStep"])
def test_rows_end_and_begin_within_one_step(name):
    envs = gymwire.make_vec(serve("--vector", f"native:{name}"), 3)
    observations, _ = envs.reset()
    assert observations.tolist() == [[1, 0]] * 3
    for step in range(1, 13):
        observations, rewards, terminations, truncations, infos = envs.step(np.array([0, 1, 2]))
        assert rewards.tolist() == [0.5] * 3 and not truncations.any()
        for row in range(3):
            length = row + 2
            assert terminations[row] == (step % length == 0)
            assert observations[row].tolist() == [1 + step // length, step % length]
            if terminations[row]:
                assert infos["final_obs"][row].tolist() == [step // length, length]
                assert infos["final_info"]["action"][row] == row
            else:
                assert infos["action"][row] == row
    if name == "Counting":
        observations, _ = envs.reset(options={"reset_mask": np.array([False, True, False])})
        assert observations[1, 1] == 0
    envs.close()


def test_one_that_can_only_reset_on_the_next_step_is_refused_with_advice():
    with pytest.raises(gymwire.ServerError, match="leave out --vector"):
        gymwire.make_vec(serve("--vector", "native:NextStep"), 3)


def test_gymnasiums_vectorised_cart_pole():
    envs = gymwire.make_vec(serve("--vector", "CartPole-v1"), 5)
    local = gym.make_vec("CartPole-v1", 5, vectorization_mode="vector_entry_point")
    assert local.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    a, b = envs.reset(seed=3)[0], local.reset(seed=3)[0]
    assert np.array_equal(a, b)
    over = np.zeros(5, bool)
    steps, ended = np.zeros(5, int), 0
    while not over.any():  # equal until the first end, after which the two modes part
        actions = np.array([1, 0, 1, 0, 1])
        a, b = envs.step(actions), local.step(actions)
        over = b[2] | b[3]
        steps += 1
        assert np.array_equal(a[2], b[2]) and np.array_equal(a[1], b[1])
        assert np.array_equal(a[0][~over], b[0][~over])
    assert all(np.array_equal(a[4]["final_obs"][row], b[0][row]) for row in np.flatnonzero(over))
    fresh = local.step(actions)[0]  # NextStep: this step only resets the ended rows, by the same draws
    assert np.array_equal(a[0][over], fresh[over])
    for _ in range(300):
        steps[over] = 0
        obs, rewards, terminated, truncated, infos = envs.step(envs.action_space.sample())
        over = terminated | truncated
        assert (rewards == 1).all() and (np.abs(obs[over]) <= 0.05).all()
        ended += over.sum()
        for row in np.flatnonzero(over):
            final = infos["final_obs"][row]
            assert abs(final[2]) > 0.2 or abs(final[0]) > 2.4
    assert ended > 20
    envs.close(), local.close()


def test_the_jax_cart_pole():
    try:
        gym.make("phys2d/CartPole-v1")
    except (gym.error.DependencyNotInstalled, ImportError) as error:
        cannot_run(f"JAX is not installed here: {error}")
    envs = gymwire.make_vec(serve("--vector", "phys2d/CartPole-v1"), 4, startup_timeout=120)
    envs.reset(seed=1)
    ended = 0
    for _ in range(60):
        obs, rewards, terminated, _, infos = envs.step(envs.action_space.sample())
        ended += terminated.sum()
        for row in np.flatnonzero(terminated):
            assert np.abs(infos["final_obs"][row]).max() > 0.2 and np.abs(obs[row]).max() <= 0.05
    assert ended > 3
    envs.close()


def test_without_batch_a_plain_environment_is_served():
    env = gymwire.make(serve("--vector", "CartPole-v1"))
    assert np.array_equal(env.reset(seed=1)[0], gym.make("CartPole-v1").reset(seed=1)[0])
    env.close()
