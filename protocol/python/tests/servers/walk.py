"""A random walk whose episodes can be kept."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

import gymwire  # noqa: E402
from test_state import walk  # noqa: E402

gymwire.serve(walk)
