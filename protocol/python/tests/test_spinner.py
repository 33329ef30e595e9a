"""Waiting awake helps with a fast partner, and stops where it does not."""

from __future__ import annotations

import os

import pytest

from gymwire import spinner


@pytest.fixture
def pipe():
    descriptors = os.pipe()
    yield descriptors
    for descriptor in descriptors:
        os.close(descriptor)


@pytest.fixture
def two_processors(monkeypatch):
    monkeypatch.setattr(spinner, "_processors", lambda: 2)


def looks(made: spinner.Spinner, waits: int) -> int:
    """Return how often the pipe was looked at in so many waits."""
    count = 0
    look = made._look

    def counting(timeout):
        nonlocal count
        count += 1
        return look(timeout)

    made._look = counting
    for _ in range(waits):
        made.has_come()
    made._look = look
    return count


def test_what_is_there_is_seen_at_the_first_look(pipe, two_processors):
    made = spinner.Spinner(pipe[0])
    os.write(pipe[1], b"x")
    assert made.has_come() and looks(made, 100) == 100


def test_a_slow_partner_is_soon_waited_for_asleep_and_tried_again_now_and_then(pipe, two_processors, monkeypatch):
    made = spinner.Spinner(pipe[0])
    looks(made, 50)
    assert looks(made, 100) == 0
    later = spinner._clock() + spinner._LONGEST_REST
    monkeypatch.setattr(spinner, "_clock", lambda: later)
    os.write(pipe[1], b"x")
    assert looks(made, 100) == 100


def test_rests_end_at_the_same_time_on_both_sides(pipe, two_processors):
    both = [spinner.Spinner(pipe[0]) for _ in range(2)]
    for made in both:
        looks(made, 50)
    assert all(made._rest_end % spinner._SHORTEST_REST == 0 for made in both)


def test_on_one_processor_nobody_spins(pipe, monkeypatch):
    monkeypatch.setattr(spinner, "_processors", lambda: 1)
    os.write(pipe[1], b"x")
    made = spinner.Spinner(pipe[0])
    assert not made.has_come() and looks(made, 100) == 0
