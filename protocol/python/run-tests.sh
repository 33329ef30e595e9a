#!/bin/sh
# Makes a virtual environment, installs this package with everything that its tests use, and runs them.
#
#     protocol/python/run-tests.sh [VENV [pytest arguments]]      VENV is .build/python by default
#
# GYMWIRE_BIN names the folder of the executables (default: .build/release).
# With CI=true a test that cannot run fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=${1:-$root/.build/python}
[ $# -gt 0 ] && shift
stamp=$venv/installed
if ! cmp -s "$here/pyproject.toml" "$stamp"; then
  python3 -m venv "$venv"
  # A PyTorch for processors only, where such a wheel is at hand, saves six gigabytes; without it the usual one is taken.
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'torch==2.13.0+cpu' 2>/dev/null || true
  "$venv/bin/pip" install --quiet --disable-pip-version-check -e "$here[test-all]"
  cp "$here/pyproject.toml" "$stamp"
fi
export GYMWIRE_BIN="${GYMWIRE_BIN:-$root/.build/release}"
cd "$here"
exec "$venv/bin/python" -m pytest "$@"
