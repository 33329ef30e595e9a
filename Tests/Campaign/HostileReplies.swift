import CommandLineOptions
import Environments
import Foundation
import Gymwire
import GymwireIO

/// Mutated replies at the driver: each is used or refused by a sentence, and the next conversation is as good as ever.
enum HostileReplies {
  static let fullCount = 200_000
  static let command = Command(
    "replies", summary: "Mutated replies at the driver, 200,000 of them.", groups: [Orders.group]
  ) { arguments in try Campaign.attack(arguments, "replies", run) }

  static let workerCommand = Command(
    "replies-worker", summary: "Trials of replies, for the command of that name.", groups: [Orders.group, Worker.group]
  ) { arguments in
    let trials = try Trials()
    return try Worker.perform(arguments) { number, orders in try trials.run(number, orders) }
  }

  static func run(_ orders: Orders, _ ledger: Ledger) throws {
    try ledger.record("hostile replies, driver of environments and policies", "conversations") { row in
      try Worker(command: "replies-worker").run(orders.count(of: fullCount), orders, &row)
      row.note = "with at least one mutated reply each"
    }
    try ledger.record("hostile replies, pgagent eval and train", "processes") { row in
      try runPrograms(max(1, orders.count(of: fullCount) / 100), orders, &row)
    }
  }

  /// The same at the whole program, where the exit status and the last words count.
  private static func runPrograms(_ count: Int, _ orders: Orders, _ row: inout Ledger.Row) throws {
    let directory = try orders.scratch("replies")
    defer { Files.remove(directory) }
    try AtomicFile.write(SeedFiles.policy, to: directory + "/policy.json")
    for number in 0..<count {
      var mutator = Mutator(seed: orders.seed, stream: UInt32(number), material: Dialogue.plain.replies)
      let path = directory + "/replies"
      let replies = Dialogue.plain.spoiled(by: &mutator)
      try Files.write(replies, to: path)
      let mode =
        number % 2 == 0
        ? ["eval", "--policy", directory + "/policy.json", "--episodes", "1"]
        : ["train", "--out", directory + "/run-\(number)", "--epochs", "1", "--steps-per-epoch", "100"]
      let agent = try ChildProcess(
        command: [orders.program("pgagent")] + mode + ["--num-envs", "1", "--env-cmd", "cat \(path)"])
      defer { agent.kill() }
      let exit = agent.exit(within: Patience.duration)
      row.count += 1
      let words = agent.lastErrorLines(20).joined(separator: "\n")
      guard case .status(let status)? = exit, status == 1, !words.isEmpty, !words.contains("Fatal error") else {
        let kept = orders.keep(replies, as: "replies-\(orders.seed)-\(number)")
        row.fail("\(mode[0]) \(exit?.description ?? "hangs"), \(words.suffix(300)) (\(kept))")
        continue
      }
      // What a terminal would act upon is named in what people read.
      if words.unicodeScalars.contains(where: { $0.value == 0x1B || $0.value == 0x07 || $0.value == 0x7F }) {
        row.fail("\(mode[0]) wrote a raw control character: \(words.suffix(300))")
      }
    }
  }

  /// The trials of one worker.
  private struct Trials {
    private let directory = FileManager.default.temporaryDirectory.path + "/gymwire-replies-\(SystemCalls.ownProcess)"

    init() throws {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func run(_ number: Int, _ orders: Orders) throws -> String? {
      let dialogue = Dialogue.all[number % Dialogue.all.count]
      var mutator = Mutator(seed: orders.seed, stream: UInt32(number), material: dialogue.replies)
      let isPlain = number % 500 < Dialogue.all.count
      let bytes = isPlain ? dialogue.text : dialogue.spoiled(by: &mutator)
      let path = directory + "/replies"
      try Files.write(bytes, to: path)
      do {
        let steps = try dialogue.drive(["cat", path])
        guard isPlain else { return "the driver went on without replies, \(steps) steps" }
        return "a good conversation had no end"
      } catch let error as ConnectionError {
        let sentence = error.description
        if isPlain, !sentence.contains("without an answer") { return "a good conversation failed: \(sentence)" }
        return sentence.contains(where: \.isLetter) ? nil : "no sentence"
      }
    }
  }
}
