"""Serving until the driver has gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import gymnasium as gym
from gymnasium.vector import VectorEnv

from gymwire import descriptors
from gymwire.errors import Refusal
from gymwire.serving.env_kinds import required_env
from gymwire.serving.requests import RequestLines
from gymwire.serving.conversation import Conversation
from gymwire.serving.source import MOST_ENVS, FixedSource, Source


def serve(
    env: gym.Env | VectorEnv | Callable[[], gym.Env],
    *,
    make_vector: Callable[[int], VectorEnv] | None = None,
    most_envs: int = MOST_ENVS,
) -> None:
    """Serve an environment on standard input and output until the driver closes the conversation.

    Call it as early as possible: what is printed before it is called goes to the driver, which warns of such lines and
    passes them over.

    Args:
        env: An environment, or a function without arguments (a class will do) that makes one. Only of a function can a
            driver have more than one sub-environment. A vector environment serves all that it has.
        make_vector: Makes a native vector environment of some number, for drivers that want a batch.
        most_envs: How many sub-environments a driver may have.

    Returns:
        After `close` or the end of input.
    """
    requests, replies = descriptors.secure()
    if isinstance(env, (gym.Env, VectorEnv)):
        source: Source = FixedSource(env)
    else:
        native = None if make_vector is None else (lambda count, render_mode: make_vector(count))
        if not callable(env):
            required_env(env, "the caller of serve")
        source = Source(
            lambda render_mode: required_env(env(), getattr(env, "__name__", "the function")), native, most_envs
        )
    run(source, requests, replies)


def run(source: Source, requests: int, replies: int) -> None:
    """Answer requests from one descriptor on another. Exits with status 1 after a fatal error (SPEC 7.9)."""

    def send(line: bytes) -> None:
        rest = memoryview(line + b"\n")
        while rest:
            rest = rest[os.write(replies, rest) :]

    for descriptor in (requests, replies):  # which may be one socket, and whoever made it may have changed it
        os.set_blocking(descriptor, True)
    lines = RequestLines(requests)
    conversation = Conversation(source, send)
    try:
        while not conversation.is_over:
            try:
                line = lines.next()
            except Refusal as refusal:
                send(conversation.refuse(refusal))
                continue
            if line is None:
                break
            if line.strip(b" \t"):
                send(conversation.answer(line))
    except BrokenPipeError:
        pass  # the driver has gone: as good as the end of input
    finally:
        try:
            conversation.close()
        except Exception as error:
            print(f"gymwire: the environment raised while it was closed: {error!r}", file=sys.stderr)
    if conversation.failed:
        sys.exit(1)
