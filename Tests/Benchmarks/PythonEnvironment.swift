import GymwireIO

/// A Python of our own under .build with the packages that others are measured by.
enum PythonEnvironment {
  static let directory = ".build/benchmarks/python"
  static var interpreter: String { "\(directory)/bin/python" }

  /// Installs the packages where modules are missing; says so where that is not possible.
  ///
  /// - Parameter packages: what pip calls them, where they are not named after the modules.
  static func install(_ modules: [String], from packages: [String]? = nil) -> Bool {
    if run([interpreter, "-c", modules.map { "import \($0)" }.joined(separator: "; ")]) { return true }
    let packages = packages ?? modules
    StandardStreams.report("installing \(packages.joined(separator: ", ")) into \(directory)")
    guard run(["python3", "-m", "venv", directory]),
      run([interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + packages)
    else {
      StandardStreams.report("\(packages.joined(separator: ", ")) could not be installed; left out of the comparison")
      return false
    }
    return true
  }

  private static func run(_ command: [String]) -> Bool {
    guard let process = try? ChildProcess(command: command, showsStandardError: false) else { return false }
    defer { process.terminate() }
    // Nobody reads what it says, so it must not wait for that.
    let reader = LineReader(process.output, spinning: .never)
    while case .some = try? reader.next() {}
    return process.exit(within: .seconds(1)) == .status(0)
  }
}

/// Work of somebody else in a Python process: a line asks for so much of it, and the reply is the seconds it took.
final class PythonPeer {
  let version: String
  private let process: ChildProcess
  private let reader: LineReader

  /// Starts it; nil where it cannot be had.
  init?(script: String, _ words: [String]) throws {
    process = try ChildProcess(command: [PythonEnvironment.interpreter, "Tests/Benchmarks/\(script)"] + words)
    reader = LineReader(process.output, spinning: .never)
    guard case .line(let bytes) = try reader.next() else { return nil }
    version = String(decoding: bytes, as: UTF8.self)
    guard !version.hasPrefix("missing") else {
      StandardStreams.report("\(words.joined(separator: " ")): \(version)")
      return nil
    }
  }

  deinit { process.terminate() }

  /// Lets it do so much work, and returns the seconds that it took.
  func step(_ count: Int) throws -> Double {
    try process.input.writeAll("\(count)\n")
    guard case .line(let bytes) = try reader.next(), let seconds = Double(String(decoding: bytes, as: UTF8.self)) else {
      throw BenchmarkError("the Python peer has ended: \(process.lastErrorLines().joined(separator: " | "))")
    }
    return seconds
  }
}
