"""Rewards on the wire: one number, or N of float64 (SPEC 8.4, 12.4)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gymwire import base64_arrays, number_lists


def reward_to_wire(reward: float) -> Any:
    """Return one reward."""
    return reward if math.isfinite(reward) else number_lists.from_number(reward)


def rewards_to_wire(rewards: np.ndarray, b64: bool) -> Any:
    """Return the rewards of a batch."""
    return base64_arrays.from_array(rewards) if b64 else number_lists.from_array(rewards)
