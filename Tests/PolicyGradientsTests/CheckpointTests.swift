import ClassicControl
import Environments
import PolicyGradients
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  static let names = AlgorithmCatalog.all.map(\.name)

  private func settings(_ name: String) -> Configuration {
    configuration(name) {
      $0.epochs = 6
      $0.stepsPerEpoch = 200
      $0.minimumHorizon = min($0.minimumHorizon, 20)
      $0.hiddenSizes = [8]
      $0.checkpointInterval = 2
      $0.normalizesObservations = true
      $0.scalesRewards = true
    }
  }

  private func environments() -> [any VectorEnvironment] {
    [vector(1) { CartPole(.v0).limited() }, vector(1) { CartPole(.v0).limited() }]
  }

  @Test("a run that goes on from one gives the same bytes as one that was never interrupted", arguments: names)
  func resume(name: String) throws {
    var (whole, checkpoints): ([EpochMetrics], [[UInt8]]) = ([], [])
    let trainer = try Trainer(settings(name), environments: environments())
    try trainer.run {
      whole.append($0)
      if $0.isResumable { checkpoints.append(try trainer.checkpoint().encode()) }
    }
    #expect(checkpoints.count >= 3)
    for bytes in checkpoints {
      let resumed = try Trainer(resuming: Checkpoint.decode(bytes), environments: environments())
      var rest = Array(whole[..<resumed.epoch])
      try resumed.run { rest.append($0) }
      #expect(rest == whole)
      #expect(try PolicyFile.encode(resumed.snapshot()) == PolicyFile.encode(trainer.snapshot()))
      #expect(try resumed.checkpoint().encode() == checkpoints.last)
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
      #expect(throws: TrainingError.self) { try Checkpoint.decode(Array(bytes[..<length])) }
    }
    let policy = try PolicyFile.encode(Trainer(settings("vpg"), environments: environments()).snapshot())
    #expect {
      try Checkpoint.decode(policy)
    } throws: { "\($0)".contains("gymwire-policy") }
  }

  @Test(
    "parts that do not fit each other are refused",
    arguments: [
      ("\"hiddenSizes\":[8]", "\"hiddenSizes\":[9]"), ("\"stepCount\":0", "\"stepCount\":-1"),
      ("\"name\":\"adam\"", "\"name\":\"sgd\""), ("\"count\":0", "\"count\":-1"), ("\"epoch\":0", "\"epoch\":-5"),
      ("\"discount\":0.99", "\"discount\":7"),
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
