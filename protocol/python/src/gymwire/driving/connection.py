"""Requests and replies over the pipes of a child process (SPEC 2, 3), with time limits and words for faults."""

from __future__ import annotations

import os
import time
from collections import deque
from typing import Any

from gymwire import jsontext
from gymwire.driving.child_process import ChildProcess
from gymwire.driving.relay import Relay, excerpt
from gymwire.errors import BadValue, GymwireError, ProcessError, ProcessTimeout, ProtocolError, ServerError
from gymwire.limits import MAX_LINE
from gymwire.number_lists import show, to_integer
from gymwire.spinner import Spinner

_PIECE = 1 << 16  # memory for much more comes from the system each time, which takes longer than the rest of a step
_LARGE_PIECE = 1 << 20
_SLICE = 0.25  # how often a silent server's process is looked at
_MOST_RESTARTS = 10
_BRACE, _LINE_END = b"{\n"

_clock = time.monotonic


class Connection:
    """One conversation. After an error other than ServerError it is over: the process has been ended.

    One thread uses it at a time, in the process that made it.

    Args:
        process: The server.
        max_line: The longest reply that is read.
    """

    def __init__(self, process: ChildProcess, max_line: int) -> None:
        self.process = process
        self.max_line = max_line
        self.longest_request = MAX_LINE
        self.relay = Relay(process.name, process.pid)
        self._input = process.input
        self._owner = os.getpid()
        self._number = -1
        self._lines: deque[bytes] = deque()
        self._rest = bytearray()
        self._has_ended = False
        self._is_busy = False
        self._end = 0.0
        self._last_end = 0.0
        self._spinner = Spinner(process.replies)

    def request(self, members: bytes, phase: str, seconds: float) -> dict[str, Any]:
        """Send a request and return its reply.

        Args:
            members: The text of the request from `"op"` on, without the closing brace.
            phase: What this is, for error messages.
            seconds: How long the reply may take, whatever else arrives meanwhile. A notification grants as much again,
                ten times at the most (SPEC 3.5).

        Raises:
            ServerError: The server refused it.
            ProcessError: The server has ended, or did not answer in time.
            ProtocolError: The reply cannot be used.
            GymwireError: This is a fork of the process that made the connection, or two threads use it at once.
        """
        if self._is_busy or self._input.closed:  # which it is in a fork, too
            self._explain()
        self._is_busy = True
        self._number += 1
        self._end = 0.0
        line = b'{"id":%d,%b}\n' % (self._number, members)
        try:
            self._write(line, phase, seconds)
            reply = self._read_at_once(line, phase, seconds) or self._read_reply(line, phase, seconds)
        except BaseException as error:  # also KeyboardInterrupt: the late reply would be taken for the next one
            self.close(grace=0.0)
            if isinstance(error, OSError) and not isinstance(error, GymwireError):  # closed by another thread
                raise ProcessError(f"`{self.process.name}` cannot be reached any more: {error}") from error
            raise
        finally:
            self._is_busy = False
        if None in reply.values():  # a member that is null is absent (SPEC 4.7)
            reply = {name: value for name, value in reply.items() if value is not None}
        if "error" in reply:
            raise self._server_error(reply["error"], phase)
        return reply

    def _explain(self) -> None:
        """Raise the error of a request that cannot be made."""
        self.check_owner()
        if self._input.closed:
            raise ProcessError(f"`{self.process.name}` has been closed: make a new environment")
        raise GymwireError(f"`{self.process.name}` is still answering another request: one thread at a time")

    def check_owner(self) -> None:
        """Raise GymwireError in a fork: the server belongs to the process that started it."""
        if os.getpid() != self._owner:
            raise GymwireError(
                f"`{self.process.name}` belongs to process {self._owner}, and this is a fork of it: "
                "make a new environment here, or a copy by pickle"
            )

    def refuse(self, phase: str, problem: str) -> ProtocolError:
        """Close the connection over a reply that cannot be used, and return the error to raise (SPEC 3.7)."""
        self.close(grace=0.0)
        return self._unusable(phase, problem)

    def close(self, grace: float = 2.0) -> None:
        """End the process. Doing it twice is fine."""
        self.check_owner()
        self.process.end(grace)

    def _write(self, line: bytes, phase: str, seconds: float) -> None:
        if len(line) > self.longest_request + 1:
            raise ProtocolError(
                f"{phase} takes {len(line)} bytes, and `{self.process.name}` reads {self.longest_request} at most"
            )
        rest: Any = line
        while True:
            try:
                sent = os.write(self.process.requests, rest)
            except BlockingIOError:
                sent = 0
            except BrokenPipeError:
                raise self._gone(line, phase) from None
            if sent == len(rest):
                return
            rest = memoryview(rest)[sent:]
            self._start_clock(seconds)
            if not self.process.wait_for_room(self._end - _clock()):
                raise self._too_late(line, phase, seconds, "it did not read the request")

    def _read_at_once(self, line: bytes, phase: str, seconds: float) -> dict[str, Any] | None:
        """Return the reply where it comes as usual, as one piece; keep what comes otherwise for `_read_reply`."""
        if not self._spinner.has_come() and not self.process.wait_for_reply(min(_SLICE, seconds)):
            self._start_clock(seconds, min(_SLICE, seconds))
            self._await(line, phase, seconds)
        try:
            piece = os.read(self.process.replies, _PIECE)
        except BlockingIOError:
            return None
        # A line begins with { and ends with the only line end in it, whether it comes in one piece or in several.
        if piece.find(_LINE_END) == len(piece) - 1 and not self._rest and not self._lines:
            try:
                if piece[0] == _BRACE:
                    message = jsontext.loads(piece)
                    number = message["id"]
                    if number == self._number and type(number) is int:
                        return message
            except (ValueError, LookupError):
                pass  # something else than the usual reply, or nothing
        self._has_ended = not piece
        self._take(piece, phase)
        return None

    def _read_reply(self, line: bytes, phase: str, seconds: float) -> dict[str, Any]:
        self.relay.begin_request()
        self._start_clock(seconds)
        while True:
            text = self._next_line(line, phase, seconds)
            if text[:1] == b"{":
                message = self._parse(text, phase)
                if self._is_reply(message, text, phase):
                    return message
                self.relay.notice(message)
                self._end = min(_clock() + seconds, self._last_end)
            elif b'{"id":' in text or b'{"error":' in text:
                raise ProtocolError(
                    f"`{self.process.name}` answered {phase} on a line that begins with something else: "
                    f"{excerpt(text)} Standard output is for the protocol only: print to standard error, and end each "
                    "line; write no byte order mark"
                )
            else:
                self.relay.noise(text)

    def _start_clock(self, seconds: float, past: float = 0.0) -> None:
        """Begin the time limit of the request, unless it has begun: most replies come before that is worth it."""
        if not self._end:
            begun = _clock() - past
            self._end, self._last_end = begun + seconds, begun + _MOST_RESTARTS * seconds

    def _is_reply(self, message: dict[str, Any], text: bytes, phase: str) -> bool:
        """Return whether it answers the request, or else is a notification."""
        if "id" not in message:
            if type(message.get("op")) is str:
                return False
            raise self._unusable(phase, f"it has no id. It was: {excerpt(text)}")
        number = message["id"]
        if number is None and "error" in message:
            return True
        try:
            if to_integer(number) == self._number:
                return True
        except BadValue:
            pass
        what = f"it has the id {show(number)}, and the request had {self._number}. It was: {excerpt(text)}"
        raise self._unusable(phase, what)

    def _next_line(self, line: bytes, phase: str, seconds: float) -> bytes:
        while not self._lines:
            if self._has_ended:
                return self._last_line(line, phase)
            if _clock() >= self._end:
                raise self._too_late(line, phase, seconds, "it did not answer")
            try:
                piece = os.read(self.process.replies, _LARGE_PIECE)
            except BlockingIOError:
                self._await(line, phase, seconds)
                continue
            self._has_ended = not piece
            self._take(piece, phase)
        return self._lines.popleft()

    def _await(self, line: bytes, phase: str, seconds: float) -> None:
        """Wait until there is something to read, or the process has ended."""
        while not self.process.wait_for_reply(max(0.0, min(_SLICE, self._end - _clock()))):
            if self.process.has_ended() and not self.process.wait_for_reply(0.0):
                raise self._gone(line, phase)
            if _clock() >= self._end:
                raise self._too_late(line, phase, seconds, "it did not answer")

    def _take(self, piece: bytes, phase: str) -> None:
        """Cut what has come into lines, without those that are blank."""
        first, *others = piece.split(b"\n")
        self._rest += first
        for text in others:
            done = bytes(self._rest).removesuffix(b"\r")
            self._rest = bytearray(text)
            self._check_length(len(done), phase)
            if done.strip(b" \t"):
                self._lines.append(done)
        self._check_length(len(self._rest) - 1, phase)

    def _check_length(self, length: int, phase: str) -> None:
        if length > self.max_line:
            raise ProtocolError(f"`{self.process.name}` answered {phase} with a line longer than {self.max_line} bytes")

    def _last_line(self, line: bytes, phase: str) -> bytes:
        """Return what came without a line end before the output ended, if it is a whole message (SPEC 2.5)."""
        text, self._rest = bytes(self._rest), bytearray()
        if text[:1] == b"{":
            try:
                jsontext.loads_tolerantly(text)
                return text
            except ValueError:
                pass
        if text:
            raise self._gone(line, phase, f" Its output was cut off in the middle of a line: {excerpt(text)}")
        raise self._gone(line, phase)

    def _parse(self, text: bytes, phase: str) -> dict[str, Any]:
        try:
            return jsontext.loads(text)
        except ValueError:
            pass
        try:
            message = jsontext.loads_tolerantly(text)
        except ValueError as error:
            raise self._unusable(phase, f"it is not JSON ({error}). It was: {excerpt(text)}") from None
        self.relay.warn_once(
            "bare words", 'writes bare NaN or Infinity, which is not JSON: write "NaN" or "Infinity" as strings'
        )
        return message

    def warn_of_nested_lists(self) -> None:
        """Warn the user once of lists that should be flat (SPEC 8.5)."""
        self.relay.warn_once("nested lists", "writes nested lists where flat ones belong (SPEC 9.1)")

    def _server_error(self, error: Any, phase: str) -> ServerError | ProtocolError:
        if type(error) is not dict or type(error.get("code")) is not str or type(error.get("message")) is not str:
            return self.refuse(phase, f"its error lacks code or message: {show(error)}")
        fatal = error.get("fatal") is True
        if fatal:
            self.close()
        data = error.get("data")
        where = f"`{self.process.name}`"
        return ServerError(error["code"], error["message"], data if type(data) is dict else {}, fatal, where)

    def _unusable(self, phase: str, problem: str) -> ProtocolError:
        return ProtocolError(f"the answer of `{self.process.name}` to {phase} cannot be used: {problem}")

    def _gone(self, line: bytes, phase: str, more: str = "") -> ProcessError:
        reason = self.process.exit_reason()
        return ProcessError(
            f"`{self.process.name}` (process {self.process.pid}) {reason} during {phase}. "
            f"The request was: {excerpt(line)}{self.process.last_words()}{more}"
        )

    def _too_late(self, line: bytes, phase: str, seconds: float, what: str) -> ProcessTimeout:
        if self._end >= self._last_end:
            seconds, what = _MOST_RESTARTS * seconds, "it only sent notifications"
        elif self._rest:
            what = f"of its answer only {excerpt(bytes(self._rest))} came, without the end of the line,"
        words = self.process.last_words()
        return ProcessTimeout(
            f"`{self.process.name}` (process {self.process.pid}) was ended, because {what} within {seconds:g} s "
            f"during {phase}. A longer time limit can be given; a server must also flush after each line. "
            f"The request was: {excerpt(line)}{words}"
        )
