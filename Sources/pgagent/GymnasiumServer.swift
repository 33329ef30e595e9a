import GymwireIO

/// The Python package's server of one Gymnasium environment, which `--gym` is short for.
struct GymnasiumServer {
  let python: String
  let id: String
  /// What is handed to `gymnasium.make`, as an object in JSON.
  var makeArguments: String?

  /// The command of the server.
  var command: String {
    "\(python) -m gymwire serve " + ShellWords.quote([id] + (makeArguments.map { ["--make-kwargs", $0] } ?? []))
  }

  /// Says what to install, where that is why the server did not start; nil for every other error.
  func explain(_ error: any Error) -> GymnasiumError? {
    if error is ChildProcessError {
      return GymnasiumError(
        description: "--gym \(id) needs Python: \(error) Install Python 3.10 or later, or name one with --python.")
    }
    guard let error = error as? ConnectionError else { return nil }
    let last = error.errorLines.last { !$0.isEmpty } ?? ""
    if last.contains("No module named gymwire") || last.contains("No module named 'gymwire'") {
      return GymnasiumError(
        description: "--gym \(id) needs the Python package gymwire, which \(python) does not have; "
          + "install it into a virtual environment (in a checkout of this project) by: \(python) -m venv .venv && "
          + ".venv/bin/pip install ./protocol/python, and name that Python by --python .venv/bin/python.")
    }
    // The package ends with a sentence of its own about what is missing, near matches included.
    guard last.hasPrefix("gymwire") else { return nil }
    return GymnasiumError(description: "--gym \(id) cannot be served. \(last)")
  }
}

/// Why `--gym` could not start a server, as a sentence with what to install.
struct GymnasiumError: Error, CustomStringConvertible {
  let description: String
}
