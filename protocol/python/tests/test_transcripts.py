"""The golden dialogues of the specification, with Gymnasium's CartPole behind this package."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PACKAGE, cannot_run, script

TRANSCRIPTS = PACKAGE.parent / "transcripts"
FILES = sorted(path for path in TRANSCRIPTS.glob("*.txt") if "\n$ cartpole-server" in path.read_text())


def test_the_dialogues_are_here():
    if not FILES:
        cannot_run(f"{TRANSCRIPTS} has no transcripts")


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_golden_dialogue(path: Path):
    command = next(line for line in path.read_text().splitlines() if line.startswith("$ cartpole-server"))
    done = subprocess.run(
        [
            sys.executable,
            str(TRANSCRIPTS / "replay.py"),
            str(path),
            "--",
            *script("cartpole.py", *shlex.split(command)[2:]),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
