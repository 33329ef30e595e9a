"""A policy in a process of its own that answers `act` (SPEC 16), such as `pgagent serve policy.json`."""

from __future__ import annotations

from typing import Any

import numpy as np

from gymwire import base64_arrays, jsontext, number_lists
from gymwire.driving.server import Server, ServerOptions, seed_of
from gymwire.errors import BadValue
from gymwire.masks import encode, encode_batch
from gymwire.policies.answer import Answer

_FLOAT32 = np.dtype(np.float32)


class ServedPolicy:
    """Asks a policy server for actions.

    Args:
        options: How the server is started.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._server = Server(options, ("batch", "b64", "mask"), {}, role="policy")
        self.observation_space = self._server.hello.observation_space
        self.action_space = self._server.hello.action_space
        self._features = self._server.hello.features
        self._seed: int | None = None

    def seed(self, seed: int | None) -> None:
        """Make the sampled actions from here on reproducible: each row has a seed of its own."""
        self._seed = seed_of(seed)

    def act(self, observations: Any, deterministic: bool, count: int, masks: list[Any] | None = None) -> Answer:
        """Return a batch of actions for a batch of observations.

        Args:
            observations: The batch.
            deterministic: Whether to take the most probable actions, or the means.
            count: How many there are.
            masks: A mask for each row, or None.

        Raises:
            BadValue: There are masks, and the server does not read them.
        """
        obs, action = self._server.obs_codec, self._server.action_codec
        if masks is not None and "mask" not in self._features:
            raise BadValue("this policy's server does not read action masks")
        if "batch" in self._features:
            mask = None if masks is None else encode_batch(self.action_space, masks)
            reply = self._ask(obs.encode_batch(observations, count), mask, deterministic, count, b',"n":%d' % count)
            actions = self._decoded(lambda: action.decode_batch(self._server.member(reply, "action", "act"), count))
            return Answer(actions, self._estimates(reply, "logp", count), self._estimates(reply, "value", count))
        replies = [
            self._ask(obs.encode(row), encode(self.action_space, mask), deterministic, 1, b"")
            for row, mask in zip(obs.split(observations, count), masks or [None] * count, strict=True)
        ]
        wires = [self._server.member(reply, "action", "act") for reply in replies]
        actions = self._decoded(lambda: action.stack([action.decode(wire) for wire in wires]))
        logp, value = (self._gathered([reply.get(name) for reply in replies], name) for name in ("logp", "value"))
        return Answer(actions, logp, value)

    def close(self) -> None:
        """End the server."""
        self._server.close()

    def _ask(self, obs: Any, mask: Any, deterministic: bool, count: int, members: bytes) -> dict[str, Any]:
        members = b'"op":"act"' + members
        members += b',"deterministic":' + (b"true" if deterministic else b"false")
        if self._seed is not None and not deterministic:
            members += b',"seed":%d' % self._seed
            self._seed += count
        members += b',"obs":' + jsontext.dumps(obs)
        if mask is not None:
            members += b',"action_mask":' + jsontext.dumps(mask)
        return self._server.connection.request(members, "act", self._server.options.timeout)

    def _estimates(self, reply: dict[str, Any], name: str, count: int) -> np.ndarray | None:
        wire = reply.get(name)
        if type(wire) is dict:
            return self._decoded(lambda: base64_arrays.to_array(wire, _FLOAT32, count), name)
        return None if wire is None else self._gathered(wire, name)

    def _gathered(self, numbers: Any, name: str) -> np.ndarray | None:
        if None in numbers:
            return None
        return self._decoded(lambda: number_lists.to_array(numbers, _FLOAT32), name)

    def _decoded(self, decode: Any, name: str = "action") -> Any:
        try:
            return decode()
        except (BadValue, TypeError) as error:
            space = self.action_space if name == "action" else "a number for each observation"
            raise self._server.connection.refuse("act", f"its {name} does not fit {space}: {error}") from None
