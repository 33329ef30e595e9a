import ClassicControl
import Environments
import PolicyGradients
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  static let names = AlgorithmCatalog.names(.onPolicy)

  private func settings(_ name: String) -> SettingValues {
    configuration(name) {
      $0.epochs = 6
      $0.stepsPerEpoch = 200
      $0.minimumHorizon = min($0.minimumHorizon, 20)
      $0.hiddenSizes = [8]
      $0.normalizesObservations = true
      $0.scalesRewards = true
    }
  }

  private func environments() -> [any VectorEnvironment] {
    [vector(1) { CartPole(.v0).limited() }, vector(1) { CartPole(.v0).limited() }]
  }

  /// What a run ends with: its metrics, its policy and the state of every part.
  private struct End: Equatable {
    var metrics: [EpochMetrics] = []
    var policy: [UInt8] = []
    var parts: [PartState] = []
  }

  /// Runs to the end, or until `shouldStop`.
  private func run(
    _ trainer: Trainer, shouldStop: () -> Bool = { false }, report: (EpochMetrics) throws -> Void = { _ in }
  ) throws -> End {
    var end = End()
    try trainer.run(shouldStop: shouldStop) {
      end.metrics.append($0)
      try report($0)
    }
    end.policy = PolicyFile.encode(trainer.snapshot())
    end.parts = trainer.agent.parts.map { $0.state() }
    return end
  }

  private func resumed(_ bytes: [UInt8]) throws -> Trainer {
    try Trainer(resuming: Checkpoint.decode(bytes), environments: environments())
  }

  @Test("taking one disturbs nothing", arguments: names)
  func undisturbed(name: String) throws {
    let without = try run(Trainer(settings(name), environments: environments()))
    let trainer = try Trainer(settings(name), environments: environments())
    let with = try run(trainer, report: { _ in _ = try trainer.checkpoint().encode() })
    #expect(with == without)
  }

  @Test("two runs that go on from the same one end with the same bytes, each part being what it was", arguments: names)
  func resume(name: String) throws {
    let trainer = try Trainer(settings(name), environments: environments())
    var checkpoints: [(bytes: [UInt8], parts: [PartState])] = []
    _ = try run(
      trainer,
      report: { _ in
        checkpoints.append((try trainer.checkpoint().encode(), trainer.agent.parts.map { $0.state() }))
      })
    #expect(checkpoints.count == 6)
    for (index, checkpoint) in checkpoints.enumerated() {
      let first = try resumed(checkpoint.bytes)
      #expect(first.epoch == index + 1)
      #expect(first.agent.parts.map { $0.state() } == checkpoint.parts)
      let end = try run(first)
      #expect(end.metrics.map(\.epoch) == Array(index + 1..<6))
      #expect(try run(resumed(checkpoint.bytes)) == end)
    }
  }

  @Test(
    "where each epoch begins with resets, the end is also that of a run that was never interrupted", arguments: names)
  func resumeAtResets(name: String) throws {
    let settings = configuration(name) {
      $0 = self.settings(name)
      $0[RunSettings.resetsEachEpoch] = true
    }
    let trainer = try Trainer(settings, environments: environments())
    var checkpoints: [[UInt8]] = []
    let whole = try run(trainer, report: { _ in checkpoints.append(try trainer.checkpoint().encode()) })
    for (index, bytes) in checkpoints.enumerated() {
      var end = try run(resumed(bytes))
      end.metrics = whole.metrics[...index] + end.metrics
      #expect(end == whole)
    }
  }

  @Test(
    "one that is taken at a stop anywhere is gone on with, and counts the episodes that it has cut", arguments: names)
  func stop(name: String) throws {
    for steps in [0, 7, 130] {
      let trainer = try Trainer(settings(name), environments: environments())
      var asked = 0
      var end = try run(
        trainer,
        shouldStop: {
          asked += 1
          return asked > steps
        })
      #expect(end.metrics.count < 6)
      let bytes = try trainer.checkpoint().encode()
      let rest = try run(resumed(bytes))
      #expect(try run(resumed(bytes)) == rest)
      end.metrics += rest.metrics
      #expect(end.metrics.map(\.epoch) == Array(0..<6))
      if name == "vpg" { #expect((rest.metrics.first?.cutEpisodes ?? 0 > 0) == (steps > 0)) }
    }
  }

  @Test("long arrays go to a file of their own and back, and a file that is cut off or damaged is refused")
  func longArrays() throws {
    let settings = configuration("vpg") { $0.hiddenSizes = [40_000] }
    let trainer = try Trainer(settings, environments: environments())
    let whole = try trainer.checkpoint().encode()
    var short = trainer.checkpoint()
    let taken = short.takeLongArrays()
    let arrays = try #require(taken)
    let text = try short.encode()
    #expect(text.count < 100_000 && whole.count > 1_000_000)
    var bytes: [UInt8] = []
    arrays.write { (piece) throws(Never) in bytes += piece }
    func restored(_ bytes: [UInt8]) throws -> [UInt8] {
      var checkpoint = try Checkpoint.decode(text)
      let missing = try #require(try checkpoint.missingArrays())
      var rest = bytes[...]
      try missing.read { (piece) throws(TrainingError) in
        guard piece.count <= rest.count else { throw .unusableFile(what: "checkpoint", reason: "it was cut off") }
        piece.copyBytes(from: rest.prefix(piece.count))
        rest = rest.dropFirst(piece.count)
      }
      checkpoint.putBack(missing)
      return try checkpoint.encode()
    }
    #expect(try restored(bytes) == whole)
    #expect(throws: TrainingError.self) { try restored(Array(bytes.dropLast(2))) }
    bytes[bytes.count / 2] ^= 1
    #expect(throws: TrainingError.self) { try restored(bytes) }
    bytes.replaceSubrange(0..<4, with: withUnsafeBytes(of: Float.infinity.bitPattern.littleEndian) { Array($0) })
    #expect {
      try restored(bytes)
    } throws: { "\($0)".contains("file of long arrays") && "\($0)".contains("not finite") }
    let hostile = String(decoding: text, as: UTF8.self).replacing(
      #/"stored":\d+/#, with: "\"stored\":9223372036854775807")
    #expect(throws: TrainingError.self) {
      let missing = try #require(try Checkpoint.decode(Array(hostile.utf8)).missingArrays())
      try missing.read { (_) throws(TrainingError) in
        throw .unusableFile(what: "checkpoint", reason: "it was cut off")
      }
    }
    // Without its file it does not restore, whatever else it says.
    #expect(throws: TrainingError.self) {
      try Trainer(resuming: Checkpoint.decode(text), environments: environments())
    }
  }

  private func checkpoint() throws -> [UInt8] {
    try Trainer(settings("vpg"), environments: environments()).checkpoint().encode()
  }

  @Test("another number of sub-environments is refused")
  func otherNumber() throws {
    let checkpoint = try Checkpoint.decode(checkpoint())
    #expect {
      try Trainer(resuming: checkpoint, environments: [vector(3) { CartPole(.v0).limited() }])
    } throws: { "\($0)".contains("is 3, but it has to be 2") }
  }

  @Test("an environment with other spaces is refused")
  func otherSpaces() throws {
    let checkpoint = try Checkpoint.decode(checkpoint())
    #expect(throws: TrainingError.self) {
      try Trainer(resuming: checkpoint, environments: [vector(2) { IdentityTask() }])
    }
  }

  @Test("a file that was cut off anywhere, or is something else, is refused with a sentence")
  func damage() throws {
    let bytes = try checkpoint()
    for length in [0, 1, 10, bytes.count / 3, bytes.count / 2, bytes.count - 3] {
      #expect {
        try Checkpoint.decode(Array(bytes[..<length]))
      } throws: { "\($0)".contains(" at byte ") }
    }
    let policy = try PolicyFile.encode(Trainer(settings("vpg"), environments: environments()).snapshot())
    #expect {
      try Checkpoint.decode(policy)
    } throws: { "\($0)".contains("gymwire-policy") }
  }

  @Test(
    "parts that do not fit each other are refused",
    arguments: [
      ("\"hidden\":[8]", "\"hidden\":[9]"), ("\"counts\":[0]", "\"counts\":[-1]"),
      ("\"counts\":[0]", "\"counts\":[9223372036854775807]"), ("\"kind\":\"adam\"", "\"kind\":\"sgd\""),
      ("\"epoch\":0", "\"epoch\":-5"), ("\"epoch\":0", "\"epoch\":9223372036854775807"),
      ("\"environmentSteps\":0", "\"environmentSteps\":9223372036854775807"),
      ("\"environmentSteps\":0", "\"environmentSteps\":9223372036854775806"),
      ("\"updatesInEpoch\":0", "\"updatesInEpoch\":9223372036854775807"),
      ("\"updatesInEpoch\":0", "\"updatesInEpoch\":5"), ("\"steps\":0", "\"steps\":9223372036854775807"),
      ("\"clippedNumbers\":0", "\"clippedNumbers\":9223372036854775807"),
      ("\"cutEpisodes\":0", "\"cutEpisodes\":9223372036854775807"),
      ("\"runningEpisodes\":0", "\"runningEpisodes\":9223372036854775807"),
      ("\"gamma\":0.99", "\"gamma\":7"), ("\"policy\":", "\"polity\":"),
      ("\"min-horizon\":20", "\"min-horizon\":16777217"), ("\"version\":2", "\"version\":1"),
      ("\"environments\":2", "\"environments\":-1"),
    ])
  func contradiction(original: String, replacement: String) throws {
    let text = String(decoding: try checkpoint(), as: UTF8.self)
    #expect(text.contains(original))
    let changed = text.split(separator: original, omittingEmptySubsequences: false).joined(separator: replacement)
    #expect(throws: TrainingError.self) {
      try Trainer(resuming: Checkpoint.decode(Array(changed.utf8)), environments: environments())
    }
  }
}
