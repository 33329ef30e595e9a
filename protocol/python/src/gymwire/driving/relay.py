"""What a server says besides its replies, passed on to people in a measure that no server can exceed."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from gymwire.errors import GymwireWarning
from gymwire.legible import legible

_MOST_LINES = 100
_LONGEST_LINE = 1000


class Relay:
    """Shows lines of noise and notifications on standard error, made fit for a terminal.

    Of noise the first hundred lines of a conversation are shown, of notifications a hundred for each request.

    Args:
        name: The server's command.
        process: Its number.
    """

    def __init__(self, name: str, process: int) -> None:
        self._name, self._process = legible(name), process
        self._noise_left = _MOST_LINES
        self._notices_left = _MOST_LINES
        self._warnings_left = _MOST_LINES
        self._warned: set[str] = set()

    def begin_request(self) -> None:
        """Give notifications their measure anew."""
        self._notices_left = _MOST_LINES

    def noise(self, text: bytes) -> None:
        """Pass on a line that is no message (SPEC 2.14)."""
        if not self._noise_left:
            return
        self._noise_left -= 1
        self._print(text[: 4 * _LONGEST_LINE].decode("utf-8", "replace"))
        if not self._noise_left:
            self._print("there is more of this, which is not shown")
        self.warn_once(
            "noise",
            "prints lines on standard output that are no messages; they are passed over. The first: " + excerpt(text),
        )

    def notice(self, message: dict[str, Any]) -> None:
        """Pass on a notification that people can read (SPEC 3.4)."""
        text = message.get("text")
        if message["op"] not in ("log", "progress") or type(text) is not str or not self._notices_left:
            return
        self._notices_left -= 1
        if message["op"] == "log" and message.get("level") in ("warning", "error") and self._warnings_left:
            self._warnings_left -= 1  # Python keeps the text of each
            self.warn(f"says: {legible(text[:_LONGEST_LINE])}")
        else:
            self._print(text)
        if not self._notices_left:
            self._print("it says more in this step, which is not shown")

    def warn_once(self, topic: str, text: str) -> None:
        """Warn the user, the first time that there is a reason to."""
        if topic not in self._warned:
            self._warned.add(topic)
            self.warn(text)

    def warn(self, text: str) -> None:
        """Warn the user of something that this server does."""
        warnings.warn(f"`{self._name}` {text}", GymwireWarning, stacklevel=8)

    def _print(self, text: str) -> None:
        print(f"[{self._process}] {legible(text[:_LONGEST_LINE])}", file=sys.stderr)


def excerpt(text: bytes, limit: int = 300) -> str:
    """Return the beginning of a line, for a sentence."""
    shown = text[: 4 * limit].decode("utf-8", "replace").rstrip("\n")
    return legible(shown) if len(text) <= limit else f"{legible(shown[:limit])}... ({len(text)} bytes)"
