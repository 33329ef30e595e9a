import Foundation
import TestSupport

/// The programs of others that read what pgagent writes: ONNX, TensorBoard, Optuna.
enum FormatReaders {
  /// The Python of a virtual environment that has them, made where it is not there yet or is an older one.
  static let python = Result { () throws -> String in
    let environment = repositoryRoot + "/.build/format-readers"
    let (status, output) = try Shell.run(
      """
      set -e
      cmp -s '\(folder)/requirements.txt' '\(environment)/installed' && exit
      python3 -m venv '\(environment)'
      '\(environment)/bin/pip' install --quiet --disable-pip-version-check -r '\(folder)/requirements.txt'
      cp '\(folder)/requirements.txt' '\(environment)/installed'
      """)
    guard status == 0 else { throw Failure(description: "the readers could not be installed: \(output)") }
    return environment + "/bin/python"
  }

  /// Where the scripts are that use them.
  static let folder = repositoryRoot + "/Tests/ConformanceTests/Fixtures/Formats"

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs one of the scripts.
  static func run(_ script: String, _ arguments: String, in directory: String) throws -> (status: Int32, output: String)
  {
    try Shell.run("'\(python.get())' '\(folder)/\(script)' \(arguments)", in: directory)
  }
}
