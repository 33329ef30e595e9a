"""The policy file that pgagent writes (SPEC 18): read, and checked before it is used. Nothing in it can run code."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire import base64_arrays, space_json
from gymwire.errors import GymwireError, UnsupportedSpace

_LARGEST = np.finfo(np.float32).max


@dataclass(frozen=True)
class Layer:
    """y = weights @ x + biases."""

    weights: np.ndarray
    biases: np.ndarray


@dataclass(frozen=True)
class PolicyFile:
    """What the file holds.

    `normalization` is mean and variance; `sigma_form` is `free`, `network`, `head` or None; `kind` is None for the
    distributions of version 1.
    """

    observation_space: spaces.Space
    action_space: spaces.Space
    activation: str
    policy: list[Layer]
    normalization: tuple[np.ndarray, np.ndarray] | None
    sigma_form: str | None
    sigma_values: np.ndarray | None
    sigma_layers: list[Layer]
    value: list[Layer]
    kind: str | None = None


# The kinds of version 2 (SPEC 18.12).
_KINDS = ("squashed-gaussian", "deterministic", "implicit")


def read(path: str | os.PathLike[str]) -> PolicyFile:
    """Read a policy file.

    Raises:
        GymwireError: It is no usable policy file; the message says why.
    """
    try:
        with open(path, "rb") as file:
            content = json.load(file)
        if not isinstance(content, dict) or content.get("format") != "gymwire-policy":
            raise ValueError('its format is not "gymwire-policy"')
        if content.get("version") not in (1, 2):
            raise ValueError(
                f"it has version {content.get('version')!r} of the format, and this reads versions 1 and 2"
            )
        if content["version"] == 2 and content.get("kind") not in (None, *_KINDS):
            raise ValueError(
                f"its version 2 holds a policy of the kind {content.get('kind')!r}, which is not known here"
            )
        return _policy(content)
    except OSError as error:
        raise GymwireError(f"{path} cannot be read: {error.strerror}") from error
    except (LookupError, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise GymwireError(f"{path} is not a usable policy file: {what}") from error
    except UnsupportedSpace as error:
        raise GymwireError(f"{path} is not a usable policy file: {error}") from error


def _policy(content: dict[str, Any]) -> PolicyFile:
    activation = content["activation"]
    if activation not in ("tanh", "relu"):
        raise ValueError(f"its activation {activation!r} is neither tanh nor relu")
    normalization, sigma = content.get("normalization"), content.get("sigma") or {}
    form = sigma.get("form")
    if form not in (None, "free", "network", "head"):
        raise ValueError(f"its sigma has the form {form!r}")
    return PolicyFile(
        observation_space=space_json.from_json(content["obs_space"], "obs_space"),
        action_space=space_json.from_json(content["action_space"], "action_space"),
        activation=activation,
        policy=_layers(content["policy"]),
        normalization=None
        if normalization is None
        else (_numbers(normalization["mean"], np.float64), _numbers(normalization["variance"], np.float64)),
        sigma_form=form,
        sigma_values=_numbers(sigma["values"], np.float32) if form == "free" else None,
        sigma_layers=_layers(sigma["layers"]) if form == "network" else [],
        value=_layers(content.get("value") or []),
        kind=content.get("kind") if content["version"] == 2 else None,
    )


def _layers(layers: Any) -> list[Layer]:
    return [_layer(layer["weights"], _numbers(layer["biases"], np.float32)) for layer in layers]


def _layer(weights: Any, biases: np.ndarray) -> Layer:
    if not isinstance(weights, dict):
        return Layer(_numbers(weights, np.float32, 2), biases)
    text = weights["b64"]
    count = (len(text) // 4 * 3 - text[-2:].count("=")) // 4
    if not len(biases) or count % len(biases):
        raise ValueError(f"{count} weights are not equally many for each of {len(biases)} units")
    rows = base64_arrays.to_array(weights, np.dtype(np.float32), count).reshape(len(biases), -1)
    return Layer(_numbers(rows, np.float32, 2), biases)


def _numbers(values: Any, dtype: type, dimensions: int = 1) -> np.ndarray:
    array: np.ndarray = np.array(values)
    if (
        not _are_numbers(values)
        or array.dtype.kind not in "if"
        or (dtype is np.float32 and np.abs(array).max(initial=0) > _LARGEST)
    ):
        raise ValueError("a list of numbers holds something else, or one that is too large")
    array = array.astype(dtype)
    if array.ndim != dimensions or not np.isfinite(array).all():
        raise ValueError(f"a list of finite numbers is needed, and an array of shape {array.shape} came")
    return array


def _are_numbers(values: Any) -> bool:
    """Return whether all is made of numbers; NumPy would take a text or a truth value for one too."""
    if not isinstance(values, list):
        return True
    return all(_are_numbers(value) if isinstance(value, list) else type(value) in (int, float) for value in values)
