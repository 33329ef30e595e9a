"""A policy file of a kind whose actions lie between the bounds of a Box, at work in NumPy (SPEC 18.12 to 18.15)."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.errors import GymwireError
from gymwire.policies.answer import Answer
from gymwire.policies.leaves import joined, leaves_of, numbers_of, parts_of, width_of
from gymwire.policies.network_policy import check_layers, forward, normalized
from gymwire.policies.policy_file import PolicyFile


class BoundedPolicy:
    """Computes actions by the network of a squashed Gaussian, a deterministic or an implicit policy.

    Raises:
        GymwireError: The sizes of the network do not fit the spaces, or a bound is missing.
    """

    def __init__(self, file: PolicyFile) -> None:
        self.observation_space, self.action_space = file.observation_space, file.action_space
        self._file = file
        self._observed = leaves_of(file.observation_space, "obs")
        self._acted = leaves_of(file.action_space, "action")
        self._random = np.random.default_rng()
        if not all(isinstance(leaf, spaces.Box) for leaf in self._acted):
            raise GymwireError(
                f"a policy of the kind {file.kind} acts in Boxes alone, and its space is {self.action_space}"
            )
        bounds = [(np.ravel(leaf.low), np.ravel(leaf.high)) for leaf in self._acted]
        self._low, self._high = (np.concatenate(side).astype(np.float32) for side in zip(*bounds, strict=True))
        if not np.isfinite(self._high - self._low).all():
            raise GymwireError(f"a policy of the kind {file.kind} needs finite bounds of its actions")
        width, actions = width_of(self._observed), len(self._low)
        self._noise = actions if file.kind == "implicit" else 0
        check_layers(
            "policy", file.policy, width + self._noise, (2 if file.kind == "squashed-gaussian" else 1) * actions
        )
        if file.normalization is not None and any(len(numbers) != width for numbers in file.normalization):
            raise GymwireError(f"the normalization of the policy file does not have {width} means and variances")

    def seed(self, seed: int | None) -> None:
        """Restart the random numbers of sampled actions."""
        self._random = np.random.default_rng(seed)

    def act(self, observations: Any, deterministic: bool, masks: list[Any] | None = None) -> Answer:
        """Return a batch of actions for a batch of observations; `masks` can forbid nothing in a Box."""
        numbers = numbers_of(self._observed, parts_of(self.observation_space, observations))
        rows = normalized(self._file, numbers)
        if self._noise:
            shape = (len(rows), self._noise)
            noise = np.zeros(shape, np.float32) if deterministic else self._random.standard_normal(shape, np.float32)
            rows = np.concatenate([rows, noise], axis=1)
        outputs, logp = forward(self._file, self._file.policy, rows), None
        if self._file.kind == "squashed-gaussian":
            outputs, logp = self._squashed(outputs, deterministic)
        share = (np.tanh(outputs) + 1) / 2
        actions = self._low * (1 - share) + self._high * share
        return Answer(joined(self.action_space, iter(self._split(actions))), logp, None)

    def _squashed(self, outputs: np.ndarray, deterministic: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return what is squashed, and ln π of the action that it becomes."""
        mean, log_sigma = np.split(outputs, 2, axis=1)
        log_sigma = np.clip(log_sigma, -20, 2)
        noise = 0 if deterministic else self._random.standard_normal(mean.shape, np.float32)
        x = (mean + np.exp(log_sigma) * noise).astype(np.float32)
        slope = 2 * (np.log(2) - x - np.logaddexp(0, -2 * x))
        volume = np.log((self._high - self._low) / 2)
        logp = -(((x - mean) * np.exp(-log_sigma)) ** 2 / 2 + log_sigma + np.log(2 * np.pi) / 2 + slope + volume)
        return x, logp.sum(axis=1).astype(np.float32)

    def _split(self, actions: np.ndarray) -> list[np.ndarray]:
        """Return the actions of each Box, rounded where it is one of integers."""
        parts, column = [], 0
        for leaf in self._acted:
            width = int(np.prod(leaf.shape))
            part = actions[:, column : column + width].reshape(len(actions), *leaf.shape)
            column += width
            if leaf.dtype.kind != "f":
                part = np.trunc(part + np.copysign(0.5, part))  # halves away from zero
            parts.append(np.clip(part, leaf.low, leaf.high).astype(leaf.dtype))
        return parts
