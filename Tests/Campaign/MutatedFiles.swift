import ClassicControl
import CommandLineOptions
import Environments
import Foundation
import GymwireIO
import PolicyGradients

/// Mutated policies, checkpoints, the parts beside them, settings and transcripts: each is read, or refused by a sentence,
/// in little memory.
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
    try ledger.record("mutated policies, checkpoints, replays, arrays and transcripts, read", "files") { row in
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
      let kind = SeedRun.Kind.allCases[number % SeedRun.Kind.allCases.count]
      try FileManager.default.copyItem(atPath: kind.run.directory(orders), toPath: run)
      let text = kind.spoil(files[kind] ?? [], orders, number)
      let path = try kind.path(in: run)
      try Files.write(text, to: path)
      let words: [String] =
        switch kind {
        case .policy:
          ["eval", "--env-cmd", orders.program("cartpole-server"), "--policy", path, "--episodes", "2"]
        case .checkpoint, .checkpointOfReplay, .configuration, .replay, .arrays: ["--resume", run]
        case .transcript: ["replay", path, "--env-cmd", orders.program("cartpole-server")]
        }
      let agent = try ChildProcess(command: [pgagent] + words)
      defer { agent.kill() }
      var exit: ChildProcess.Exit?
      let start = SystemCalls.now()
      while exit == nil, SystemCalls.now() - start < 4 {
        row.see(memoryOf: agent.processIdentifier)
        exit = agent.exit(within: .milliseconds(20))
      }
      row.count += 1
      if exit == nil {
        SystemCalls.send(SystemCalls.terminate, to: agent.processIdentifier)
        exit = agent.exit(within: Patience.duration)
        // On a busy machine it may not have come to handle the signal.
        if exit == .signal(SystemCalls.terminate) { continue }
      }
      let last = agent.lastErrorLines(20).joined(separator: "\n") + (try output(of: agent))
      guard case .status(let status)? = exit, status == 0 || !last.isEmpty, !last.contains("Fatal error") else {
        let kept = orders.keep(text, as: "\(orders.seed)-\(number)-\(kind)")
        row.fail("\(words[0]) \(exit?.description ?? "hangs and heeds no SIGTERM"): \(last.suffix(300)) (\(kept))")
        continue
      }
      if kind.isBinary, status != 0, !last.contains(path + ": ") {
        row.fail("\(path) is not named: \(last.suffix(300))")
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
    /// Which file comes with which number; the large ones take longest.
    private static let kinds: [SeedRun.Kind] =
      Array(repeating: [.policy, .checkpoint, .transcript, .replay], count: 4).flatMap { $0 }
      + [.checkpointOfReplay, .checkpointOfReplay, .policy, .arrays]

    private let files: [SeedRun.Kind: [UInt8]]
    private let settings: [SeedRun.Kind: SettingValues]
    private let large: Checkpoint
    private let remembering: Trainer

    init(_ orders: Orders) throws {
      let files = try SeedRun.files(orders)
      func checkpoint(_ kind: SeedRun.Kind) throws -> Checkpoint { try Checkpoint.decode(files[kind] ?? []) }
      settings = try [
        .checkpoint: checkpoint(.checkpoint).settings,
        .checkpointOfReplay: checkpoint(.checkpointOfReplay).settings,
      ]
      let path = SeedRun.large.directory(orders) + "/checkpoint.json"
      large = try Checkpoint.decode([UInt8](Data(contentsOf: URL(filePath: path))))
      remembering = try Self.resume(checkpoint(.checkpointOfReplay))
      self.files = files
    }

    func run(_ number: Int, _ orders: Orders) -> String? {
      let kind = Self.kinds[number % Self.kinds.count]
      let bytes = kind.spoil(files[kind] ?? [], orders, number)
      do {
        switch kind {
        case .policy: try Self.act(PolicyFile.decode(bytes))
        case .checkpoint, .checkpointOfReplay:
          let checkpoint = try Checkpoint.decode(bytes)
          _ = try checkpoint.encode()
          // Other settings are those of another run, which may take what memory it likes, and are refused for that.
          if checkpoint.settings == settings[kind] { _ = try Self.resume(checkpoint) }
        case .transcript: _ = try Transcript(String(decoding: bytes, as: UTF8.self), name: "x.txt")
        case .replay: try remember(bytes)
        case .arrays: try restore(bytes)
        case .configuration: break
        }
        return nil
      } catch {
        let sentence = "\(error)"
        return sentence.contains(" ") ? nil : "no sentence: \(sentence)"
      }
    }

    private static func resume(_ checkpoint: Checkpoint) throws -> Trainer {
      let batch = try EnvironmentCatalog.entry("CartPole-v1").make(SeedRun.environments)
      return try Trainer(resuming: checkpoint, environments: [LocalVectorEnvironment(batch)])
    }

    /// Learns from a replay if it is one.
    private func remember(_ bytes: [UInt8]) throws {
      for part in remembering.agent.parts { try part.file.map { try Self.read(bytes, into: $0) } }
      _ = try remembering.agent.update(progress: 0.5, isMeasured: true)
    }

    /// Goes on with large networks if they are some.
    private func restore(_ bytes: [UInt8]) throws {
      var checkpoint = large
      guard let arrays = try checkpoint.missingArrays() else { throw CampaignError("the large networks are small") }
      try Self.read(bytes, into: arrays)
      checkpoint.putBack(arrays)
      _ = try Self.resume(checkpoint)
    }

    private static func read(_ bytes: [UInt8], into part: any FilePart) throws {
      var rest = bytes[...]
      try part.read { (piece) throws(TrainingError) in
        guard piece.count <= rest.count else { throw .unusableFile(what: "part", reason: "it was cut off") }
        piece.copyBytes(from: rest.prefix(piece.count))
        rest = rest.dropFirst(piece.count)
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

extension SeedRun.Kind {
  /// A file after some changes, which are those of this number; half of the binary ones have a checksum that fits again.
  fileprivate func spoil(_ seed: [UInt8], _ orders: Orders, _ number: Int) -> [UInt8] {
    var mutator = Mutator(seed: orders.seed, stream: UInt32(number), material: [seed])
    guard isBinary else { return mutator.spoil(seed) }
    let bytes = mutator.spoil(numbers: seed)
    return mutator.happens(oneIn: 2) ? Seal.renewed(bytes) : bytes
  }
}
