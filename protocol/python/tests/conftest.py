"""What the tests share: commands of servers, and how a test that cannot run is reported."""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent
SERVERS = Path(__file__).resolve().parent / "servers"


def serve(*arguments: str) -> list[str]:
    """Return the command that serves a Gymnasium environment with this package."""
    return [sys.executable, "-m", "gymwire", "serve", *arguments]


def script(name: str, *arguments: str) -> list[str]:
    """Return the command of a server under tests/servers."""
    return [sys.executable, str(SERVERS / name), *arguments]


def cannot_run(why: str) -> None:
    """Skip a test, or fail it where CI is set: there nothing may be left out in silence."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def built(name: str) -> str:
    """Return the path of one of the project's executables."""
    folder = Path(os.environ.get("GYMWIRE_BIN", PACKAGE / "../../.build/release"))
    program = (folder / name).resolve()
    if not program.exists():
        cannot_run(f"{program} is not there: build it, or set GYMWIRE_BIN to the folder that it is in")
    return str(program)


@pytest.fixture(autouse=True)
def children_see_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let servers import the modules under tests/, and buffer as they do elsewhere."""
    paths = [str(PACKAGE / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@pytest.fixture(autouse=True)
def no_process_is_left():
    """Fail a test that leaves a child of this process behind, and end that child, so that the next test is on its own."""
    yield
    gc.collect()
    left = []
    while True:
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG)
        except ChildProcessError:
            break
        if found is not None:
            left.append(f"zombie {found.si_pid}")
            continue
        for path in Path("/proc/self/task").glob("*/children"):
            for pid in map(int, path.read_text().split()):
                left.append(f"running {pid}")
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
    assert not left, left


@pytest.fixture
def all_warnings():
    """Give the list of the warnings of a test."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught
