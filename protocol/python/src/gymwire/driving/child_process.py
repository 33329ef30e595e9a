"""A server's process: started in a group of its own, its stderr always drained, and always ended with its group."""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gymwire.errors import BadValue, ProcessError
from gymwire.legible import legible
from gymwire.number_lists import show

_TAIL = 8192
_MOST_PIECES = 32
_LONGEST_NAME = 500
_PIPE_SIZE = 1 << 20
_GRACE = 2.0


class ChildProcess:
    """A child with three pipes, none of which blocks.

    It leads a session and a process group of its own, so that a Ctrl-C in the terminal does not reach it before this
    side has closed it in order, and so that what it starts can be ended with it. When this object is collected, or the
    interpreter exits, the group is ended.

    Args:
        command: Words, or one text that is split as a shell would split it, or a path; no shell is run.
        cwd: The folder to start in.
        env: The environment variables; those of this process by default.
        stderr: `"hide"` keeps the tail for error messages only, `"show"` also copies each line to this side's stderr.

    Raises:
        ProcessError: It cannot be started.
        BadValue: The command is none.
    """

    def __init__(
        self,
        command: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        stderr: str = "hide",
    ) -> None:
        words = words_of(command)
        name = shlex.join(words)
        self.name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
        self._shows_stderr = stderr == "show"
        self._tail = bytearray()
        self._unshown = b""
        try:
            child = subprocess.Popen(
                words,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env=env,
                start_new_session=True,
            )
        except (OSError, TypeError, ValueError) as error:
            raise ProcessError(f"`{self.name}` could not be started: {_why(words[0], cwd, error)}") from error
        self.pid = child.pid
        self._child = child
        self.input: Any = child.stdin
        self._streams = [stream for stream in (child.stdin, child.stdout, child.stderr) if stream is not None]
        self.requests, self.replies, self._errors = (stream.fileno() for stream in self._streams)
        for descriptor in (self.requests, self.replies, self._errors):
            os.set_blocking(descriptor, False)
            _enlarge(descriptor)
        self._both = select.poll()
        self._both.register(self.replies, select.POLLIN)
        self._both.register(self._errors, select.POLLIN)
        self._finalizer = weakref.finalize(self, _end, child, os.getpid())
        _living.add(self)

    def let_go(self) -> None:
        """Close this process's ends of the pipes, and leave the process alone."""
        for stream in self._streams:
            stream.close()

    def drain(self) -> bool:
        """Take what has come on stderr, up to a measure, and return whether there can be more."""
        for _ in range(_MOST_PIECES):
            try:
                piece = os.read(self._errors, 65536)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not piece:
                return False
            self._tail += piece
            del self._tail[:-_TAIL]
            if self._shows_stderr:
                self._show(piece)
        return True  # one that never stops talking must not keep this side from looking at the clock

    def wait_for_reply(self, seconds: float) -> bool:
        """Return whether output came in time, with stderr drained meanwhile."""
        deadline = None
        while True:
            events = self._both.poll(seconds * 1000)
            if len(events) == 1 and events[0][0] == self.replies:
                return True
            ready = [descriptor for descriptor, _ in events]
            if self._errors in ready and not self.drain():
                self._both.unregister(self._errors)
            if self.replies in ready:
                return True
            now = time.monotonic()
            deadline = deadline or now + seconds  # counted from the first talk on stderr, so at most twice as long
            seconds = deadline - now
            if not events or seconds <= 0:
                return False

    def wait_for_room(self, seconds: float) -> bool:
        """Return whether input can be written in time, with stderr drained meanwhile."""
        deadline = time.monotonic() + seconds
        room = select.poll()
        room.register(self.requests, select.POLLOUT)
        while (left := deadline - time.monotonic()) > 0:
            self.drain()
            if room.poll(1000 * min(left, 0.05)):
                return True
        return False

    def has_ended(self) -> bool:
        """Return whether the process itself is gone; its pipes may live on in what it started."""
        return _status(self._child) is not None

    def last_words(self) -> str:
        """Return the end of what it wrote on stderr, as a sentence of its own."""
        self.drain()
        lines = bytes(self._tail).decode("utf-8", "replace").strip().split("\n")[-20:]
        shown = "".join(f"\n  {legible(line.rstrip())}" for line in lines)
        return f"\nIts last lines on stderr:{shown}" if shown.strip() else " It wrote nothing on stderr."

    def exit_reason(self, seconds: float = 1.0) -> str:
        """Return how it ended, waiting a little for an end that is under way."""
        deadline = time.monotonic() + seconds
        while (status := _status(self._child)) is None:
            if time.monotonic() > deadline:
                return "closed its output and runs on"
            time.sleep(0.005)
        if status >= 0:
            return f"ended with exit status {status}"
        with contextlib.suppress(ValueError):
            return f"was killed by {signal.Signals(-status).name}"
        return f"was killed by signal {-status}"

    def end(self, grace: float = _GRACE) -> None:
        """Close its input, and make sure that it and its group are gone: by itself, by SIGTERM, by SIGKILL."""
        if self._finalizer.detach():
            _end(self._child, os.getpid(), grace, self.drain)
            if self._unshown:
                self._show(b"\n")

    def _show(self, piece: bytes) -> None:
        *lines, self._unshown = (self._unshown + piece).split(b"\n")
        for line in lines:
            print(f"[{self.pid}] {legible(line.decode('utf-8', 'replace').removesuffix(chr(13)))}", file=sys.stderr)


def words_of(command: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[str]:
    """Return the words of a command. Raises BadValue for what is none."""
    try:
        if isinstance(command, str):
            words = shlex.split(command)
        elif isinstance(command, os.PathLike):
            words = [os.fsdecode(command)]
        else:
            words = [os.fsdecode(word) for word in command]
    except (TypeError, ValueError) as error:
        raise BadValue(f"the command {show(command)} is neither a text, a path nor a list of words: {error}") from None
    if not words or not words[0]:
        raise BadValue("the command of the server is empty")
    return words


_living: weakref.WeakSet[ChildProcess] = weakref.WeakSet()


def _leave_to_parent() -> None:
    """Forget the parent's servers in a fork of it: an end of a pipe that is open here would keep them alive."""
    for process in list(_living):
        process.let_go()


os.register_at_fork(after_in_child=_leave_to_parent)


def _end(child: Any, owner: int, grace: float = _GRACE, drain: Callable[[], bool] | None = None) -> None:
    if os.getpid() != owner:
        return  # a fork of the owner: the process is not ours to end
    try:
        child.stdin.close()
        for how, patience in ((None, grace), (signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
            if how is not None:
                _signal_group(child.pid, how)
            if _has_ended_within(child, patience, drain):
                break
    finally:  # also where Ctrl-C cuts the waiting short
        # Where the zombie still holds its number, the group cannot be somebody else's.
        _signal_group(child.pid, signal.SIGKILL)
        child.wait()
        if drain is not None:
            drain()
        child.stdout.close()
        child.stderr.close()


def _has_ended_within(child: Any, seconds: float, drain: Callable[[], bool] | None) -> bool:
    deadline, pause = time.monotonic() + seconds, 0.0005
    while _status(child) is None:
        if time.monotonic() > deadline:
            return False
        # A child that still writes must not block.
        child.stdout.read(65536)
        child.stderr.read(65536) if drain is None else drain()
        time.sleep(pause)
        pause = min(pause * 2, 0.02)
    return True


def _status(child: subprocess.Popen) -> int | None:
    """Return the exit status, negative for a signal, without reaping the child where the system can do that."""
    if child.returncode is not None or not hasattr(os, "waitid"):
        return child.poll()
    try:
        status = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # somebody else in this program has reaped it
        return child.poll()
    if status is None:
        return None
    return status.si_status if status.si_code == os.CLD_EXITED else -status.si_status


def _signal_group(group: int, how: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def _enlarge(descriptor: int) -> None:
    """Let a pipe hold a large message (Linux only; elsewhere and for limited users it stays as it is)."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)


def _why(program: str, cwd: object, error: Exception) -> str:
    if isinstance(cwd, (str, os.PathLike)) and not os.path.isdir(cwd):
        return f"there is no folder {cwd}"
    if isinstance(error, FileNotFoundError):
        place = "" if "/" in program else " on the PATH (write ./ before a program in this folder)"
        return f"there is no program {program}{place}"
    if isinstance(error, PermissionError):
        return f"{program} may not be executed (chmod +x, or name its interpreter first)"
    return getattr(error, "strerror", None) or str(error)
