#!/usr/bin/env python3
"""The server of broken_server.py with random numbers that its seeds do not govern, or do not govern wholly.

    unrepeated_server.py HOW

HOW is the name of one of the classes below.
"""
import random, sys

import broken_server
from broken_server import Walk

entropy = random.SystemRandom()


class everywhere(Walk):
    """Ignores its seeds."""

    def reset(self, seed, options):
        return super().reset(None, options)


class steps(Walk):
    """Begins as it is told, and then goes its own way."""

    def step(self, action):
        self.random.seed(entropy.getrandbits(60))
        return super().step(action)


class part(Walk):
    """Adds noise to one of two numbers."""

    def observation(self):
        cell, time = super().observation()
        return cell, time + entropy.random()


class seldom(Walk):
    """Adds noise to one observation of forty."""

    def observation(self):
        cell, time = super().observation()
        return cell, time + (entropy.random() if entropy.random() < 1 / 40 else 0)


class later(Walk):
    """Has random numbers of its own for the episodes without a seed."""

    def reset(self, seed, options):
        return super().reset(entropy.getrandbits(50) if seed is None else seed, options)


class batches(Walk):
    """Ignores seeds when it has neighbours."""

    def reset(self, seed, options):
        is_alone = sum(isinstance(walk, batches) for walk in server.envs) == 1
        return super().reset(seed if is_alone else None, options)


broken_server.Walk = globals()[sys.argv[1]]
Server = broken_server.Server


def remember():
    global server
    server = Server()
    return server


broken_server.Server = remember
sys.exit(broken_server.main())
