"""A policy in a process of its own that answers `act` (SPEC 16), such as `pgagent serve policy.json`."""

from __future__ import annotations

from typing import Any

from gymwire import jsontext
from gymwire.driving.server import Server, ServerOptions, seed_of
from gymwire.errors import BadValue


class ServedPolicy:
    """Asks a policy server for actions.

    Args:
        options: How the server is started.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._server = Server(options, ("batch", "b64"), {}, role="policy")
        self.observation_space = self._server.hello.observation_space
        self.action_space = self._server.hello.action_space
        self._can_batch = "batch" in self._server.hello.features
        self._seed: int | None = None

    def seed(self, seed: int | None) -> None:
        """Make the sampled actions from here on reproducible: each row has a seed of its own."""
        self._seed = seed_of(seed)

    def act(self, observations: Any, deterministic: bool, count: int) -> Any:
        """Return a batch of actions for a batch of observations."""
        obs, action = self._server.obs_codec, self._server.action_codec
        if self._can_batch:
            reply = self._ask(obs.encode_batch(observations, count), deterministic, count, b',"n":%d' % count)
            return self._decoded(lambda: action.decode_batch(self._server.member(reply, "action", "act"), count))
        replies = [self._ask(obs.encode(row), deterministic, 1, b"") for row in obs.split(observations, count)]
        wires = [self._server.member(reply, "action", "act") for reply in replies]
        return self._decoded(lambda: action.stack([action.decode(wire) for wire in wires]))

    def close(self) -> None:
        """End the server."""
        self._server.close()

    def _ask(self, obs: Any, deterministic: bool, count: int, members: bytes) -> dict[str, Any]:
        members = b'"op":"act"' + members
        members += b',"deterministic":' + (b"true" if deterministic else b"false")
        if self._seed is not None and not deterministic:
            members += b',"seed":%d' % self._seed
            self._seed += count
        return self._server.connection.request(
            members + b',"obs":' + jsontext.dumps(obs), "act", self._server.options.timeout
        )

    def _decoded(self, decode: Any) -> Any:
        try:
            return decode()
        except BadValue as error:
            raise self._server.connection.refuse(
                "act", f"its action does not fit {self.action_space}: {error}"
            ) from None
