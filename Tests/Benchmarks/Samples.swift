import GymwireIO

/// Measurements that one process of this executable makes for another: a line for each list of numbers.
enum Samples {
  static func write(_ lists: [[Double]]) throws {
    let text = lists.map { $0.map(\.description).joined(separator: " ") + "\n" }.joined()
    try FileDescriptor.standardOutput.writeAll(text)
  }

  /// Runs this executable with other words, and reads what it writes.
  static func run(_ words: [String], command: [String] = [ownPath()]) throws -> [[Double]] {
    let process = try ChildProcess(command: command + words, showsStandardError: true)
    defer { process.terminate() }
    let reader = LineReader(process.output, spinning: .never)
    var lists: [[Double]] = []
    while case .line(let bytes) = try reader.next() {
      lists.append(String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Double($0) })
    }
    guard case .status(0) = process.exit(within: .seconds(10)) else {
      throw BenchmarkError("a measurement failed: \((command + words).joined(separator: " "))")
    }
    return lists
  }
}
