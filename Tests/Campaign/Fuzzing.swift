import CommandLineOptions
import Foundation
import GymwireIO

/// Coverage-guided fuzzing of the splitter of lines, the scanner of JSON and the sessions of the three roles.
enum Fuzzing {
  static let fullSeconds = 3_600
  static let command = Command(
    "fuzz", summary: "Coverage-guided fuzzing, an hour in all.",
    details: "It needs libFuzzer, which the toolchains for Linux have.", groups: [Orders.group]
  ) { arguments in try Campaign.attack(arguments, "fuzz", run) }

  static func run(_ orders: Orders, _ ledger: Ledger) throws {
    let targets = FuzzTarget.allCases
    let seconds = max(1, orders.seconds(of: fullSeconds) / targets.count)
    var programs: String?
    for target in targets {
      try ledger.record("fuzzing, \(target.rawValue)", "inputs") { row in
        let directory = try programs ?? SanitizedPrograms.buildFuzzers()
        programs = directory
        try fuzz(target, seconds, directory + "/campaign", orders, &row)
      }
    }
  }

  private static func fuzz(
    _ target: FuzzTarget, _ seconds: Int, _ program: String, _ orders: Orders, _ row: inout Ledger.Row
  ) throws {
    let corpus = "\(orders.directory)/corpus-\(target.rawValue)"
    try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
    for (index, text) in target.seeds.enumerated() {
      try Files.write(Array(text.utf8), to: "\(corpus)/seed-\(index)")
    }
    let artifacts = "\(orders.directory)/\(target.rawValue)-"
    let log = "\(orders.directory)/fuzz-\(target.rawValue).log"
    let words = [
      "env", "\(FuzzTarget.variable)=\(target.rawValue)", program, corpus, "-max_total_time=\(seconds)",
      // To libFuzzer the seed 0 is a random one.
      "-seed=\(orders.seed % 4_000_000_000 + 1)", "-artifact_prefix=\(artifacts)", "-max_len=4096", "-timeout=20",
      "-rss_limit_mb=2048", "-print_final_stats=1",
    ]
    let command = ShellWords.quote(words) + " 2> " + ShellWords.quote([log])
    let process = try ChildProcess(command: ["sh", "-c", "exec " + command])
    defer { process.kill() }
    let deadline = SystemCalls.now() + Double(seconds) + 120
    while process.exit(within: .seconds(1)) == nil, SystemCalls.now() < deadline {
      row.see(memoryOf: process.processIdentifier)
    }
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("stat::number_of_executed_units:") {
      row.count = line.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }
    let covered = text.split(separator: "\n").last { $0.contains(" cov: ") }?.split(separator: " ")
    if let covered, let place = covered.firstIndex(of: "cov:") { row.note = "\(covered[place + 1]) edges covered" }
    switch process.exit() {
    case .status(0)?: break
    case nil: row.fail("did not end")
    case let exit?: row.fail("\(exit); see \(log) and \(artifacts)*")
    }
  }
}
