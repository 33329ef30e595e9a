import GymwireIO

/// Whether this machine has a program.
enum Interpreter {
  static func exists(_ name: String) -> Bool {
    guard let child = try? ChildProcess(command: ["sh", "-c", "command -v \(name)"]) else { return false }
    return child.exit(within: .seconds(20)) == .status(0)
  }
}
