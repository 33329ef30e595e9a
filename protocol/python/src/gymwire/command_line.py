"""`python -m gymwire serve ...`."""

from __future__ import annotations

import argparse
import json
import sys

from gymwire.errors import GymwireError
from gymwire.legible import legible
from gymwire.version import VERSION

_EXAMPLES = """examples:
  python -m gymwire serve CartPole-v1
  python -m gymwire serve LunarLander-v3 --make-kwargs '{"continuous": true}'
  python -m gymwire serve --import ale_py ALE/Pong-v5
  python -m gymwire serve CartPole-v1 --listen localhost:5555
  python -m gymwire serve my_package.my_module:MyEnv
"""


def main(arguments: list[str], requests: int, replies: int) -> int:
    """Run a command and return the exit status.

    Args:
        arguments: What came after the program's name.
        requests: The descriptor that the protocol is read from.
        replies: The descriptor that the protocol is written to.
    """
    options = _parser().parse_args(arguments)
    try:
        _serve(options, requests, replies)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not isinstance(error, (GymwireError, ModuleNotFoundError)) and not options.brief:
            import traceback

            traceback.print_exc()
        print(f"gymwire: {_sentence(error)}", file=sys.stderr)
        return 1
    return 0


def _serve(options: argparse.Namespace, requests: int, replies: int) -> None:
    from gymwire.serving import locate
    from gymwire.serving.serve import run
    from gymwire.serving.source import Source

    locate.load_modules(options.modules)
    make_vector = locate.vector_maker(options.env, options.make_kwargs) if options.vector else None
    make = None
    if not (options.vector and locate.is_class(options.env)):
        make = locate.environment_maker(options.env, options.make_kwargs)


    def serve(requests: int, replies: int) -> None:
        run(Source(make, make_vector, options.num_envs, options.render_mode), requests, replies)

    if options.listen is None:
        return serve(requests, replies)
    from gymwire.serving.listening import serve_drivers

    serve_drivers(options.listen, options.public, lambda connection: serve(connection, connection))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gymwire",
        description="Put Gymnasium environments behind a pipe.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="answer Gymwire requests on standard input and output",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("env", help="an id such as CartPole-v1, module:Env-v0, or pkg.mod:Class")
    serve.add_argument(
        "--make-kwargs",
        type=_object,
        default={},
        metavar="JSON",
        help="what the environment's constructor gets (default {})",
    )
    serve.add_argument(
        "--import",
        dest="modules",
        action="append",
        default=[],
        metavar="MODULE",
        help="import a module first, such as one that registers environments; may be repeated",
    )
    serve.add_argument(
        "--num-envs",
        type=_count,
        default=4096,
        metavar="N",
        help="the most sub-environments that a driver gets, however many it wants (default 4096)",
    )
    serve.add_argument(
        "--render-mode", metavar="MODE", help="the render mode where the driver wants none, such as rgb_array or ansi"
    )
    serve.add_argument(
        "--vector",
        action="store_true",
        help="step a batch as one native vector environment (its vector_entry_point), which seeds in its own way",
    )
    serve.add_argument(
        "--listen",
        metavar="ADDRESS",
        help="wait for drivers at HOST:PORT or unix:PATH, one at a time, until somebody stops it",
    )
    serve.add_argument(
        "--public", action="store_true", help="let HOST be one that other machines reach; there is no password"
    )
    serve.add_argument("--brief", action="store_true", help="on failure print one sentence and no traceback")
    return parser


def _object(text: str) -> dict:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"it is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("it must be a JSON object")
    return value


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _sentence(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        name = (error.name or "").partition(".")[0]
        return f"the package {name} is not installed: {sys.executable} -m pip install {name}"
    text = legible(str(error)) or type(error).__name__
    return text if isinstance(error, GymwireError) else f"{type(error).__name__}: {text}"
