"""Everything that this package raises: each message is a sentence that says what happened, where, and what to do."""

from __future__ import annotations

from typing import Any

from gymwire.legible import legible


class GymwireError(Exception):
    """The base of all errors of this package. Its text is safe to print, whatever a server put into it."""

    def __str__(self) -> str:
        return legible(super().__str__(), keeps_lines=True)


class GymwireWarning(UserWarning):
    """Something that goes on, and that a person should know about."""


class ProcessError(GymwireError):
    """The server's process could not be started, or has ended, or was ended because it did not answer."""


class ProcessTimeout(ProcessError, TimeoutError):
    """The server did not answer in time, and was ended: the connection has no common state any more."""


class ProtocolError(GymwireError):
    """The server's output cannot be used (SPEC 3.7); the connection is closed."""


class UnsupportedSpace(GymwireError):
    """A space has no form on the wire, or none in Gymnasium (SPEC 10.9)."""


class BadValue(GymwireError, ValueError):
    """A value is not coded as its space asks for, or does not lie in it."""

    row: int | None = None
    """The row of a batch that the fault lies in, where one can be named."""


class BadOptions(GymwireError, ValueError):
    """What an environment may raise in `reset`, before it has changed anything, for options that it cannot use.

    A driver then gets `bad_options`, and the episode goes on; any other exception is `env_error` and ends it.
    """


class ServerError(GymwireError):
    """The server refused a request (SPEC 7): `code` is for programs, `message` for people.

    After a code that begins with `bad_` nothing has changed. After `env_error` the environment needs a reset, and
    `data` has the `type` and the `traceback` of what was raised.
    """

    def __init__(self, code: str, message: str, data: dict[str, Any], fatal: bool, where: str) -> None:
        super().__init__(code, message, data, fatal, where)
        self.code, self.message, self.data, self.fatal, self.where = code, message, data, fatal, where

    def __str__(self) -> str:
        text = f"{self.where} answered {self.code}: {self.message}"
        traceback = self.data.get("traceback")
        text = f"{text}\n{traceback.rstrip()}" if isinstance(traceback, str) and traceback else text
        return legible(text, keeps_lines=True)


class Refusal(GymwireError):
    """What a server of this package raises to answer a request with an error (SPEC 7.1)."""

    def __init__(self, code: str, message: str, data: dict[str, Any] | None = None, fatal: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.data, self.fatal = code, message, data or {}, fatal
