"""A fork of the program leaves the servers of its parent alone, and says why."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from conftest import script, serve

import gymwire
from gymwire import GymwireError


def in_a_fork(call):
    """Return what a call prints or raises in a fork."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            told = f"returned {call()!r}"
        except BaseException as error:
            told = f"{type(error).__name__}: {error}"
        os.write(writes, told.encode())
        os._exit(0)
    os.close(writes)
    with open(reads) as told:
        text = told.read()
    os.waitpid(child, 0)
    return text


@pytest.mark.parametrize("action", ["step", "reset", "close", "render"])
def test_an_environment_of_the_parent_is_refused(action):
    env = gymwire.make(serve("CartPole-v1"), render_mode="rgb_array")
    untouched = gymwire.make(serve("CartPole-v1"))
    for each in (env, untouched):
        each.reset(seed=1), each.step(0)
    call = {"step": lambda: env.step(0)}.get(action, getattr(env, action))
    assert in_a_fork(call).startswith("GymwireError: ") and "fork" in in_a_fork(call)
    assert np.array_equal(env.step(1)[0], untouched.step(1)[0])
    env.close(), untouched.close()


@pytest.mark.parametrize("action", ["step", "reset", "close"])
def test_a_vector_environment_of_the_parent_is_refused(action):
    envs = gymwire.make_vec(serve("CartPole-v1"), 2)
    envs.reset(seed=1)
    call = {"step": lambda: envs.step(np.zeros(2, int))}.get(action, getattr(envs, action))
    assert in_a_fork(call).startswith("GymwireError: ")
    assert envs.step(np.zeros(2, int))[1].tolist() == [1, 1]
    envs.close()


def test_a_served_policy_of_the_parent_is_refused():
    policy = gymwire.Policy("weights.json", pgagent=script("policy.py"))
    assert in_a_fork(lambda: policy.predict(np.zeros(2, np.float32))).startswith("GymwireError")
    assert in_a_fork(policy.close).startswith("GymwireError")
    assert policy.predict(np.ones(2, np.float32), deterministic=True)[0] == 1
    policy.close()


def test_collecting_and_leaving_in_a_fork_are_silent_and_end_nothing():
    code = f"""
import gc, os, gymwire, numpy as np
env, envs = gymwire.make({serve("CartPole-v1")!r}), gymwire.make_vec({serve("CartPole-v1")!r}, 2)
env.reset(), envs.reset()
child = os.fork()
if child == 0:
    envs = None
    gc.collect()
    raise SystemExit(0)  # atexit and all
os.waitpid(child, 0)
print(env.step(0)[1], envs.step(np.zeros(2, int))[1])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "1.0 [1. 1.]\n" and done.stderr == ""


def test_a_program_that_leaves_with_open_environments_is_silent():
    code = f"""
import gymwire
envs = gymwire.make_vec({serve("CartPole-v1")!r}, 2)
envs.reset()
cycle = [envs]
cycle.append(cycle)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == done.stderr == "" and done.returncode == 0


def test_a_fork_that_lives_on_does_not_keep_the_servers_of_a_parent_that_was_killed():
    code = f"""
import os, signal, sys, time, gymwire
env = gymwire.make({script("rude.py")!r})
env.reset()
print(env._server.process.pid, flush=True)
if os.fork() == 0:
    sys.stdout.close()
    os.close(1)
    time.sleep(60)
    os._exit(0)
os.kill(os.getpid(), signal.SIGKILL)
"""
    reads, writes = os.pipe()
    process = subprocess.Popen([sys.executable, "-c", code], stdout=writes, start_new_session=True)
    os.close(writes)
    with open(reads) as told:
        server = int(told.readline())
    process.wait()
    try:
        for _ in range(200):
            try:
                os.kill(server, 0)
            except ProcessLookupError:
                break
            threading.Event().wait(0.05)
            state = subprocess.run(["ps", "-o", "stat=", "-p", str(server)], capture_output=True, text=True).stdout
            if state.startswith("Z") or not state:
                break
        else:
            pytest.fail("the server runs on")
    finally:
        os.killpg(process.pid, 9)


def test_two_threads_at_once_are_told_and_the_first_goes_on():
    env = gymwire.make(script("scripted.py", '[[0.5, "<reply>\\n"]]'))
    env.reset()
    results = []
    thread = threading.Thread(target=lambda: results.append(env.step(0)[1]))
    thread.start()
    threading.Event().wait(0.2)
    with pytest.raises(GymwireError, match="one thread"):
        env.step(0)
    thread.join()
    assert results == [1]
    env.close()
    gc.collect()
