"""What a policy answers."""

from __future__ import annotations

from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What a policy would do, for one observation or for a batch of them.

    `logp` is the natural logarithm of the action's probability, or of its density before it was clipped, and `value`
    the estimate of V. Either is None where the policy does not tell it.
    """

    action: Any
    logp: Any
    value: Any
