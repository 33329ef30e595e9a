import GymwireIO

/// A server that knows nothing of this package: the examples of the specification, compiled by the system's compiler.
enum ExampleServer {
  /// Compiles protocol/examples/NAME.c and returns the executable's path.
  static func compile(_ name: String) throws -> String {
    let directory = ".build/benchmarks"
    try Directories.create(directory)
    let path = "\(directory)/\(name)"
    let compiler = try ChildProcess(
      command: ["cc", "-std=c99", "-O2", "-o", path, "protocol/examples/\(name).c", "-lm"], showsStandardError: true)
    guard case .status(0) = compiler.exit(within: .seconds(60)) else {
      throw BenchmarkError("cc could not compile protocol/examples/\(name).c; run from the top of the checkout")
    }
    return path
  }
}
