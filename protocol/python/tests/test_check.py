"""The conformance kit of pgagent finds nothing in this package, on either side of the pipe."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from conftest import built, serve

AGENT = """
import sys, gymwire
env = gymwire.make(sys.argv[1])
for episode in range(20):
    env.reset(seed=episode)
    for _ in range(7):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            break
env.close()
"""


def check(option: str, command: list[str]) -> subprocess.CompletedProcess:
    """Let pgagent check a command."""
    words = [built("pgagent"), "check", option, shlex.join(command), "--leak-steps", "2000", "--step-timeout", "60"]
    return subprocess.run(words, capture_output=True, text=True, timeout=600)


@pytest.mark.parametrize("environment", ["CartPole-v1", "Pendulum-v1"])
def test_a_served_environment_keeps_to_every_clause(environment):
    done = check("--env-cmd", serve(environment))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_driver_keeps_to_every_clause():
    done = check("--agent-cmd", [sys.executable, "-c", AGENT, "{}"])
    assert done.returncode == 0, done.stdout + done.stderr
