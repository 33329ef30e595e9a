import CommandLineOptions
import GymwireIO

/// Trials in another process of this program, so that a crash in one of them is counted, and the others go on.
struct Worker {
  static let first = Option(
    "first", .integer(in: 0...1_000_000_000), default: 0, help: "The number of the first trial.")
  static let group = OptionGroup("Worker", first)

  /// The command that runs the trials.
  let command: String

  /// Runs trials 0 to `count` - 1, in as many processes as it takes.
  func run(_ count: Int, _ orders: Orders, _ row: inout Ledger.Row) throws {
    var next = 0
    while next < count, row.failures.count < 20 {
      let words = orders.words(seed: orders.seed, first: next, count: count - next)
      let process = try ChildProcess(command: [orders.program("campaign"), command] + words)
      defer { process.kill() }
      let last = try follow(process, &row)
      guard let last else { break }
      next = last + 1
    }
    row.count += min(count, next == 0 ? count : max(next, count))
  }

  /// Reads what a worker tells, and gives the number of the trial at which it died; nil if it came to its end.
  private func follow(_ process: ChildProcess, _ row: inout Ledger.Row) throws -> Int? {
    let reader = LineReader(process.output, spinning: .never)
    var last = 0
    while process.output.isReadable(within: Patience.duration) {
      guard case .line(let bytes)? = try reader.next() else {
        let how = process.exit(within: Patience.duration)?.description ?? "ended its output"
        row.fail("trial \(last): \(how): \(process.lastErrorLines(6).joined(separator: " / "))")
        return last
      }
      let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", maxSplits: 2)
      switch words[0] {
      case "at":
        last = Int(words[1]) ?? last
        if last % 512 == 0 { row.see(memoryOf: process.processIdentifier) }
      case "failure": row.fail("trial \(words[1]): \(words[2])")
      default:
        row.see(memoryOf: process.processIdentifier)
        return nil
      }
    }
    row.fail("trial \(last): hangs")
    return last
  }

  /// What a worker does: each trial in turn, of which the sentence is what went wrong.
  static func perform(_ arguments: Arguments, trial: (Int, Orders) throws -> String?) throws -> Int32 {
    let orders = try Orders(arguments)
    let output = FileDescriptor.standardOutput
    let start = arguments[first]
    for number in start..<start + orders.count(of: 1) {
      try output.writeAll("at \(number)\n")
      if let sentence = try trial(number, orders) {
        let line = sentence.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        try output.writeAll("failure \(number) \(line)\n")
      }
    }
    try output.writeAll("done\n")
    return 0
  }
}
