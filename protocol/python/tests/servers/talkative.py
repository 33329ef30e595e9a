"""CartPole with something to say about itself."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

import gymwire  # noqa: E402
from test_about import talkative  # noqa: E402

gymwire.serve(talkative)
