"""Policies whose actions lie between the bounds of a Box: their formulas, here and where pgagent serves them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from conftest import built
from gymnasium import spaces

import gymwire
from gymwire import space_json

LOW, HIGH = np.array([-2, 1], np.float32), np.array([2, 5], np.float32)
OBSERVATIONS, ACTIONS = spaces.Box(-9, 9, (3,)), spaces.Box(LOW, HIGH)
SIZES = {"squashed-gaussian": (3, 4), "deterministic": (3, 2), "implicit": (5, 2)}  # SPEC 18.13, 18.14, 18.15


def write(tmp_path, kind, action_space=ACTIONS, **more):
    rng = np.random.default_rng(0)
    inputs, outputs = SIZES.get(kind, (3, 2))
    layers = [
        (rng.normal(size=(6, inputs)), rng.normal(size=6)),
        (rng.normal(size=(outputs, 6)), rng.normal(size=outputs)),
    ]
    path = tmp_path / "policy.json"
    content = {
        "format": "gymwire-policy",
        "version": 2,
        "kind": kind,
        "algorithm": "sac",
        "environment_steps": 1,
        "obs_space": space_json.to_json(OBSERVATIONS, "obs"),
        "action_space": space_json.to_json(action_space, "action"),
        "activation": "relu",
        "policy": [
            {"weights": w.astype(np.float32).tolist(), "biases": b.astype(np.float32).tolist()} for w, b in layers
        ],
        **more,
    }
    path.write_text(json.dumps(content))
    return path, layers


def outputs(layers, x):
    return np.maximum(x @ layers[0][0].T + layers[0][1], 0) @ layers[1][0].T + layers[1][1]


@pytest.mark.parametrize("kind", SIZES)
def test_the_greedy_action_is_its_formula_here_and_where_it_is_served(tmp_path, kind):
    path, layers = write(tmp_path, kind)
    x = np.random.default_rng(1).normal(size=(40, 3)).astype(np.float32)
    row = np.concatenate([x, np.zeros((40, 2))], axis=1) if kind == "implicit" else x
    expected = LOW + (np.tanh(outputs(layers, row)[:, :2]) + 1) / 2 * (HIGH - LOW)
    for pgagent in (False, built("pgagent")):
        policy = gymwire.Policy(path, pgagent=pgagent, seed=0)
        answer = policy.act(x, deterministic=True)
        assert np.allclose(answer.action, expected, atol=1e-5)
        assert (answer.logp is None) == (kind != "squashed-gaussian") and answer.value is None
        policy.close()


def test_ln_pi_of_a_squashed_gaussian_is_a_density_of_the_action(tmp_path):
    path, _ = write(tmp_path, "squashed-gaussian")
    policy = gymwire.Policy(path, pgagent=False, seed=3)
    answer = policy.act(np.repeat(np.ones((1, 3), np.float32) / 3, 400_000, axis=0))
    # The mean of 1/π over the samples is the size of the region that the density covers.
    inside = np.exp(-answer.logp.astype(np.float64))
    assert abs(inside.mean() / np.prod(HIGH - LOW) - 1) < 0.1


def test_samples_of_an_implicit_policy_differ_and_keep_to_their_seed(tmp_path):
    path, _ = write(tmp_path, "implicit")
    x = np.repeat(np.ones((1, 3), np.float32), 50, axis=0)
    first, second = (gymwire.Policy(path, pgagent=False, seed=7).act(x).action for _ in range(2))
    assert np.array_equal(first, second) and first.std(axis=0).max() > 0.1


@pytest.mark.parametrize(
    "kind, space, words",
    [
        ("telepathic", ACTIONS, "kind 'telepathic'"),
        ("deterministic", spaces.Discrete(2), "Boxes alone"),
        ("deterministic", spaces.Box(-np.inf, np.inf, (2,)), "finite bounds"),
        ("squashed-gaussian", spaces.Box(-1, 1, (3,)), "layer 1 of policy"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, kind, space, words):
    path, _ = write(tmp_path, kind, space)
    with pytest.raises(gymwire.GymwireError, match=words):
        gymwire.Policy(path, pgagent=False)
