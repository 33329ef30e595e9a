"""What an environment returns is judged the same alone, in a batch and as a native vector environment."""

from __future__ import annotations

import json

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from test_conversation import Talk

from gymwire.serving.conversation import Conversation
from gymwire.serving.source import Source

ACTION = spaces.Discrete(2)
OBS = spaces.Box(-1, 1, (2,), np.float32)


class Says(gym.Env):
    """Returns from each step what it was made with."""

    observation_space, action_space = OBS, ACTION

    def __init__(self, step, reset=None):
        self.of_step, self.of_reset = step, (np.zeros(2, np.float32), {}) if reset is None else reset

    def reset(self, *, seed=None, options=None):
        return self.of_reset

    def step(self, action):
        return self.of_step


class SaysAll(VectorEnv):
    """The same as a native vector environment of one row."""

    def __init__(self, step):
        self.num_envs, self.metadata, self.of_step = 1, {"autoreset_mode": AutoresetMode.DISABLED}, step
        self.single_observation_space, self.single_action_space = OBS, ACTION
        self.observation_space, self.action_space = batch_space(OBS, 1), batch_space(ACTION, 1)

    def reset(self, *, seed=None, options=None):
        return np.zeros((1, 2), np.float32), {}

    def step(self, actions):
        if not isinstance(self.of_step, tuple) or len(self.of_step) != 5:
            return self.of_step
        obs, reward, terminated, truncated, info = self.of_step
        return [obs], [reward], [terminated], [truncated], info


def step(**changes):
    usual = {"obs": np.zeros(2, np.float32), "reward": 0.5, "terminated": False, "truncated": False, "info": {}}
    return tuple({**usual, **changes}.values())


def answers(returned, **reset):
    """Return what is answered to a step alone, in a batch of two, and by a native vector environment."""
    alone = Talk(lambda mode: Says(returned, **reset))
    batch = Talk(lambda mode: Says(returned, **reset), features=["batch", "mask"], want={"num_envs": 2})
    native = Talk.__new__(Talk)
    native.notices, native.number = [], -1
    native.conversation = Conversation(Source(None, lambda count, mode: SaysAll(returned)), native.notices.append)
    native.ask("hello", versions=[1], features=["batch"])
    for talk in (alone, batch, native):
        talk.ask("reset")
    return alone.ask("step", action=0), batch.ask("step", action=[0, 0]), native.ask("step", action=[0])


@pytest.mark.parametrize(
    ("reward", "number"),
    [
        (np.array([0.5]), 0.5),
        (np.array(0.5), 0.5),
        (np.array([[2]]), 2),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (True, 1),
        ([0.25], 0.25),
    ],
)
def test_a_reward_may_be_an_array_with_one_element(reward, number):
    assert [answer["reward"] for answer in answers(step(reward=reward))] == [number, [number] * 2, [number]]


@pytest.mark.parametrize("flag", [np.True_, np.array([True]), np.array(True), 1, np.int8(1), 1.0])
def test_a_flag_may_be_an_array_with_one_element_or_a_one(flag):
    alone, batch, native = answers(step(terminated=flag))
    assert alone["terminated"] is True and alone["truncated"] is False
    assert [entry["env"] for entry in batch["ended"]] == [0, 1] and batch["ended"][0]["terminated"] is True
    assert native["ended"][0]["terminated"] is True


def test_an_info_of_none_is_empty():
    for answer in answers(step(info=None), reset=(np.zeros(2, np.float32), None)):
        assert "info" not in answer and "error" not in answer


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (step(reward=None), ["reward is None"]),
        (step(reward=np.array([1.0, 2.0])), ["reward has shape [2]", "LinearReward", "module:function"]),
        (step(reward=[1, 2, 3]), ["reward has shape [3]"]),
        (step(reward="a lot"), ["reward", "a lot", "number"]),
        (step(reward=1 + 2j), ["reward", "number"]),
        (step(reward={}), ["reward", "dict"]),
        (step(terminated=np.array([True, False])), ["terminated has shape [2]"]),
        (step(truncated=None), ["truncated is None"]),
        (step(terminated="yes"), ["terminated", "yes", "True or False"]),
        (step(terminated=2), ["terminated", "2", "True or False"]),
        (step(obs=np.zeros(3, np.float32)), ["observation", "shape [3]", "[2]"]),
        (step(obs=None), ["observation"]),
        (step(obs="up"), ["observation"]),
        (step(obs=[[1], [1, 2]]), ["observation"]),
        (step(obs={"a": 1}), ["observation"]),
        (step(info=[1]), ["info is a list", "dict"]),
        (step(info="text"), ["info is a str", "dict"]),
        (step()[:4], ["4 values", "old gym", "shimmy", "module:function"]),
        (step()[:3], ["3 values", "observation, reward, terminated, truncated, info"]),
        (None, ["None", "5 values"]),
    ],
)
def test_what_cannot_be_sent_is_env_error_with_a_sentence(returned, words):
    alone, batch, native = answers(returned)
    for answer in (alone, batch, native):
        assert answer["error"]["code"] == "env_error", answer
        if answer is not native:
            assert answer["error"]["data"] == {"env": 0}
        for word in words:
            if answer is not native or word not in ("shape [3]", "[2]", "info is a list", "info is a str"):
                assert word in answer["error"]["message"], answer


def test_the_one_of_a_batch_that_is_to_blame_is_named_and_the_batch_goes_on():
    class Second(Says):
        made = 0

        def __init__(self):
            super().__init__(step(reward=None if Second.made else 1.0))
            Second.made += 1

    talk = Talk(lambda mode: Second(), features=["batch"], want={"num_envs": 2})
    talk.ask("reset")
    assert talk.ask("step", action=[0, 0])["error"]["data"] == {"env": 1}
    assert "obs" in talk.ask("reset")


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (np.zeros(2, np.float32), ["reset", "ndarray", "old gym", "shimmy"]),
        ((np.zeros(2, np.float32), {}, 1), ["reset", "3 values"]),
        ((np.zeros(2, np.float32), 7), ["info is an int"]),
        ("text", ["reset", "str"]),
    ],
)
def test_a_reset_is_judged_too(returned, words):
    for features in ([], ["batch"]):
        talk = Talk(lambda mode: Says(step(), returned), features=features)
        error = talk.ask("reset")["error"]
        assert error["code"] == "env_error" and all(word in error["message"] for word in words)


def test_a_text_that_no_json_can_carry_is_env_error():
    class Half(Says):
        observation_space = spaces.Text(3, charset="\ud800")

    talk = Talk(lambda mode: Half(None, ("\ud800", {})))
    assert "surrogate" in talk.ask("reset")["error"]["message"]


def test_environments_of_other_kinds_are_named_with_the_way_out():
    Old = type("OldEnv", (), {"__module__": "gym.core", "reset": None, "step": None})
    Many = type("ParallelEnv", (), {"__module__": "pettingzoo.utils.env", "reset": None, "step": None})
    Bare = type("Bare", (), {"reset": None, "step": None})
    from gymwire.serving.env_kinds import required_env

    for kind, words in ((Old, ["old gym", "shimmy"]), (Many, ["several agents"]), (Bare, ["gymnasium.Env"])):
        with pytest.raises(Exception) as caught:
            required_env(kind(), "pkg:make")
        assert all(word in str(caught.value) for word in [*words, "module:function", "pkg:make"])


def test_a_space_of_ones_own_says_that_a_wrapper_can_be_served():
    class MissionSpace(spaces.Space):
        pass

    class Grid(Says):
        observation_space = spaces.Dict({"mission": MissionSpace()})

    error = Talk(lambda mode: Grid(step())).hello["error"]
    assert error["code"] == "unsupported_space"
    assert all(word in error["message"] for word in ("obs.mission", "MissionSpace", "wrapper", "module:function"))


class Reuses(gym.Env):
    """Has one array, one dict and one mask for ever, and shares them with all others of its class."""

    observation_space, action_space = (
        spaces.Dict({"a": OBS, "b": spaces.Tuple((spaces.MultiBinary(2), ACTION))}),
        ACTION,
    )
    shared = np.zeros(2, np.float32)

    def __init__(self, own=True, length=3):
        self.a = np.zeros(2, np.float32) if own else Reuses.shared
        self.b, self.mask, self.info, self.length = np.zeros(2, np.int8), np.ones(2, np.int8), {}, length
        self.episode = 0

    def now(self):
        self.a[:] = self.episode / 16, self.t / 16
        self.b[:] = self.t % 2
        self.mask[:] = 1, self.t % 2
        self.info["t"], self.info["deep"] = self.t, self.info.get("deep", [0])
        self.info["deep"][0], self.info["action_mask"] = self.t, self.mask
        return {"a": self.a, "b": (self.b, self.t % 2)}

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.episode, self.t = self.episode + 1, 0
        if options:
            self.info["got"] = options.pop("got")
        return self.now(), self.info

    def step(self, action):
        self.t += 1
        return self.now(), np.array([1.0]), False, self.t == self.length, self.info


@pytest.mark.parametrize("features", [["batch"], ["batch", "b64"], ["batch", "mask"]])
def test_what_is_reused_is_sent_as_it_was_when_it_was_returned(features):
    both = features + ["mask"] if "mask" in features else [name for name in features if name != "batch"]
    alone = Talk(lambda mode: Reuses(), features=[name for name in both if name != "batch"])
    batch = Talk(lambda mode: Reuses(), features=features, want={"num_envs": 1})
    assert rows(batch.ask("reset")) == rows(alone.ask("reset"))
    for count in range(1, 8):
        one, many = alone.ask("step", action=0), batch.ask("step", action=[0])
        if one["truncated"]:
            entry = many["ended"][0]
            final = entry["final_info"]
            if "mask" in features:
                assert final.pop("action_mask") == one.pop("action_mask")
            assert entry["final_obs"] == one["obs"] and final == one["info"], count
            one = alone.ask("reset")
        assert rows(many) == rows(one), count


def rows(reply):
    """Return observation, info and mask, where a batch of one is what its only value is."""
    obs = reply["obs"]
    state = [obs["a"], obs["b"][0], reply.get("action_mask")]
    info = reply["info"]
    bare = obs["b"][1]
    bare = bare if not isinstance(bare, list) else bare[0]
    if isinstance(bare, dict):
        bare = int.from_bytes(__import__("base64").b64decode(bare["b64"]), "little")
    return [*state, bare, info[0] if isinstance(info, list) else info]


def test_environments_that_share_an_array_are_told_apart():
    talk = Talk(lambda mode: Reuses(own=False, length=2), features=["batch"], want={"num_envs": 2})
    assert talk.ask("reset")["obs"]["a"] == [0.0625, 0, 0.0625, 0]
    talk.ask("reset", envs=[1])
    assert talk.ask("step", action=[0, 0])["obs"]["a"] == [0.0625, 0.0625, 0.125, 0.0625]


def test_each_of_a_batch_gets_its_options_whole():
    talk = Talk(lambda mode: Reuses(), features=["batch"], want={"num_envs": 3})
    infos = talk.ask("reset", options={"got": {"a": 1}})["info"]
    assert [info["got"] for info in infos] == [{"a": 1}] * 3


def test_a_native_one_that_reuses_its_arrays_is_sent_as_it_was():
    class Native(SaysAll):
        def __init__(self, count):
            super().__init__(None)
            self.num_envs = count
            self.obs, self.flags, self.info = (
                np.zeros((count, 2), np.float32),
                np.zeros(count, bool),
                {"t": [[0]] * count},
            )
            self.none = np.zeros(count, bool)

        def reset(self, *, seed=None, options=None):
            mask = (options or {}).get("reset_mask", np.ones(self.num_envs, bool))
            self.obs[mask] = 0
            self.flags[mask] = False
            for row in np.flatnonzero(mask):
                self.info["t"][row][0] = 0
            return self.obs, self.info

        def step(self, actions):
            self.obs += 0.25
            self.flags[:] = self.obs[:, 0] == 0.5
            self.info["t"] = [[float(row[0])] for row in self.obs]
            return self.obs, np.ones(self.num_envs), self.flags, self.none, self.info

    talk = Talk.__new__(Talk)
    talk.notices, talk.number = [], -1
    talk.conversation = Conversation(Source(None, lambda count, mode: Native(count)), talk.notices.append)
    talk.ask("hello", versions=[1], features=["batch"], want={"num_envs": 2})
    talk.ask("reset"), talk.ask("step", action=[0, 0])
    reply = talk.ask("step", action=[0, 0])
    assert reply["obs"] == [0, 0, 0, 0] and reply["info"] == [{"t": [0]}] * 2
    assert reply["ended"] == [
        {"env": row, "terminated": True, "truncated": False, "final_obs": [0.5, 0.5], "final_info": {"t": [0.5]}}
        for row in range(2)
    ]


def test_no_mask_is_looked_at_where_the_episode_is_over():
    class Game(Says):
        def step(self, action):
            return step(terminated=True, info={"action_mask": np.zeros(2, np.int8)})

    alone = Talk(lambda mode: Game(None), features=["mask"])
    alone.ask("reset")
    assert alone.ask("step", action=0)["action_mask"] == [0, 0]
    batch = Talk(lambda mode: Game(None), features=["mask", "batch"])
    batch.ask("reset")
    reply = batch.ask("step", action=[0])
    assert "action_mask" not in reply and reply["ended"][0]["final_info"] == {"action_mask": [0, 0]}


def test_a_refusal_of_options_by_a_later_row_is_no_refusal():
    from gymwire import BadOptions

    class Picky(Says):
        made = 0

        def __init__(self):
            super().__init__(step())
            self.number = Picky.made = Picky.made + 1

        def reset(self, *, seed=None, options=None):
            if options and self.number == options["not"]:
                raise BadOptions("not these")
            return self.of_reset

    talk = Talk(lambda mode: Picky(), features=["batch"], want={"num_envs": 2})
    talk.ask("reset")
    assert talk.code("reset", options={"not": 1}) == "bad_options" and "obs" in talk.ask("step", action=[0, 0])
    error = talk.ask("reset", options={"not": 2})["error"]
    assert error["code"] == "env_error" and error["data"]["env"] == 1
    assert talk.code("step", action=[0, 0]) == "needs_reset"
    json.dumps(error)


def test_a_warning_of_which_only_the_end_changes_is_told_once():
    class Wrong(Says):
        def step(self, action):
            self.count = getattr(self, "count", 0) + 1
            return step(info={"action_mask": np.full(2, 2 + self.count)})

    talk = Talk(lambda mode: Wrong(None), features=["mask"])
    talk.ask("reset")
    for _ in range(5):
        assert "action_mask" in talk.ask("step", action=0)["info"]
    assert len(talk.notices) == 1


def test_an_environment_of_short_seeds_gets_a_short_one():
    class Short(Says):
        observation_space = spaces.Box(0, 1, (1,), np.float64)

        def reset(self, *, seed=None, options=None):
            self.random = np.random.RandomState(seed) if seed is not None else self.random
            return self.random.random(1), {"options": options}

    talk = Talk(lambda mode: Short(None))
    first = talk.ask("reset", seed=2**53 - 1, options={"a": 1})
    assert first["info"] == {"options": {"a": 1}}
    assert first["obs"] == talk.ask("reset", seed=(2**53 - 1) % 2**31)["obs"] and len(talk.notices) == 1
    assert talk.ask("reset", seed=2**32 - 1)["obs"] == np.random.RandomState(2**32 - 1).random(1).tolist()
    batch = Talk(lambda mode: Short(None), features=["batch"], want={"num_envs": 2})
    assert batch.ask("reset", seed=2**53 - 2)["obs"][1] == first["obs"][0]


def test_a_reset_that_fails_for_another_reason_says_so():
    class Broken(Says):
        def reset(self, *, seed=None, options=None):
            raise KeyError(f"wheel of {seed}")

    error = Talk(lambda mode: Broken(None)).ask("reset", seed=2**40)["error"]
    assert error["message"] == f"KeyError: 'wheel of {2**40}'"
