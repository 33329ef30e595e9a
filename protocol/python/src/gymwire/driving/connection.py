"""Requests and replies over the pipes of a child process (SPEC 2, 3), with time limits and words for faults."""

from __future__ import annotations

import os
import select
import sys
import time
import warnings
from collections import deque
from typing import Any

from gymwire import jsontext
from gymwire.driving.child_process import ChildProcess
from gymwire.errors import GymwireWarning, ProcessError, ProcessTimeout, ProtocolError, ServerError
from gymwire.spinner import Spinner

_PIECE = 1 << 16  # memory for much more comes from the system each time, which takes longer than the rest of a step
_LARGE_PIECE = 1 << 20
_SLICE = 0.25  # how often a silent server's process is looked at


class Connection:
    """One conversation. After an error other than ServerError it is over: the process has been ended.

    Args:
        process: The server.
        max_line: The longest reply that is read.
    """

    def __init__(self, process: ChildProcess, max_line: int) -> None:
        self.process = process
        self.max_line = max_line
        self.longest_request = 67108864
        self.is_open = True
        self._number = -1
        self._lines: deque[bytes] = deque()
        self._rest = bytearray()
        self._scanned = 0
        self._has_ended = False
        self._noise_seen = self._bare_words_seen = self._nested_seen = False
        self._poll = select.poll()
        self._poll.register(process.replies, select.POLLIN)
        self._spinner = Spinner(process.replies)

    def request(self, members: bytes, phase: str, seconds: float) -> dict[str, Any]:
        """Send a request and return its reply.

        Args:
            members: The text of the request from `"op"` on, without the closing brace.
            phase: What this is, for error messages.
            seconds: The time limit, which a notification restarts up to ten times (SPEC 3.5).

        Raises:
            ServerError: The server refused it.
            ProcessError: The server has ended, or did not answer in time.
            ProtocolError: The reply cannot be used.
        """
        if not self.is_open:
            raise ProcessError(f"`{self.process.name}` has been closed: make a new environment")
        self._number += 1
        line = b'{"id":%d,%b}\n' % (self._number, members)
        try:
            self._write(line, phase, seconds)
            reply = self._read_at_once(line, phase, seconds) or self._read_reply(line, phase, seconds)
        except BaseException:  # also KeyboardInterrupt: the reply that is still to come would be taken for the next one
            self.close(grace=0.0)
            raise
        if "error" in reply:
            raise self._server_error(reply["error"], line, phase)
        return reply

    def refuse(self, phase: str, problem: str) -> ProtocolError:
        """Close the connection over a reply that cannot be used, and return the error to raise (SPEC 3.7)."""
        self.close(grace=0.0)
        return ProtocolError(f"the answer of `{self.process.name}` to {phase} cannot be used: {problem}")

    def close(self, grace: float = 2.0) -> None:
        """End the process. Doing it twice is fine."""
        self.is_open = False
        self.process.end(grace)

    def _write(self, line: bytes, phase: str, seconds: float) -> None:
        if len(line) > self.longest_request + 1:
            raise ProtocolError(
                f"{phase} takes {len(line)} bytes, and `{self.process.name}` reads {self.longest_request} at most"
            )
        try:
            sent = os.write(self.process.requests, line)
        except BlockingIOError:
            sent = 0
        except BrokenPipeError:
            raise self._gone(line, phase) from None
        if sent == len(line):
            return
        rest, deadline = memoryview(line)[sent:], time.monotonic() + seconds
        while rest:
            if not self.process.wait_for_room(deadline - time.monotonic()):
                raise self._too_late(line, phase, seconds, "it did not read the request")
            try:
                rest = rest[os.write(self.process.requests, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._gone(line, phase) from None

    def _read_at_once(self, line: bytes, phase: str, seconds: float) -> dict[str, Any] | None:
        """Return the reply where it comes as usual, as one piece; keep what comes otherwise for `_read_reply`."""
        if not self._spinner.has_come() and not self.process.wait_for_reply(min(_SLICE, seconds)):
            self._await(line, phase, seconds)
        try:
            piece = os.read(self.process.replies, _PIECE)
        except BlockingIOError:
            return None
        if piece[-1:] == b"\n" and not self._rest and not self._lines:
            try:
                message = jsontext.loads(piece)
                if message["id"] == self._number:
                    return message
            except (ValueError, TypeError, KeyError):
                pass  # several lines, or no message: looked at line by line
        self._has_ended = not piece
        self._take(piece, phase)
        return None

    def _read_reply(self, line: bytes, phase: str, seconds: float) -> dict[str, Any]:
        begun: float | None = None
        while True:
            text = self._next_line(line, phase, seconds)
            if text[:1] != b"{":
                self._noise(text, phase)
                continue
            message = self._parse(text, phase)
            number = message.get("id", self)
            if number == self._number and type(number) is int:
                return message
            if number is None and "error" in message:
                return message
            if number is self and "op" in message:
                self._notice(message)
                begun = begun or time.monotonic()
                if time.monotonic() - begun > 10 * seconds:
                    raise self._too_late(line, phase, 10 * seconds, "it only sent notifications")
                continue
            raise ProtocolError(
                f"the answer of `{self.process.name}` to {phase} has the id {number!r}, and the request had "
                f"{self._number}. It was: {_cut(text)}"
            )

    def _next_line(self, line: bytes, phase: str, seconds: float) -> bytes:
        while not self._lines:
            if self._has_ended:
                return self._last_line(line, phase)
            try:
                piece = os.read(self.process.replies, _LARGE_PIECE)
            except BlockingIOError:
                self._await(line, phase, seconds)
                continue
            self._has_ended = not piece
            self._take(piece, phase)
        return self._lines.popleft()

    def _await(self, line: bytes, phase: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.process.wait_for_reply(max(0.0, min(_SLICE, deadline - time.monotonic()))):
            if self.process.has_ended() and not self._poll.poll(0):
                raise self._gone(line, phase)
            if time.monotonic() >= deadline:
                raise self._too_late(line, phase, seconds, "it did not answer")

    def _take(self, piece: bytes, phase: str) -> None:
        """Cut what has come into lines, without those that are blank."""
        self._rest += piece
        while (end := self._rest.find(b"\n", self._scanned)) >= 0:
            text = bytes(self._rest[:end]).removesuffix(b"\r")
            del self._rest[: end + 1]
            self._scanned = 0
            self._check_length(len(text), phase)
            if text.strip(b" \t"):
                self._lines.append(text)
        self._scanned = len(self._rest)
        self._check_length(self._scanned - 1, phase)

    def _check_length(self, length: int, phase: str) -> None:
        if length > self.max_line:
            raise ProtocolError(f"`{self.process.name}` answered {phase} with a line longer than {self.max_line} bytes")

    def _last_line(self, line: bytes, phase: str) -> bytes:
        """Return what came without a line end before the output ended, if it is a whole message (SPEC 2.5)."""
        text, self._rest, self._scanned = bytes(self._rest), bytearray(), 0
        if text[:1] == b"{":
            try:
                jsontext.loads_tolerantly(text)
                return text
            except ValueError:
                pass
        if text:
            cut = f" Its output was cut off in the middle of a line: {_cut(text)}"
            raise ProcessError(str(self._gone(line, phase)) + cut)
        raise self._gone(line, phase)

    def _parse(self, text: bytes, phase: str) -> dict[str, Any]:
        try:
            return jsontext.loads(text)
        except ValueError:
            pass
        try:
            message = jsontext.loads_tolerantly(text)
        except ValueError as error:
            problem = f"it is not JSON ({error}). It was: {_cut(text)}"
            raise ProtocolError(f"the answer of `{self.process.name}` to {phase} cannot be used: {problem}") from None
        if not self._bare_words_seen:
            self._bare_words_seen = True
            self.warn('writes bare NaN or Infinity, which is not JSON: write "NaN" or "Infinity" as strings')
        return message

    def _noise(self, text: bytes, phase: str) -> None:
        if b'{"id":' in text or b'{"error":' in text:
            raise ProtocolError(
                f"`{self.process.name}` answered {phase} on a line that begins with something else: {_cut(text)} "
                "Standard output is for the protocol only: print to standard error, and end each line"
            )
        print(text.decode("utf-8", "replace"), file=sys.stderr)
        if not self._noise_seen:
            self._noise_seen = True
            self.warn(
                f"prints lines on standard output that are no messages; they are passed over. The first: {_cut(text)}"
            )

    def _notice(self, message: dict[str, Any]) -> None:
        text = message.get("text")
        if message["op"] == "log" and type(text) is str:
            if message.get("level") in ("warning", "error"):
                self.warn(f"says: {text}")
            else:
                print(f"[{self.process.pid}] {text}", file=sys.stderr)

    def warn_of_nested_lists(self) -> None:
        """Warn the user once of lists that should be flat (SPEC 8.5)."""
        if not self._nested_seen:
            self._nested_seen = True
            self.warn("writes nested lists where flat ones belong (SPEC 9.1)")

    def warn(self, text: str) -> None:
        """Warn the user of something that this server does."""
        warnings.warn(f"`{self.process.name}` {text}", GymwireWarning, stacklevel=7)

    def _server_error(self, error: Any, line: bytes, phase: str) -> ServerError | ProtocolError:
        if type(error) is not dict or type(error.get("code")) is not str or type(error.get("message")) is not str:
            return self.refuse(phase, f"its error lacks code or message: {error!r}")
        fatal = error.get("fatal") is True
        if fatal:
            self.close()
        data = error.get("data")
        where = f"`{self.process.name}`"
        return ServerError(error["code"], error["message"], data if type(data) is dict else {}, fatal, where)

    def _gone(self, line: bytes, phase: str) -> ProcessError:
        reason = self.process.exit_reason()
        return ProcessError(
            f"`{self.process.name}` (process {self.process.pid}) {reason} during {phase}. "
            f"The request was: {_cut(line)}{self.process.last_words()}"
        )

    def _too_late(self, line: bytes, phase: str, seconds: float, what: str) -> ProcessTimeout:
        words = self.process.last_words()
        return ProcessTimeout(
            f"`{self.process.name}` (process {self.process.pid}) was ended, because {what} within {seconds:g} s "
            f"during {phase}. A longer time limit can be given; a server must also flush after each line. "
            f"The request was: {_cut(line)}{words}"
        )


def _cut(text: bytes) -> str:
    shown = text.decode("utf-8", "replace").rstrip("\n")
    return shown if len(shown) <= 300 else f"{shown[:300]}... ({len(text)} bytes)"
