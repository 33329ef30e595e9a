"""Servers that misbehave end in one sentence that names the process and the phase, and leave nothing behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import zoo
from conftest import script, serve

import gymwire
from gymwire import GymwireError, GymwireWarning, ProcessError, ProcessTimeout, ProtocolError, ServerError


def rude(how, **options):
    return gymwire.make(script("rude.py", how), **options)


@pytest.mark.parametrize(
    ("cmd", "words"),
    [
        ("./no-such-server", ["./no-such-server", "could not be started", "no program"]),
        ("no-such-server --fast", ["no-such-server", "PATH"]),
        (["/etc/passwd"], ["/etc/passwd", "chmod"]),
        ("", ["empty"]),
        (script("rude.py", "exit at once"), ["exit status 3", "hello", "no module named sim"]),
        (script("rude.py", "version"), ["unsupported_version", "only 99"]),
        (script("rude.py", "role"), ["role", "policy"]),
        (script("rude.py", "space"), ["obs_space.camera", "Hologram"]),
        (script("rude.py", "features"), ["x-mine"]),
        ("cat /dev/null", ["cat /dev/null", "exit status 0", "hello"]),
        ("cat", ["cat", "hello", "version"]),
    ],
)
def test_a_server_that_cannot_begin(cmd, words):
    with pytest.raises(GymwireError) as caught:
        gymwire.make(cmd)
    for word in words:
        assert word in str(caught.value)


def test_a_folder_that_is_not_there():
    with pytest.raises(ProcessError, match="no folder /nowhere"):
        gymwire.make("cat", cwd="/nowhere")


@pytest.mark.parametrize(
    ("how", "kind", "words"),
    [
        ("signal", ProcessError, ["SIGSEGV", "step", '"op":"step","action":1']),
        ("glued", ProtocolError, ["step", "loading 50%", "standard error"]),
        ("id", ProtocolError, ["id 3", "2"]),
        ("not json", ProtocolError, ["not JSON", '{"id":2,"obs":[0.5,']),
        ("half a line", ProcessError, ["exit status 0", "cut off"]),
        ("missing", ProtocolError, ["no reward"]),
        ("length", ProtocolError, ["2 numbers", "1 came"]),
        ("flag", ProtocolError, ["terminated", "0"]),
        ("reward", ProtocolError, ["a lot"]),
        ("mask", ProtocolError, ["forbids every action"]),
        ("grandchild", ProcessError, ["exit status 9"]),
        ("fatal", ServerError, ["internal", "out of fuel"]),
    ],
)
def test_a_step_that_goes_wrong_ends_the_connection(how, kind, words):
    env = rude(how, timeout=20)
    env.reset()
    with pytest.raises(kind) as caught:
        env.step(1)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(ProcessError, match="has been closed"):
        env.step(1)
    env.close()


def test_time_limits_name_the_phase_and_end_the_process():
    begun = time.monotonic()
    with pytest.raises(ProcessTimeout, match="0.5 s during hello"):
        rude("hang in hello", startup_timeout=0.5)
    for how in ("hang in step", "never flushes"):
        env = rude(how, timeout=0.5)
        env.reset()
        with pytest.raises(TimeoutError, match="within 0.5 s during step"):
            env.step(0)
    assert time.monotonic() - begun < 15


def test_notifications_restart_the_limit_but_not_for_ever(capfd):
    env = rude("notify", timeout=0.8)
    env.reset()
    with pytest.warns(GymwireWarning, match="no checkpoints"):
        assert env.step(0)[1] == 1
    env.close()
    env = rude("notify for ever", timeout=0.2)
    env.reset()
    begun = time.monotonic()
    with pytest.raises(ProcessTimeout, match="only sent notifications"):
        env.step(0)
    assert 1.5 < time.monotonic() - begun < 6


def test_a_banner_is_passed_on_with_one_warning(capfd):
    with pytest.warns(GymwireWarning) as caught:
        env = rude("banner")
    assert len(caught) == 1 and "pygame 2.6" in str(caught[0].message)
    assert "Hello from the pygame community." in capfd.readouterr().err
    assert env.reset()[0].tolist() == [0, 1]
    env.close()


def test_a_null_id_is_the_answer_and_the_connection_goes_on():
    env = rude("id null")
    env.reset()
    with pytest.raises(ServerError) as caught:
        env.step(0)
    assert caught.value.code == "x-strange" and env.reset()[0].tolist() == [0, 1]
    env.close()


def test_what_python_servers_write_by_mistake_is_read_with_one_warning():
    env = rude("bare nan")
    env.reset()
    with pytest.warns(GymwireWarning, match="bare NaN") as caught:
        obs, reward, *_ = env.step(0)
        env.step(0)
    assert len(caught) == 1 and np.isnan(reward) and obs[0] == np.inf
    env.close()
    env = rude("nested")
    env.reset()
    with pytest.warns(GymwireWarning, match="nested") as caught:
        assert env.step(0)[0].tolist() == [0.5, 1] and env.step(0)[0].tolist() == [0.5, 1]
    assert len(caught) == 1
    env.close()


def test_nan_as_a_string_is_a_number():
    env = rude("nan")
    env.reset()
    assert np.isnan(env.step(0)[0][0])
    env.close()


def test_other_line_separators_are_characters_and_infos_are_not_interpreted():
    env = rude("unicode")
    env.reset()
    assert env.step(0)[4] == {"text": "a\u2028b\u0085c\rd", "nan": "NaN", "b64": {"b64": "AAAA"}, "x": None}
    env.close()


def test_a_last_message_without_a_newline_counts():
    env = rude("no newline")
    env.reset()
    assert env.step(0)[1] == 1
    with pytest.raises(ProcessError, match="exit status 0"):
        env.step(0)
    env.close()


def test_a_megabyte_on_stderr_does_not_block_and_its_end_is_kept(capfd):
    env = rude("stderr", timeout=20)
    env.reset()
    env.step(0)
    assert "last words" in env._server.process.last_words()
    env.close()
    assert capfd.readouterr().err == ""
    env = rude("stderr", timeout=20, stderr="show")
    env.reset()
    env.step(0)
    env.close()
    assert f"[{env._server.process.pid}] last words" in capfd.readouterr().err


def test_close_is_quick_and_may_be_repeated():
    env = rude("well")
    env.reset()
    begun = time.monotonic()
    env.close()
    env.close()
    assert time.monotonic() - begun < 1
    with pytest.raises(ProcessError, match="has been closed"):
        env.reset()


def test_a_server_that_does_not_end_is_killed():
    env = rude("no end", timeout=0.2)
    env.reset()
    pid = env._server.process.pid
    begun = time.monotonic()
    env.close()
    assert time.monotonic() - begun < 8
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_the_server_started_is_ended_with_it():
    env = gymwire.make(["sh", "-c", f"sleep 3600 & exec {sys.executable} {script('rude.py')[1]}"])
    group = env._server.process.pid
    env.reset()
    env.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:  # an orphan is reaped by the system's first process, some time after its end
        if not subprocess.run(["pgrep", "-r", "S,R", "-g", str(group)], stdout=subprocess.PIPE).stdout:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the server's own child runs on")


def test_an_environment_that_is_forgotten_ends_its_process():
    env = rude("well")
    pid = env._server.process.pid
    del env
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_end_of_the_program_ends_its_processes():
    code = f"""
import gymwire
env = gymwire.make({script("rude.py")!r})
env.reset()
print(env._server.process.pid, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, timeout=30)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_a_fork_does_not_end_the_processes_of_its_parent():
    env = rude("well")
    env.reset()
    child = os.fork()
    if child == 0:
        del env
        gc.collect()
        os._exit(0)
    os.waitpid(child, 0)
    assert env.step(0)[1] == 1
    env.close()


def test_ctrl_c_during_a_step_ends_the_connection():
    env = rude("hang in step")
    env.reset()
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    with pytest.raises(KeyboardInterrupt):
        env.step(0)
    with pytest.raises(ProcessError, match="has been closed"):
        env.step(0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def moody(**options):
    env = gymwire.make(serve("zoo:Moody"), **options)
    env.reset()
    return env


def act(mood):
    return zoo.Moody.MOODS.index(mood)


def test_prints_from_python_from_c_and_from_a_child_do_not_reach_the_stream(capfd, all_warnings):
    env = moody(stderr="show")
    for _ in range(2):
        assert env.step(act("print"))[1] == 1
    env.close()
    shown = capfd.readouterr().err
    for words in ("hello from Python", "from C", "hello from a child", "no line end"):
        assert words in shown
    assert not all_warnings


def test_an_environment_that_raises_is_an_error_with_its_traceback_and_can_be_reset():
    env = moody()
    with pytest.raises(ServerError) as caught:
        env.step(act("raise"))
    assert caught.value.code == "env_error" and caught.value.data["type"] == "RuntimeError"
    assert 'raise RuntimeError("the pole is on fire")' in str(caught.value)
    with pytest.raises(ServerError, match="needs_reset"):
        env.step(0)
    env.reset()
    assert env.step(0)[1] == 1
    env.close()


def test_an_environment_that_exits_is_named_with_its_status():
    for mood, status in (("exit", 7), ("sys_exit", 3)):
        env = moody()
        with pytest.raises(ProcessError, match=f"ended with exit status {status} during step"):
            env.step(act(mood))


def test_nan_and_undeclared_dtypes_from_a_gymnasium_environment():
    for b64 in (False, True):
        env = moody(b64=b64)
        obs, reward, *_ = env.step(act("nan"))
        assert np.isnan(obs[0]) and obs[1] == -np.inf and np.isnan(reward)
        obs = env.step(act("double"))[0]
        assert obs.dtype == np.float32 and np.array_equal(obs, np.array([0.1, 1 / 3]).astype(np.float32))
        env.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["CartPole-v9"], ["CartPole", "v1"]),
        (["CarPole-v1"], ["CartPole"]),
        (["no_such_package:Env-v0"], ["no_such_package", "pip install"]),
        (["zoo:Mody"], ["zoo", "Moody"]),
        (["--import", "no_such_module", "CartPole-v1"], ["no_such_module", "pip install"]),
        (["CartPole-v1", "--make-kwargs", "{"], ["JSON"]),
        (["CartPole-v1", "--make-kwargs", '{"wheels": 3}'], ["wheels"]),
        (["gymnasium.spaces:Text", "--make-kwargs", '{"max_length": 3}'], ["Text", "gymnasium.Env"]),
    ],
)
def test_a_name_that_cannot_be_served_ends_in_a_sentence(arguments, words):
    done = subprocess.run(serve(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and done.stdout == ""
    last = done.stderr.strip().splitlines()[-1]
    for word in words:
        assert word in last


def test_help_goes_to_standard_output():
    for arguments in (["--help"], ["serve", "--help"]):
        done = subprocess.run([sys.executable, "-m", "gymwire", *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "CartPole-v1" in done.stdout
