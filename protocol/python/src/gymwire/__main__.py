"""The command line, which takes the protocol's descriptors before it imports anything that could print."""

from __future__ import annotations

import os
import sys

from gymwire import descriptors


def main() -> int:
    """Run the command line and return the exit status."""
    arguments = sys.argv[1:]
    if arguments[:1] != ["serve"] or {"-h", "--help"} & set(arguments):
        from gymwire.command_line import main as plain_main

        return plain_main(arguments, os.dup(0), os.dup(1))
    requests, replies = descriptors.secure()
    from gymwire.command_line import main as serving_main

    return serving_main(arguments, requests, replies)


if __name__ == "__main__":
    sys.exit(main())
