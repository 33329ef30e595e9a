import CommandLineOptions
import Environments
import Foundation
import GymwireIO
import PolicyGradients

/// Mutated policies, checkpoints, settings and transcripts: each is read, or refused by a sentence, in little memory.
enum MutatedFiles {
  static let fullCount = 100_000
  static let command = Command(
    "files", summary: "Mutated files of every kind, 100,000 of them.", groups: [Orders.group]
  ) { arguments in try Campaign.attack(arguments, "files", run) }

  static let workerCommand = Command(
    "files-worker", summary: "Trials of files, for the command of that name.", groups: [Orders.group, Worker.group]
  ) { arguments in
    let trials = try Trials(Orders(arguments))
    return try Worker.perform(arguments) { number, orders in trials.run(number, orders) }
  }

  /// The most memory in kB that reading one file may take.
  private static let mostMemory = 256 << 10

  static func run(_ orders: Orders, _ ledger: Ledger) throws {
    try ledger.record("mutated policies, checkpoints and transcripts, read", "files") { row in
      try SeedRun.make(orders)
      try Worker(command: "files-worker").run(orders.count(of: fullCount), orders, &row)
      requireLittleMemory(&row)
    }
    try ledger.record("mutated policies through reload of pgagent serve", "files") { row in
      try reload(max(1, orders.count(of: fullCount) / 10), orders, &row)
      requireLittleMemory(&row)
    }
    try ledger.record("mutated files, pgagent eval, train --resume and replay", "processes") { row in
      try runPrograms(max(4, orders.count(of: fullCount) / 100), orders, &row)
      requireLittleMemory(&row)
    }
  }

  private static func requireLittleMemory(_ row: inout Ledger.Row) {
    if row.peakMemory > mostMemory { row.fail("a process took \(row.peakMemory / 1024) MB") }
  }

  /// One process reads one file after the other, and goes on acting.
  private static func reload(_ count: Int, _ orders: Orders, _ row: inout Ledger.Row) throws {
    let directory = try orders.scratch("reload")
    defer { Files.remove(directory) }
    let path = directory + "/policy.json"
    let material = [Array(SeedFiles.policy.utf8)]
    var mutator = Mutator(seed: orders.seed, material: material)
    try AtomicFile.write(SeedFiles.policy, to: path)
    var peer: Peer?
    while row.count < count, row.failures.count < 20 {
      let text = mutator.spoil(material[0])
      do {
        if peer == nil {
          try AtomicFile.write(SeedFiles.policy, to: path)
          peer = try Peer([orders.program("pgagent"), "serve", path])
          _ = try peer?.exchange([Array(#"{"id":0,"op":"hello","versions":[1]}"#.utf8)])
        }
        try text.withUnsafeBytes { try AtomicFile.write($0, to: path) }
        row.count += 1
        let replies = try peer?.exchange([
          Array(#"{"id":1,"op":"reload"}"#.utf8), Array(#"{"id":2,"op":"act","seed":1,"obs":[1,2]}"#.utf8),
        ])
        let isActing = replies?.last.map { String(decoding: $0, as: UTF8.self).contains("\"action\":") } ?? false
        if !isActing { row.fail("no action after a reload (\(orders.keep(text, as: "reload-\(row.count)")))") }
        if row.count % 100 == 0, let peer { row.see(memoryOf: peer.process.processIdentifier) }
      } catch {
        row.fail("\(error) (\(orders.keep(text, as: "reload-\(orders.seed)-\(row.count)")))")
        peer?.process.kill()
        peer = nil
      }
    }
    if let peer { row.see(memoryOf: peer.process.processIdentifier) }
    peer?.process.kill()
  }

  /// Whole programs, which end with a sentence, or go on and can be stopped.
  private static func runPrograms(_ count: Int, _ orders: Orders, _ row: inout Ledger.Row) throws {
    let files = try SeedRun.files(orders)
    let pgagent = orders.program("pgagent")
    for number in 0..<count {
      let directory = try orders.scratch("files")
      defer { Files.remove(directory) }
      let run = directory + "/run"
      try FileManager.default.copyItem(atPath: SeedRun.directory(orders), toPath: run)
      let kind = SeedRun.Kind.allCases[number % SeedRun.Kind.allCases.count]
      let seed = files[kind] ?? []
      var mutator = Mutator(seed: orders.seed, stream: UInt32(number), material: [seed])
      let text = mutator.spoil(seed)
      try Files.write(text, to: "\(run)/\(kind.rawValue)")
      let words: [String] =
        switch kind {
        case .policy:
          ["eval", "--env-cmd", orders.program("cartpole-server"), "--policy", run + "/policy.json", "--episodes", "2"]
        case .checkpoint, .configuration: ["--resume", run]
        case .transcript: ["replay", run + "/record.txt", "--env-cmd", orders.program("cartpole-server")]
        }
      let agent = try ChildProcess(command: [pgagent] + words)
      defer { agent.kill() }
      var exit: ChildProcess.Exit?
      let start = SystemCalls.now()
      while exit == nil, SystemCalls.now() - start < 4 {
        row.see(memoryOf: agent.processIdentifier)
        exit = agent.exit(within: .milliseconds(20))
      }
      if exit == nil {
        SystemCalls.send(SystemCalls.terminate, to: agent.processIdentifier)
        exit = agent.exit(within: .seconds(20))
      }
      row.count += 1
      let last = agent.lastErrorLines(20).joined(separator: "\n") + (try output(of: agent))
      guard case .status(let status)? = exit, status == 0 || !last.isEmpty, !last.contains("Fatal error") else {
        let kept = orders.keep(text, as: "\(orders.seed)-\(number)-\(kind.rawValue)")
        row.fail("\(words[0]) \(exit?.description ?? "hangs and heeds no SIGTERM"): \(last.suffix(300)) (\(kept))")
        continue
      }
    }
  }

  /// What a program that has ended has written, since a replay tells there what differs.
  private static func output(of agent: ChildProcess) throws -> String {
    let reader = LineReader(agent.output, spinning: .never)
    var text = ""
    while text.utf8.count < 10_000, case .line(let line)? = try reader.next() {
      text += "\n" + String(decoding: line, as: UTF8.self)
    }
    return text
  }

  /// The trials of one worker.
  private struct Trials {
    private let files: [SeedRun.Kind: [UInt8]]

    init(_ orders: Orders) throws { files = try SeedRun.files(orders) }

    func run(_ number: Int, _ orders: Orders) -> String? {
      let kind: SeedRun.Kind = [.policy, .checkpoint, .transcript, .policy, .checkpoint][number % 5]
      let seed = files[kind] ?? []
      var mutator = Mutator(seed: orders.seed, stream: UInt32(number), material: [seed])
      let text = mutator.spoil(seed)
      do {
        switch kind {
        case .policy: try Self.act(PolicyFile.decode(text))
        case .checkpoint: _ = try Checkpoint.decode(text).encode()
        case .transcript: _ = try Transcript(String(decoding: text, as: UTF8.self), name: "x.txt")
        case .configuration: break
        }
        return nil
      } catch {
        let sentence = "\(error)"
        return sentence.contains(" ") ? nil : "no sentence: \(sentence)"
      }
    }

    private static func act(_ policy: any Policy) throws {
      let observations = ValueBatch(policy.observationSpace, count: 1)
      let answers = ActionBatch(policy.actionSpace, count: 1, withEstimates: true)
      for choice in [ActionChoice.greedy, .sampled(seed: 1)] {
        do {
          try policy.act(on: observations, count: 1, masks: nil, choice: choice, into: answers)
        } catch is PolicyError {}
      }
    }
  }
}
