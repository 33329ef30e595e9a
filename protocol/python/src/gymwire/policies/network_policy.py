"""A policy file at work in NumPy: for where there is no pgagent."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.errors import GymwireError
from gymwire.policies.answer import Answer
from gymwire.policies.leaves import joined, leaves_of, masks_of, numbers_of, parts_of, width_of
from gymwire.policies.policy_file import Layer, PolicyFile

_LIMIT = np.float32(10)


class NetworkPolicy:
    """Computes actions by the networks of a policy file.

    Raises:
        GymwireError: The sizes of the networks do not fit the spaces or each other.
    """

    def __init__(self, file: PolicyFile) -> None:
        self.observation_space, self.action_space = file.observation_space, file.action_space
        self._file = file
        self._observed = leaves_of(file.observation_space, "obs")
        self._acted = leaves_of(file.action_space, "action")
        self._random = np.random.default_rng()
        width = width_of(self._observed)
        columns, sigmas = _columns(self._acted)
        has_sigma_apart = file.sigma_form in ("free", "network")
        self._sigma_columns = sigmas if has_sigma_apart else []
        self._main_columns = [column for column in range(columns) if column not in set(self._sigma_columns)]
        if sigmas and file.sigma_form is None:
            raise GymwireError("the policy file has no sigma for its real-valued actions")
        check_layers("policy", file.policy, width, len(self._main_columns))
        if file.sigma_form == "network":
            check_layers("sigma", file.sigma_layers, width, len(sigmas))
        if file.sigma_values is not None and len(file.sigma_values) != len(sigmas):
            raise GymwireError(f"the policy file has {len(file.sigma_values)} sigmas, and needs {len(sigmas)}")
        if file.normalization is not None and any(len(numbers) != width for numbers in file.normalization):
            raise GymwireError(f"the normalization of the policy file does not have {width} means and variances")
        if file.value:
            check_layers("value", file.value, width, 1)

    def seed(self, seed: int | None) -> None:
        """Restart the random numbers of sampled actions."""
        self._random = np.random.default_rng(seed)

    def act(self, observations: Any, deterministic: bool, masks: list[Any] | None = None) -> Answer:
        """Return a batch of actions for a batch of observations, Box actions clipped to their bounds.

        Args:
            observations: The batch.
            deterministic: Whether to take the most probable actions, or the means.
            masks: A mask for each row, or None.
        """
        parameters = self.parameters(observations)
        legal = masks_of(self.action_space, masks or [None])
        actions, logp, column = [], np.zeros(len(parameters), np.float32), 0
        for leaf, mask in zip(self._acted, legal, strict=True):
            z = parameters[:, column : column + _parameter_count(leaf)]
            column += z.shape[1]
            action, logarithms = self._choose(leaf, z if mask is None else np.where(mask, z, -np.inf), deterministic)
            actions.append(action)
            logp += logarithms
        return Answer(joined(self.action_space, iter(actions)), logp, self.values(observations))

    def parameters(self, observations: Any) -> np.ndarray:
        """Return the parameters of the action distributions, a row for each observation."""
        numbers = self._normalized(observations)
        main = self._forward(self._file.policy, numbers)
        if not self._sigma_columns:
            return main
        parameters = np.empty((len(main), len(self._main_columns) + len(self._sigma_columns)), np.float32)
        parameters[:, self._main_columns] = main
        apart = self._file.sigma_values
        parameters[:, self._sigma_columns] = self._forward(self._file.sigma_layers, numbers) if apart is None else apart
        return parameters

    def values(self, observations: Any) -> np.ndarray | None:
        """Return the estimates of V, or None where the file has no value function."""
        return self._forward(self._file.value, self._normalized(observations))[:, 0] if self._file.value else None

    def _normalized(self, observations: Any) -> np.ndarray:
        return normalized(self._file, numbers_of(self._observed, parts_of(self.observation_space, observations)))

    def _forward(self, layers: list[Layer], numbers: np.ndarray) -> np.ndarray:
        return forward(self._file, layers, numbers)

    def _choose(self, leaf: Any, z: np.ndarray, deterministic: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return the actions of a leaf and the logarithm of each row's probability or density."""
        shape = (len(z), *leaf.shape)
        if isinstance(leaf, spaces.Box):
            mean, log_sigma = np.split(z, 2, axis=1)
            drawn = (
                mean
                if deterministic
                else mean + np.exp(log_sigma) * self._random.standard_normal(mean.shape, np.float32)
            )
            deviation = (drawn - mean) * np.exp(-log_sigma)
            logp = -(deviation**2 / 2 + log_sigma + np.log(2 * np.pi) / 2).sum(axis=1)
            if leaf.dtype.kind != "f":
                drawn = np.trunc(drawn + np.copysign(0.5, drawn))  # halves away from zero
            return np.clip(drawn.reshape(shape), leaf.low, leaf.high).astype(leaf.dtype), logp
        if isinstance(leaf, spaces.MultiBinary):
            bits = z > (0 if deterministic else _logit(self._random.random(z.shape)))
            return bits.reshape(shape).astype(leaf.dtype), (bits * z - np.logaddexp(0, z)).sum(axis=1)
        counts = [int(leaf.n)] if isinstance(leaf, spaces.Discrete) else leaf.nvec.reshape(-1)
        runs = np.split(z, np.cumsum(counts)[:-1], axis=1)
        choices = np.stack([self._index(run, deterministic) for run in runs], axis=1)
        logp = np.sum([_logarithm(run, choice) for run, choice in zip(runs, choices.T, strict=True)], axis=0)
        return (choices.reshape(shape) + leaf.start).astype(leaf.dtype), logp

    def _index(self, logits: np.ndarray, deterministic: bool) -> np.ndarray:
        # The largest of logits with Gumbel noise is a sample of their softmax.
        noise = 0 if deterministic else self._random.gumbel(size=logits.shape)
        return np.argmax(logits + noise, axis=1)


def normalized(file: PolicyFile, numbers: np.ndarray) -> np.ndarray:
    """Return rows of observations as the networks of a file see them."""
    if file.normalization is None:
        return numbers
    mean, variance = file.normalization
    scale = (1 / np.sqrt(variance + 1e-8)).astype(np.float32)
    return np.clip((numbers - mean.astype(np.float32)) * scale, -_LIMIT, _LIMIT)


def forward(file: PolicyFile, layers: list[Layer], numbers: np.ndarray) -> np.ndarray:
    """Return the outputs of some layers of a file."""
    for layer in layers[:-1]:
        numbers = numbers @ layer.weights.T + layer.biases
        numbers = np.tanh(numbers) if file.activation == "tanh" else np.maximum(numbers, 0)
    return numbers @ layers[-1].weights.T + layers[-1].biases


def _logarithm(logits: np.ndarray, choices: np.ndarray) -> np.ndarray:
    return np.take_along_axis(logits, choices[:, None], axis=1)[:, 0] - np.logaddexp.reduce(logits, axis=1)


def _logit(uniform: np.ndarray) -> np.ndarray:
    return np.log(uniform) - np.log1p(-uniform)


def _parameter_count(leaf: spaces.Space) -> int:
    if isinstance(leaf, spaces.Box):
        return 2 * int(np.prod(leaf.shape))
    return width_of([leaf])


def _columns(leaves: list[spaces.Space]) -> tuple[int, list[int]]:
    """Return how many parameters all leaves take, and which are logarithms of sigma: the means come first."""
    columns = 0
    sigmas: list[int] = []
    for leaf in leaves:
        count = _parameter_count(leaf)
        if isinstance(leaf, spaces.Box):
            sigmas += range(columns + count // 2, columns + count)
        columns += count
    return columns, sigmas


def check_layers(name: str, layers: list[Layer], width: int, outputs: int) -> None:
    """Raise GymwireError for layers that do not fit each other or what they are for."""
    for index, layer in enumerate(layers):
        units = outputs if index == len(layers) - 1 else len(layer.biases)
        if layer.weights.shape != (units, width) or len(layer.biases) != units:
            raise GymwireError(
                f"layer {index} of {name} in the policy file has weights of shape {layer.weights.shape} and "
                f"{len(layer.biases)} biases, and should have {units} rows of {width}"
            )
        width = units
    if not layers:
        raise GymwireError(f"the policy file has no layers of {name}")
