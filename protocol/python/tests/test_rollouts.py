"""Environments behind the pipe do what they do in process: values, rewards, flags and infos, exactly."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
import zoo
from conftest import serve
from gymnasium.utils.env_checker import data_equivalence
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import gymwire
from gymwire.plain_json import plain


def same(a, b):
    return data_equivalence(a, b, exact=True)


KINDS = [
    ("everything", True),
    ("everything", False),
    ("box", False),
    ("number", True),
    ("discrete", False),
    ("text", True),
]


@pytest.mark.parametrize(("kind", "b64"), [*KINDS, ("one", False)])
def test_every_space_as_observation_and_action(kind, b64):
    local = gym.make("Zoo-v0", kind=kind)
    remote = gymwire.make(serve("zoo:Zoo-v0", "--make-kwargs", f'{{"kind": "{kind}"}}'), b64=b64)
    assert remote.observation_space == local.observation_space
    assert remote.action_space == local.action_space
    assert remote.spec.max_episode_steps == 6 and remote.spec.id == "Zoo-v0"
    for seed in (0, 2**53 - 1, None, 7):
        a, b = local.reset(seed=seed), remote.reset(seed=seed)
        if seed is None:
            continue  # the first draws of a sample are entropy's only before a seed; the streams go on alike
        assert equal(a[0], b[0])
        local.action_space.seed(3)
        over = False
        while not over:
            action = local.action_space.sample()
            obs, reward, terminated, truncated, info = local.step(action)
            again = remote.step(action)
            assert equal(obs, again[0])
            assert again[1:4] == (float(reward), terminated, truncated)
            assert {**plain(info), "action": 0} == {**again[4], "action": 0}
            over = terminated or truncated
    remote.close()


def equal(a, b):
    """Exact, where a OneOf's index may be Python's or NumPy's integer."""
    if isinstance(a, tuple) and len(a) == 2 and isinstance(a[0], (int, np.integer)):
        return a[0] == b[0] and same(a[1], b[1])
    return same(a, b)


@pytest.mark.parametrize(("kind", "b64"), KINDS)
def test_every_space_batched(kind, b64):
    count = 3
    local = SyncVectorEnv([lambda: gym.make("Zoo-v0", kind=kind)] * count, autoreset_mode=AutoresetMode.SAME_STEP)
    remote = gymwire.make_vec(serve("zoo:Zoo-v0", "--make-kwargs", f'{{"kind": "{kind}"}}'), count, b64=b64)
    assert remote.observation_space == local.observation_space
    assert remote.action_space == local.action_space
    a, b = local.reset(seed=11), remote.reset(seed=11)
    assert same(a[0], b[0])
    local.action_space.seed(3)
    for _ in range(16):
        actions = local.action_space.sample()
        obs, rewards, terminations, truncations, infos = local.step(actions)
        again = remote.step(actions)
        assert same(obs, again[0])
        assert same(rewards, again[1]) and same(terminations, again[2]) and same(truncations, again[3])
        assert ("final_obs" in infos) == ("final_obs" in again[4])
        if "final_obs" in infos:
            assert same(infos["final_obs"], again[4]["final_obs"])
            assert same(infos["_final_obs"], again[4]["_final_obs"])
            assert infos["final_info"].keys() == again[4]["final_info"].keys()
    remote.close()


def test_cart_pole_is_equal_for_many_episodes_with_infos():
    local, remote = gym.make("CartPole-v1"), gymwire.make(serve("CartPole-v1"))
    for seed in range(10):
        assert same(local.reset(seed=seed), remote.reset(seed=seed))
        rng, over = np.random.default_rng(seed), False
        while not over:
            action = int(rng.integers(2))
            a, b = local.step(action), remote.step(action)
            assert same(a, b)
            over = a[2] or a[3]
        assert same(local.reset(), remote.reset())
    assert same(
        local.reset(options={"low": -0.01, "high": 0.01}, seed=1),
        remote.reset(options={"low": -0.01, "high": 0.01}, seed=1),
    )
    remote.close()


def test_a_vector_is_sync_vector_env_of_the_same_step_mode():
    local = SyncVectorEnv([lambda: gym.make("CartPole-v1")] * 5, autoreset_mode=AutoresetMode.SAME_STEP)
    remote = gymwire.make_vec(serve("CartPole-v1"), 5)
    assert same(local.reset(seed=3), remote.reset(seed=3))
    local.action_space.seed(0)
    for _ in range(300):
        actions = local.action_space.sample()
        assert same(local.step(actions), remote.step(actions))
    mask = np.array([True, False, False, True, False])
    a, b = (envs.reset(seed=[9, None, None, 4, None], options={"reset_mask": mask}) for envs in (local, remote))
    assert same(a, b)
    actions = local.action_space.sample()
    assert same(local.step(actions), remote.step(actions))
    assert same(local.reset(seed=[1, 2, 3, 4, None])[0][:4], remote.reset(seed=[1, 2, 3, 4, None])[0][:4])
    remote.close()


def test_box_actions_are_clipped_by_the_driver():
    local, remote = gym.make("Pendulum-v1"), gymwire.make(serve("Pendulum-v1"))
    local.reset(seed=1), remote.reset(seed=1)
    for at_the_bound, beyond in ((np.array([2.0], np.float32), np.array([1e9])), (np.array([-2.0], np.float32), [-7])):
        a, b = local.step(at_the_bound), remote.step(beyond)
        assert same(a[0], b[0]) and a[1:] == b[1:]
    with pytest.raises(gymwire.ServerError, match="bad_action"):
        remote.step(np.array([np.nan], np.float32))
    a, b = local.step(at_the_bound), remote.step(at_the_bound)  # nothing has changed
    assert same(a[0], b[0])
    remote.close()


def test_masks_are_in_the_infos_as_gymnasium_samples_with_them():
    local, remote = zoo.Masked(), gymwire.make(serve("zoo:Masked"))
    assert "mask" in remote._server.hello.features
    _, info = remote.reset(seed=0)
    local.reset(seed=0)
    assert same(info["action_mask"], np.array([0, 1, 1], np.int8))
    assert remote.action_space.sample(mask=info["action_mask"]) in (11, 12)
    assert same(remote.step(11)[4], local.step(11)[4] | {"action_mask": np.array([1, 0, 1], np.int8)})
    remote.close()
    envs = gymwire.make_vec(serve("zoo:Masked"), 2)
    _, infos = envs.reset()
    assert same(infos["action_mask"], np.array([[0, 1, 1]] * 2, np.int8)) and infos["_action_mask"].all()
    infos = [envs.step(np.array([10, 11]))[4] for _ in range(4)][-1]
    assert same(infos["action_mask"], np.array([[0, 1, 1]] * 2, np.int8))
    assert infos["final_info"]["action_mask"][0] == [1, 0, 1]
    envs.close()


def test_frames_and_texts():
    for mode in ("ansi", "rgb_array"):
        local = gym.make("Zoo-v0", render_mode=mode, disable_env_checker=True)
        remote = gymwire.make(serve("zoo:Zoo-v0"), render_mode=mode)
        assert remote.metadata["render_fps"] == 12 and remote.metadata["render_modes"] == ["ansi", "rgb_array"]
        with pytest.raises(gymwire.ServerError, match="needs_reset"):
            remote.render()
        local.reset(seed=0), remote.reset(seed=0)
        action = local.action_space.sample()
        local.step(action), remote.step(action)
        assert same(local.render(), remote.render())
        remote.close()
    envs = gymwire.make_vec(serve("zoo:Zoo-v0"), 2, render_mode="ansi")
    envs.reset()
    assert envs.render() == ("step 0 é", "step 0 é")
    envs.close()
    with pytest.raises(gymwire.GymwireError, match="cannot render as 'human'"):
        gymwire.make(serve("zoo:Zoo-v0"), render_mode="human")


def test_options_reach_the_environment():
    remote = gymwire.make(serve("zoo:Zoo-v0"))
    assert remote.reset(options={"map": [1, None, "x"]})[1] == {"options": "{'map': [1, None, 'x']}"}
    assert remote.reset()[1] == {}
    remote.close()
