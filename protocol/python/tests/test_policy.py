"""Policies from files and from servers: closed forms, distributions, and files that cannot be used."""

from __future__ import annotations

import base64
import json
import shlex
import subprocess
import sys

import numpy as np
import pytest
from conftest import built, script
from gymnasium import spaces

import gymwire
from gymwire import space_json


def write(tmp_path, observation_space, action_space, layers, **more):
    """Write a policy file and return its path."""
    path = tmp_path / "policy.json"
    content = {
        "format": "gymwire-policy",
        "version": 1,
        "algorithm": "vpg",
        "environment_steps": 1,
        "obs_space": space_json.to_json(observation_space, "obs"),
        "action_space": space_json.to_json(action_space, "action"),
        "activation": "tanh",
        "policy": [{"weights": np.asarray(w).tolist(), "biases": np.asarray(b).tolist()} for w, b in layers],
        **more,
    }
    path.write_text(json.dumps(content))
    return path


NUMBERS = spaces.Box(-9, 9, (2,))


def policy(*args, **more):
    return gymwire.Policy(write(*args, **more), pgagent=False, seed=0)


def test_a_network_is_its_formula(tmp_path):
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(5, 2)), rng.normal(size=5)), (rng.normal(size=(3, 5)), rng.normal(size=3))]
    for activation, f in (("tanh", np.tanh), ("relu", lambda x: np.maximum(x, 0))):
        normalization = {"mean": [1.0, -2.0], "variance": [4.0, 0.25]}
        made = policy(
            tmp_path, NUMBERS, spaces.Discrete(3, start=5), layers, activation=activation, normalization=normalization
        )
        x = rng.normal(size=(50, 2)).astype(np.float32) * 3
        scaled = np.clip((x - [1, -2]) / np.sqrt(np.array([4, 0.25]) + 1e-8), -10, 10)
        logits = f(scaled @ layers[0][0].T + layers[0][1]) @ layers[1][0].T + layers[1][1]
        actions, state = made.predict(x, state="kept", deterministic=True)
        assert state == "kept" and actions.dtype == np.int64 and np.array_equal(actions, 5 + logits.argmax(axis=1))
        single, _ = made.predict(x[0], deterministic=True)
        assert single == actions[0] and single in made.action_space


def test_weights_in_base64_are_those_in_text(tmp_path):
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(5, 2)).astype("<f4"), rng.normal(size=5)), (np.eye(3, 5, dtype="<f4"), np.zeros(3))]
    x = rng.normal(size=(50, 2)).astype(np.float32)
    text = policy(tmp_path, NUMBERS, spaces.Discrete(3), layers).predict(x, deterministic=True)[0]
    coded = [
        {"weights": {"b64": base64.b64encode(w.tobytes()).decode()}, "biases": np.asarray(b).tolist()} for w, b in layers
    ]
    file = write(tmp_path, NUMBERS, spaces.Discrete(3), layers, version=2, policy=coded)
    assert np.array_equal(gymwire.Policy(file, pgagent=False).predict(x, deterministic=True)[0], text)
    for bad in ["AAAA", "AACAPwAAAEA", "AADAfwAAAEA=", 7]:
        coded[0]["weights"] = {"b64": bad}
        with pytest.raises(gymwire.GymwireError):
            gymwire.Policy(write(tmp_path, NUMBERS, spaces.Discrete(3), layers, version=2, policy=coded), pgagent=False)


def test_samples_follow_the_softmax(tmp_path):
    made = policy(tmp_path, NUMBERS, spaces.Discrete(3), [(np.zeros((3, 2)), np.log([0.2, 0.3, 0.5]))])
    actions, _ = made.predict(np.zeros((20_000, 2), np.float32))
    assert np.allclose(np.bincount(actions) / 20_000, [0.2, 0.3, 0.5], atol=0.02)
    made.seed(0)
    assert np.array_equal(made.predict(np.zeros((20_000, 2), np.float32))[0], actions)


@pytest.mark.parametrize("form", ["free", "network", "head"])
def test_gaussians_with_each_form_of_sigma_are_clipped(tmp_path, form):
    action_space = spaces.Box(np.array([-1, -9], np.float32), np.array([1, 9], np.float32))
    mean, log_sigma = [0.9, 2.0], np.log([0.1, 0.5])
    zeros = np.zeros((2, 2))
    sigma = {
        "free": {"form": "free", "values": list(log_sigma)},
        "network": {"form": "network", "layers": [{"weights": zeros.tolist(), "biases": list(log_sigma)}]},
        "head": {"form": "head"},
    }[form]
    head = [np.zeros((4, 2)), [*mean, *log_sigma]] if form == "head" else [zeros, mean]
    made = policy(tmp_path, NUMBERS, action_space, [head], sigma=sigma)
    x = np.zeros((20_000, 2), np.float32)
    assert np.allclose(made.predict(x[0], deterministic=True)[0], mean)
    actions, _ = made.predict(x)
    assert actions.dtype == np.float32 and actions.max(axis=0)[0] == 1
    assert np.allclose(actions[:, 1].mean(), 2, atol=0.02) and np.allclose(actions[:, 1].std(), 0.5, atol=0.02)


def test_products_of_spaces_and_one_hot_observations(tmp_path):
    observation_space = spaces.Dict(
        [("z", spaces.Discrete(2, start=3)), ("a", spaces.Tuple([spaces.MultiDiscrete([2, 3]), spaces.MultiBinary(2)]))]
    )
    action_space = spaces.Tuple(
        [spaces.MultiDiscrete([2, 3], start=[0, 1]), spaces.MultiBinary(2), spaces.Box(0, 9, (1,), np.int32)]
    )
    # Columns of the observation: z one-hot 2, a.0 one-hot 2 and 3, a.1 two bits. Rows: logits 2 and 3, bits 2, mean 1.
    weights = np.zeros((8, 9))
    weights[1, 1] = weights[4, 6] = weights[5, 7] = 1  # choose 1 if z is 4; 2 if the second choice is 2; the first bit
    weights[7, 8] = 2.5
    made = policy(
        tmp_path, observation_space, action_space, [(weights, np.zeros(8))], sigma={"form": "free", "values": [-9.0]}
    )
    observation = {"z": 4, "a": (np.array([0, 2]), np.array([1, 1], np.int8))}
    action, _ = made.predict(observation, deterministic=True)
    assert action[0].tolist() == [1, 3] and action[1].tolist() == [1, 0] and action[2].tolist() == [3]
    assert action in action_space
    batch = {"z": np.array([4, 3]), "a": (np.array([[0, 2], [1, 0]]), np.array([[1, 1], [0, 0]], np.int8))}
    actions, _ = made.predict(batch, deterministic=True)
    assert actions[0].tolist() == [[1, 3], [0, 1]] and actions[2].tolist() == [[3], [0]]
    flattened = spaces.flatten(spaces.Dict([("z", spaces.Discrete(2, start=3))]), {"z": 4})
    assert flattened.tolist() == [0, 1]


@pytest.mark.parametrize(
    "observation",
    [np.zeros(3, np.float32), np.zeros((2, 3)), np.zeros((1, 1, 2)), [np.nan, 0], [np.inf, 0], "x", {"a": 1}, 5],
)
def test_an_observation_that_cannot_be_used_is_refused(tmp_path, observation):
    made = policy(tmp_path, NUMBERS, spaces.Discrete(2), [(np.zeros((2, 2)), np.zeros(2))])
    with pytest.raises(gymwire.BadValue):
        made.predict(observation)


GOOD = [(np.zeros((2, 2)), np.zeros(2))]


@pytest.mark.parametrize(
    ("layers", "more", "words"),
    [
        (GOOD, {"format": "pickle"}, "format"),
        (GOOD, {"version": 3}, "version 3"),
        (GOOD, {"activation": "step"}, "tanh nor relu"),
        (GOOD, {"obs_space": {"type": "Fog"}}, "Fog"),
        (GOOD, {"obs_space": {"type": "Text", "max_length": 3}}, "obs is a Text"),
        ([(np.zeros((2, 3)), np.zeros(2))], {}, "2 rows of 2"),
        ([(np.zeros((3, 2)), np.zeros(3))], {}, "2 rows of 2"),
        ([(np.zeros((2, 2)), np.zeros(1))], {}, "1 biases"),
        ([], {}, "no layers"),
        ([(np.zeros(2), np.zeros(2))], {}, "finite numbers"),
        (GOOD, {"policy": [{"weights": [[1, 2], [3]], "biases": [0, 0]}]}, "usable"),
        (GOOD, {"policy": [{"weights": [[1, "x"], [3, 4]], "biases": [0, 0]}]}, "usable"),
        (GOOD, {"policy": [{"biases": [0, 0]}]}, "weights"),
        (GOOD, {"policy": 5}, "usable"),
        (GOOD, {"normalization": {"mean": [0], "variance": [1]}}, "2 means"),
        (GOOD, {"value": [{"weights": [[1, 2, 3]], "biases": [0]}]}, "value"),
    ],
)
def test_a_file_that_is_no_usable_policy_is_refused(tmp_path, layers, more, words):
    with pytest.raises(gymwire.GymwireError, match=words):
        policy(tmp_path, NUMBERS, spaces.Discrete(2), layers, **more)


def test_a_file_without_sigma_cannot_act_in_a_box(tmp_path):
    with pytest.raises(gymwire.GymwireError, match="no sigma"):
        policy(tmp_path, NUMBERS, spaces.Box(-1, 1, (2,)), GOOD)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"format":"gymwire-policy"}', b"[" * 100_000])
def test_a_file_that_is_no_policy_at_all(tmp_path, content):
    path = tmp_path / "policy.json"
    path.write_bytes(content)
    with pytest.raises(gymwire.GymwireError, match="not a usable policy file"):
        gymwire.Policy(path, pgagent=False)
    with pytest.raises(gymwire.GymwireError, match="cannot be read"):
        gymwire.Policy(tmp_path / "nothing.json", pgagent=False)


@pytest.mark.parametrize("batch", [[], ["--batch"]], ids=["single", "batch"])
def test_a_served_policy(tmp_path, batch):
    program = tmp_path / "agent"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {script("policy.py")[1]} "$@" {" ".join(batch)}\n')
    program.chmod(0o755)
    made = gymwire.Policy("some.json", pgagent=str(program), seed=1)
    assert (
        made.is_served
        and made.observation_space.shape == (2,)
        and "some.json" in made._acting._server.process.last_words()
    )
    assert made.predict(np.array([1, 0], np.float32), deterministic=True)[0] == 1
    observations = np.array([[1, 0], [-1, 0], [2, 0]], np.float32)
    assert made.predict(observations, deterministic=True)[0].tolist() == [1, 0, 1]
    assert made.predict(observations[0])[0] == 2 and made.predict(observations[0])[0] == 1  # seeds 1 and 2
    made.close()
    with pytest.raises(gymwire.ProcessError):
        gymwire.Policy("some.json", pgagent="/no/such/agent")


def test_without_a_pgagent_that_serves_the_file_is_computed_here(tmp_path, monkeypatch):
    path = write(tmp_path, NUMBERS, spaces.Discrete(2), GOOD)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not gymwire.Policy(path).is_served
    program = tmp_path / "pgagent"
    program.write_text("#!/bin/sh\nexit 64\n")
    program.chmod(0o755)
    assert not gymwire.Policy(path).is_served


def test_what_pgagent_trained_acts_here_as_it_does_there(tmp_path):
    server, agent = built("cartpole-server"), built("pgagent")
    policy_file, log = tmp_path / "run" / "policy.json", tmp_path / "log"
    train = [agent, "--env-cmd", server, "--epochs", "15", "--out", tmp_path / "run"]
    subprocess.run(train, check=True, capture_output=True, timeout=120)
    recorder = shlex.join(script("recorder.py", str(log)))
    evaluate = [agent, "eval", "--env-cmd", recorder, "--policy", policy_file, "--episodes", "5"]
    subprocess.run(evaluate, check=True, capture_output=True, timeout=120)
    seen, acted = zip(*map(json.loads, log.read_text().splitlines()), strict=True)
    made = gymwire.Policy(policy_file, pgagent=False)
    assert len(seen) > 50
    assert made.predict(np.array(seen, np.float32), deterministic=True)[0].tolist() == list(acted)


def trained(tmp_path, *arguments):
    """Train a policy with pgagent and return its file."""
    train = [built("pgagent"), "--out", tmp_path / "run", *arguments]
    subprocess.run(train, check=True, capture_output=True, timeout=300)
    return tmp_path / "run" / "policy.json"


@pytest.mark.parametrize("task", ["cartpole-server", "swingup-server"])
def test_numpy_and_pgagent_agree_about_ten_thousand_observations(tmp_path, task):
    path = trained(tmp_path, "--env-cmd", built(task), "--epochs", "20", "--hidden", "64,64")
    served, here = gymwire.Policy(path, pgagent=built("pgagent"), seed=1), gymwire.Policy(path, pgagent=False)
    assert served.is_served and not here.is_served
    rng = np.random.default_rng(16)
    scale = 2.0 ** rng.uniform(-10, 3, (10_000, 1))
    observations = (rng.uniform(-1, 1, (10_000, *served.observation_space.shape)) * scale).astype(np.float32)
    theirs, ours = served.act(observations, deterministic=True), here.act(observations, deterministic=True)
    for name in ("logp", "value"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-5, atol=1e-5)
    if served.action_space.dtype.kind == "f":
        np.testing.assert_allclose(ours.action, theirs.action, rtol=1e-5, atol=1e-5)
    else:
        assert np.array_equal(ours.action, theirs.action)
    single = served.act(observations[7], deterministic=True)
    assert single.action == theirs.action[7] and single.logp == theirs.logp[7] and single.value == theirs.value[7]
    served.close()


def test_a_served_policy_keeps_to_its_seeds(tmp_path):
    path = trained(tmp_path, "--env-cmd", built("cartpole-server"), "--epochs", "1")
    served = gymwire.Policy(path, pgagent=built("pgagent"), seed=5)
    observations = np.zeros((200, 4), np.float32)
    first = served.act(observations)
    served.seed(5)
    singles = [served.act(row) for row in observations]
    assert first.action.tolist() == [answer.action for answer in singles]
    assert first.logp.tolist() == [answer.logp for answer in singles] and set(first.action.tolist()) == {0, 1}
    served.seed(6)
    assert served.act(observations).action.tolist() != first.action.tolist()
    served.close()


MASKED = spaces.Tuple([spaces.Discrete(3, start=5), spaces.MultiDiscrete([2, 2]), spaces.Box(-1, 1, (1,))])


@pytest.mark.parametrize("where", ["here", "served"])
def test_masks_hold_here_and_where_it_is_served(tmp_path, where):
    biases = [9, 1, 0, 0, 1, 0, 1, 0.5]
    layers = [(np.zeros((8, 2)), biases)]
    sigma = {"form": "free", "values": [0.0]}
    path = write(tmp_path, NUMBERS, MASKED, layers, sigma=sigma)
    made = gymwire.Policy(path, pgagent=built("pgagent") if where == "served" else False)
    mask = (np.array([0, 1, 1]), (np.array([1, 0]), np.array([1, 1])), None)
    free = made.act(np.zeros(2, np.float32), deterministic=True)
    held = made.act(np.zeros(2, np.float32), deterministic=True, action_masks=mask)
    assert free.action[0] == 5 and free.action[1].tolist() == [1, 1]
    assert held.action[0] == 6 and held.action[1].tolist() == [0, 1]
    density = -np.log(2 * np.pi) / 2
    assert np.isclose(held.logp, -np.log1p(np.exp(-1)) - np.log1p(np.exp(-1)) + density, atol=1e-6)
    assert held.value is None
    answers = made.act(np.zeros((40, 2), np.float32), action_masks=[mask, None] * 20)
    assert set(answers.action[0][::2].tolist()) <= {6, 7} and set(answers.action[1][::2, 0].tolist()) == {0}
    for unusable in ((np.zeros(3), None, None), (np.ones(2), None, None)):
        with pytest.raises(gymwire.BadValue):
            made.act(np.zeros(2, np.float32), action_masks=unusable)
    made.close()


class Broken:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array today")


@pytest.mark.parametrize(
    "seen", [None, "x", [1, 2, 3], [[1], [1, 2]], np.zeros((0, 2)), {}, (), Broken(), [None, None]]
)
def test_what_is_no_observation_is_a_bad_value(tmp_path, seen):
    made = policy(tmp_path, NUMBERS, spaces.Discrete(3), [(np.zeros((3, 2)), np.zeros(3))])
    with pytest.raises(gymwire.BadValue):
        made.predict(seen)
    made = policy(tmp_path, spaces.Dict({"a": NUMBERS}), spaces.Discrete(3), [(np.zeros((3, 2)), np.zeros(3))])
    with pytest.raises(gymwire.BadValue):
        made.predict(seen)


@pytest.mark.parametrize("mask", ["x", 5, {}, [None], [[1, 1, 1]], (1, 2), Broken(), [0, 0, 0]])
def test_what_is_no_mask_is_a_bad_value(tmp_path, mask):
    for space in (spaces.Discrete(3), spaces.Tuple((spaces.Discrete(2), spaces.Discrete(1)))):
        made = policy(tmp_path, NUMBERS, space, [(np.zeros((3, 2)), np.zeros(3))])
        with pytest.raises(gymwire.BadValue):
            made.predict(np.zeros(2), action_masks=mask)


@pytest.mark.parametrize("number", ['"0.5"', "true", "null", "1" + "0" * 400, "1e400", "1e39", "NaN", "[1]"])
def test_weights_that_are_no_numbers_are_refused(tmp_path, number):
    file = tmp_path / "policy.json"
    write(tmp_path, NUMBERS, spaces.Discrete(3), [(np.full((3, 2), 0.125), np.zeros(3))])
    path = next(tmp_path.glob("*.json"))
    text = path.read_text().replace("0.125", number, 1)
    file.write_text(text)
    with pytest.raises(gymwire.GymwireError, match="usable policy file"):
        gymwire.Policy(file, pgagent=False)
