"""Servers that wait for their drivers on a socket: SPEC 3.11."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

HELLO = {"id": 3, "op": "hello", "versions": [1], "features": []}


class Server:
    """A `gymwire serve --listen` that waits, and where."""

    def __init__(self, address: str, *further: str) -> None:
        command = [sys.executable, "-m", "gymwire", "serve", "CartPole-v1", "--brief", "--listen", address, *further]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stderr.readline()
        found = re.search(r"\(port (\d+)\)", self.said)
        self.address: object = ("127.0.0.1", int(found[1])) if found else address.removeprefix("unix:")

    def connect(self) -> Driver:
        return Driver(self.address)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stderr.close()


class Driver:
    """One connection."""

    def __init__(self, address: object) -> None:
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(60)
        self.socket.connect(address)
        self.lines = self.socket.makefile("rb")

    def ask(self, request: dict) -> dict | None:
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        line = self.lines.readline()
        return json.loads(line) if line else None

    def leave(self) -> None:
        self.lines.close()
        self.socket.close()


@pytest.fixture(params=["127.0.0.1:0", "unix"])
def server(request: pytest.FixtureRequest, tmp_path) -> Iterator[Server]:
    started = Server(f"unix:{tmp_path}/s" if request.param == "unix" else request.param)
    yield started
    started.stop()


def test_one_driver_at_a_time(server: Server) -> None:
    first, second = server.connect(), server.connect()
    assert first.ask(HELLO)["role"] == "env"
    refusal = second.ask(HELLO)
    assert refusal["id"] == 3
    assert refusal["error"]["code"] == "busy"
    assert refusal["error"]["fatal"] is True
    assert "one at a time" in refusal["error"]["message"]
    assert second.lines.readline() == b""
    assert first.ask({"id": 4, "op": "reset", "seed": 1})["id"] == 4
    first.leave()
    second.leave()
    third = server.connect()
    assert third.ask(HELLO)["role"] == "env"
    assert third.ask({"id": 5, "op": "step", "action": 0})["error"]["code"] == "needs_reset"
    assert third.ask({"id": 6, "op": "close"}) == {"id": 6}
    third.leave()
    fourth = server.connect()
    assert fourth.ask(HELLO)["role"] == "env"
    fourth.leave()


def test_a_file_that_is_left_behind(tmp_path) -> None:
    first = Server(f"unix:{tmp_path}/s")
    first.stop()
    assert (tmp_path / "s").exists()
    second = Server(f"unix:{tmp_path}/s")
    driver = second.connect()
    assert driver.ask(HELLO)["role"] == "env"
    driver.leave()
    third = Server(f"unix:{tmp_path}/s")
    assert "nothing can wait at" in third.said
    third.stop()
    second.stop()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("0.0.0.0:0", "which --public has to allow"),
        ("example.org:80", "is no address in digits"),
        ("5555", "is neither HOST:PORT"),
        ("unix:", "has no path"),
        ("unix:/nowhere/at/all", "nothing can wait at"),
    ],
)
def test_addresses_that_cannot_be_used(address: str, sentence: str) -> None:
    refused = Server(address)
    assert sentence in refused.said
    assert refused.process.wait() == 1
    refused.stop()
