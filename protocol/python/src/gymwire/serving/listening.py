"""Waiting for drivers on a socket, and serving one after the other (SPEC 3.11)."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import json
import os
import queue
import socket
import stat
import sys
import threading
from collections.abc import Callable

from gymwire.errors import GymwireError

_PATIENCE = 1.0
"""How many seconds a driver may take to leave before the next one is told that it is still there."""
_REFUSAL_LIMIT = 2.0
"""How many seconds a driver that cannot be served may take for its first request."""


def serve_drivers(address: str, is_public: bool, serve: Callable[[int], None]) -> None:
    """Serve one driver after the other until somebody stops the program.

    Args:
        address: `HOST:PORT` or `unix:PATH`.
        is_public: Whether the address may be one that other machines reach.
        serve: Holds one conversation over the descriptor of a connection.
    """
    waiting = _listen(address, is_public)
    port = "" if waiting.family == socket.AF_UNIX else f" (port {waiting.getsockname()[1]})"
    print(f"gymwire waits for a driver at {address}{port}", file=sys.stderr, flush=True)
    connections: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
    turn = threading.Lock()
    threading.Thread(target=_take, args=(waiting, turn, connections), daemon=True).start()
    while True:
        # A driver that is gone ends its conversation and nothing else.
        with connections.get() as connection, contextlib.suppress(ConnectionError, SystemExit):
            serve(connection.fileno())
        turn.release()


def _take(waiting: socket.socket, turn: threading.Lock, connections: queue.SimpleQueue) -> None:
    while True:
        connection, _ = waiting.accept()
        if turn.acquire(timeout=_PATIENCE):
            if connection.family != socket.AF_UNIX:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connections.put(connection)
        else:
            with connection, contextlib.suppress(OSError):
                _refuse(connection)


def _refuse(connection: socket.socket) -> None:
    connection.settimeout(_REFUSAL_LIMIT)
    with connection.makefile("rb") as lines:
        line = lines.readline(65536)
    try:
        request = json.loads(line)
    except ValueError:
        request = None
    message = "this server has another driver, and serves one at a time: try again when it has gone"
    reply = {
        "id": request.get("id") if isinstance(request, dict) else None,
        "error": {"code": "busy", "message": message, "fatal": True},
    }
    connection.sendall(json.dumps(reply).encode() + b"\n")


def _listen(address: str, is_public: bool) -> socket.socket:
    try:
        if address.startswith("unix:"):
            return _listen_at_path(address[5:])
        host, port = _host_and_port(address, is_public)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise GymwireError(f"nothing can wait at {address}: {error.strerror or error}") from None


def _host_and_port(address: str, is_public: bool) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise GymwireError(f"{address} is neither HOST:PORT, such as localhost:5555, nor unix:PATH")
    host = host.removeprefix("[").removesuffix("]")
    try:
        found = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise GymwireError(f"{host} is no address in digits, such as 127.0.0.1 or ::1, nor localhost") from None
    if not is_public and not found.is_loopback:
        raise GymwireError(f"{host} can be reached from other machines, which --public has to allow")
    return str(found), int(port)


def _listen_at_path(path: str) -> socket.socket:
    if not path:
        raise GymwireError("unix: has no path behind it")
    waiting = socket.socket(socket.AF_UNIX)
    try:
        waiting.bind(path)
    except OSError as error:
        # A server that was killed leaves its file behind, at which nobody answers.
        if error.errno != errno.EADDRINUSE or not stat.S_ISSOCK(os.lstat(path).st_mode) or _is_answered(path):
            raise
        os.unlink(path)
        waiting.bind(path)
    waiting.listen()
    return waiting


def _is_answered(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0
