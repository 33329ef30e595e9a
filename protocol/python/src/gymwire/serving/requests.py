"""Requests: lines from a descriptor, and the checks that come before an op is looked at (SPEC 2, 4, 7.3)."""

from __future__ import annotations

from typing import Any

from gymwire import jsontext
from gymwire.errors import BadValue, Refusal
from gymwire.limits import MAX_LINE
from gymwire.number_lists import EXACT, has_overflow, show, to_integer
from gymwire.serving.host import Host
from gymwire.spinner import Spinner


class RequestLines:
    """The lines of a descriptor, without ever holding one that is longer than `max_line`."""

    def __init__(self, descriptor: int, max_line: int = MAX_LINE) -> None:
        self._stream = open(descriptor, "rb", buffering=1 << 16, closefd=False)
        self._spinner = Spinner(descriptor)
        self._limit = max_line + 2  # room for a carriage return and the line end

    def next(self) -> bytes | None:
        """Return the next line without its end, or None at the end of input, where half a message counts as nothing.

        Raises:
            Refusal: `too_large`; the line has been skipped.
        """
        self._spinner.has_come()
        line = self._stream.readline(self._limit)
        if not line:
            return None
        if line[-1] != 0x0A and len(line) >= self._limit:
            while line and line[-1] != 0x0A:
                line = self._stream.readline(1 << 20)
            raise self._too_large()
        if line[-1] != 0x0A and not _is_message(line):
            return None
        line = line.rstrip(b"\n").removesuffix(b"\r")
        if len(line) > self._limit - 2:
            raise self._too_large()
        return line

    def _too_large(self) -> Refusal:
        return Refusal("too_large", f"the line is longer than max_line, which is {self._limit - 2} bytes")


def parse(line: bytes) -> dict[str, Any]:
    """Return the object on a line. Raises Refusal `bad_json` for anything else."""
    if line[:1] != b"{":
        raise Refusal("bad_json", "the line does not begin with {")
    try:
        message = jsontext.loads(line)
    except ValueError as error:
        raise Refusal("bad_json", f"the line is not a JSON object: {error}") from None
    return message


def _is_message(line: bytes) -> bool:
    try:
        parse(line)
    except Refusal:
        return False
    return True


def integer(request: dict[str, Any], name: str, least: int = 0, most: int = EXACT) -> int | None:
    """Return an integer member, or None where it is absent. Raises Refusal `bad_message`."""
    value = request.get(name)
    if value is None:
        return None
    try:
        number = to_integer(value)
    except BadValue:
        number = least - 1
    if not least <= number <= most:
        raise Refusal("bad_message", f"{name} is {show(value)}, and must be an integer from {least} to {most}")
    return number


def member(request: dict[str, Any], name: str, kind: type, default: Any) -> Any:
    """Return an optional member of one JSON type. Raises Refusal `bad_message`."""
    value = request.get(name)
    if value is None:
        return default
    if type(value) is not kind:
        raise Refusal("bad_message", f"{name} is {show(value)}, and must be {_KINDS[kind]}")
    return value


def seed(value: Any) -> int | None:
    """Return one seed. Raises Refusal `bad_seed`."""
    if value is None:
        return None
    try:
        number = to_integer(value)
    except BadValue:
        number = -1
    if not 0 <= number <= EXACT:
        raise Refusal("bad_seed", f"seed {show(value)} is not an integer from 0 to {EXACT}")
    return number


def options(request: dict[str, Any]) -> dict[str, Any] | None:
    """Return the options of a reset. Raises Refusal `bad_options`."""
    value = request.get("options")
    if value is not None and type(value) is not dict:
        raise Refusal("bad_options", f"options {show(value)} is not an object")
    if value and has_overflow(value):
        raise Refusal("bad_options", "options has a number that is too large for a double")
    return value


def restore(host: Host, row: int, request: dict[str, Any]) -> None:
    """Put a sub-environment where the request's state was kept. Raises Refusal `bad_message`."""
    text = request.get("state")
    if type(text) is not str:
        raise Refusal("bad_message", f"restore needs a state, a string that a snapshot has brought, not {show(text)}")
    try:
        host.restore(row, text)
    except BadValue as error:
        raise Refusal("bad_message", str(error)) from None


_KINDS: dict[type, str] = {dict: "an object", list: "a list", str: "a string"}
