"""Policies that pgagent has trained, for use from Python."""
