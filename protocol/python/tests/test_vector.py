"""`make_vec` behaves as Gymnasium's vector environments do, in shapes, types, infos and under its wrappers."""

from __future__ import annotations

import copy
import pickle

import gymnasium as gym
import numpy as np
import pytest
from conftest import script, serve
from gymnasium.utils.env_checker import data_equivalence
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import batch_space
from gymnasium.wrappers.vector import ClipReward, DictInfoToList, RecordEpisodeStatistics

import gymwire

TAXI = "Taxi-v4" if "Taxi-v4" in gym.registry else "Taxi-v3"


def same(a, b):
    return data_equivalence(a, b, exact=True)


def sync(count, name="CartPole-v1", **kwargs):
    return SyncVectorEnv([lambda: gym.make(name, **kwargs)] * count, autoreset_mode=AutoresetMode.SAME_STEP)


@pytest.fixture
def envs():
    made = gymwire.make_vec(serve("CartPole-v1"), 4)
    yield made
    made.close()


def test_attributes_are_those_of_a_vector_environment(envs):
    assert isinstance(envs, gym.vector.VectorEnv) and envs.unwrapped is envs
    assert envs.num_envs == 4 and envs.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    assert envs.observation_space == batch_space(envs.single_observation_space, 4)
    assert envs.action_space == batch_space(envs.single_action_space, 4)
    assert envs.spec.id == "CartPole-v1" and envs.render_mode is None and envs.render() is None
    assert repr(envs) == "ProcessVectorEnv(CartPole-v1, num_envs=4)"


@pytest.mark.parametrize("single", [False, True])
def test_types_and_shapes_of_steps(envs, single):
    observations, infos = envs.reset()
    assert observations in envs.observation_space and infos == {}
    actions = [envs.single_action_space.sample() for _ in range(4)] if single else envs.action_space.sample()
    observations, rewards, terminations, truncations, infos = envs.step(actions)
    assert observations in envs.observation_space and observations.dtype == np.float32
    assert rewards.shape == terminations.shape == truncations.shape == (4,)
    assert (rewards.dtype, terminations.dtype, truncations.dtype) == (np.float64, np.bool_, np.bool_)
    kept = observations.copy()
    envs.step(actions)
    assert same(observations, kept)  # nothing that was handed out is written to again
    observations[:] = 0


def test_seeds_give_the_same_samples_and_episodes(envs):
    other = gymwire.make_vec(serve("CartPole-v1"), 4)
    for made in (envs, other):
        made.action_space.seed(5)
    assert same(envs.reset(seed=9), other.reset(seed=np.int64(9)))
    assert envs.np_random_seed == 9
    for _ in range(50):
        assert same(envs.step(envs.action_space.sample()), other.step(other.action_space.sample()))
    other.close()
    with pytest.raises(ValueError, match="3 seeds"):
        envs.reset(seed=[1, 2, 3])
    with pytest.raises(ValueError, match="seed"):
        envs.reset(seed=-1)


def test_a_refused_batch_changes_nothing(envs):
    reference = sync(4)
    envs.reset(seed=1), reference.reset(seed=1)
    with pytest.raises(gymwire.ServerError) as caught:
        envs.step(np.array([0, 1, 5, 0]))
    assert caught.value.code == "bad_action" and caught.value.data == {"env": 2}
    with pytest.raises(ValueError):
        envs.step(np.array([0, 1]))
    assert same(envs.step(np.ones(4, np.int64)), reference.step(np.ones(4, np.int64)))


def test_gymnasiums_wrappers_see_the_same_numbers(envs):
    wrapped = [ClipReward(RecordEpisodeStatistics(made), max_reward=0.5) for made in (envs, sync(4))]
    assert same(*(made.reset(seed=2) for made in wrapped))
    episodes = 0
    for step in range(120):
        actions = np.array([step % 2, 0, 1, (step // 3) % 2])
        a, b = (made.step(actions) for made in wrapped)
        for infos in (a[4], b[4]):
            if "episode" in infos:
                infos["episode"].pop("t"), infos["episode"].pop("_t", None)
        assert same(a, b)
        episodes += int((a[2] | a[3]).sum())
    assert episodes > 10


def test_infos_are_laid_out_as_gymnasium_lays_them():
    remote, local = gymwire.make_vec(serve(TAXI), 3), sync(3, TAXI)
    a, b = remote.reset(seed=4), local.reset(seed=4)
    assert same(a, b)
    local.action_space.seed(1)
    for _ in range(210):  # beyond the limit of 200 steps
        actions = local.action_space.sample()
        a, b = remote.step(actions), local.step(actions)
        assert same(a[:4], b[:4])
        for infos in (a[4], b[4]):
            if "final_obs" in infos:
                infos["final_obs"] = [final if final is None else int(final) for final in infos["final_obs"]]
            if "final_info" in infos:  # infos of SPEC 11 hold plain lists
                infos["final_info"].pop("action_mask"), infos["final_info"].pop("_action_mask")
        assert same(a[4], b[4])
    listed = DictInfoToList(remote)
    listed.reset(seed=4)
    assert [sorted(info) for info in listed.step(actions)[4]] == [["action_mask", "prob"]] * 3
    remote.close()


def test_what_the_server_cannot_do_is_said():
    with pytest.raises(gymwire.GymwireError, match="hosts 2 sub-environments, and 3 were wanted"):
        gymwire.make_vec(serve("CartPole-v1", "--num-envs", "2"), 3)
    with pytest.raises(gymwire.GymwireError, match="feature batch"):
        gymwire.make_vec(script("rude.py"), 3)


def test_registered_ids():
    cmd = serve("CartPole-v1")
    env = gym.make("gymwire/Process-v0", cmd=cmd)
    assert isinstance(env.unwrapped, gymwire.ProcessEnv) and env.spec.id == "gymwire/Process-v0"
    assert same(env.reset(seed=1), gym.make("CartPole-v1").reset(seed=1))
    env.close()
    for mode in (None, "sync", "vector_entry_point"):
        envs = gym.make_vec("gymwire/Process-v0", num_envs=2, vectorization_mode=mode, cmd=cmd)
        assert envs.num_envs == 2 and envs.reset(seed=0)[0].shape == (2, 4)
        assert isinstance(envs.unwrapped, gymwire.ProcessVectorEnv) == (mode != "sync")
        envs.close()


def test_a_spec_makes_the_environment_again():
    env = gymwire.make(serve("CartPole-v1"), timeout=5)
    again = env.spec.make()
    assert again.unwrapped._options == env._options
    assert same(again.reset(seed=3), env.reset(seed=3))
    env.close(), again.close()


@pytest.mark.parametrize(
    "again", [lambda env: pickle.loads(pickle.dumps(env)), copy.deepcopy], ids=["pickle", "deepcopy"]
)
def test_copies_have_processes_of_their_own(again):
    env = gymwire.make(serve("CartPole-v1"))
    env.reset(seed=1)
    other = again(env)
    assert other._server.process.pid != env._server.process.pid and other.spec == env.spec
    other.reset(seed=2)
    assert same(env.step(0), _step("CartPole-v1", 1, 0))
    env.close(), other.close()
    envs = gymwire.make_vec(serve("CartPole-v1"), 2)
    others = again(envs)
    assert same(envs.reset(seed=1), others.reset(seed=1))
    envs.close(), others.close()


def _step(name, seed, action):
    env = gym.make(name)
    env.reset(seed=seed)
    return env.step(action)


def test_within_gymnasiums_processes():
    envs = AsyncVectorEnv([lambda: gymwire.make(serve("CartPole-v1"))] * 2, autoreset_mode=AutoresetMode.SAME_STEP)
    reference = sync(2)
    assert same(envs.reset(seed=1), reference.reset(seed=1))
    for _ in range(30):
        assert same(envs.step(np.array([1, 0])), reference.step(np.array([1, 0])))
    envs.close()
