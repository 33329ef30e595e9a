import ClassicControl
import Environments
import PolicyGradients
import Testing

@Suite("The same seed gives the same bytes")
struct ReproducibilityTests {
  static let names = AlgorithmCatalog.names(.onPolicy)

  /// The metrics and the policy file of a short run in groups of sub-environments.
  private func run(
    _ name: String, groups: [Int], seed: UInt64 = 3, _ change: (inout SettingValues) -> Void = { _ in }
  ) throws -> (metrics: [EpochMetrics], policy: [UInt8]) {
    let settings = configuration(name) {
      $0.seed = seed
      $0.epochs = 3
      $0.stepsPerEpoch = 240
      $0.minimumHorizon = min($0.minimumHorizon, 20)
      $0.hiddenSizes = [8]
      change(&$0)
    }
    let trainer = try Trainer(settings, environments: groups.map { count in vector(count) { CartPole(.v0).limited() } })
    var metrics: [EpochMetrics] = []
    try trainer.run { metrics.append($0) }
    return (metrics, PolicyFile.encode(trainer.snapshot()))
  }

  @Test("twice in a row, and another seed gives others", arguments: names)
  func repetition(name: String) throws {
    let first = try run(name, groups: [4])
    let second = try run(name, groups: [4])
    #expect(first.metrics == second.metrics)
    #expect(first.policy == second.policy)
    #expect(try run(name, groups: [4], seed: 4).policy != first.policy)
  }

  @Test("in one process, two, or four, with everything switched on", arguments: names)
  func processes(name: String) throws {
    let scale: (inout SettingValues) -> Void = {
      $0.normalizesObservations = true
      $0.scalesRewards = true
    }
    let together = try run(name, groups: [4], scale)
    for groups in [[1, 1, 1, 1], [1, 3], [2, 2]] {
      let apart = try run(name, groups: groups, scale)
      #expect(apart.metrics == together.metrics)
      #expect(apart.policy == together.policy)
    }
  }

  @Test("an evaluation does not depend on the number of sub-environments", arguments: [true, false])
  func evaluation(isDeterministic: Bool) throws {
    let settings = configuration("vpg") { $0.epochs = 5 }
    let trainer = try Trainer(settings, environments: [vector(4) { CartPole(.v0).limited() }])
    try trainer.run { _ in }
    let policy = try trainer.snapshot().makePolicy()
    let results = try [1, 3, 8].map { count in
      try Evaluation.run(
        policy, in: vector(count) { CartPole(.v0).limited() }, episodes: 10, seed: 5, isDeterministic: isDeterministic)
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    #expect(Set(results[0].returns).count > 1)
  }
}

@Suite("A run")
struct TrainerTests {
  @Test("reports finished episodes only, and all steps")
  func metrics() throws {
    // Ten-step episodes: 25 steps of each of two sub-environments end two episodes each.
    let settings = configuration("vpg") {
      $0.epochs = 2
      $0.stepsPerEpoch = 50
      $0.minimumHorizon = 1
    }
    let trainer = try Trainer(settings, environments: [vector(2) { IdentityTask() }])
    var all: [EpochMetrics] = []
    try trainer.run { all.append($0) }
    #expect(all.map(\.episodes) == [4, 6])
    #expect(all.map(\.meanLength) == [10, 10])
    #expect(all.map(\.environmentSteps) == [50, 100])
    #expect(
      all.allSatisfy { $0.minimumReturn ?? 11 <= $0.meanReturn ?? 0 && $0.meanReturn ?? 11 <= $0.maximumReturn ?? 0 })
  }

  @Test("has no mean return where no episode ended")
  func noEpisode() throws {
    let settings = configuration("vpg") {
      $0.epochs = 1
      $0.stepsPerEpoch = 5
      $0.minimumHorizon = 1
    }
    let trainer = try Trainer(settings, environments: [vector(1) { IdentityTask() }])
    try trainer.run {
      #expect($0.episodes == 0)
      #expect($0.meanReturn == nil && $0.meanLength == nil && $0.minimumReturn == nil)
    }
  }

  @Test("of whole episodes lets every episode end, and resets before the next batch")
  func wholeEpisodes() throws {
    let settings = configuration("reinforce") {
      $0.epochs = 2
      $0.stepsPerEpoch = 50
      $0.minimumHorizon = 1
    }
    let trainer = try Trainer(settings, environments: [vector(2) { IdentityTask() }])
    var all: [EpochMetrics] = []
    try trainer.run { all.append($0) }
    // 25 steps are in the middle of the third episode, which ends with step 30.
    #expect(all.map(\.episodes) == [6, 6])
    #expect(all.map(\.environmentSteps) == [60, 120])
  }

  @Test("stops where it is asked to, and keeps what it has learned")
  func stop() throws {
    let settings = configuration("vpg") { $0.epochs = 10 }
    let trainer = try Trainer(settings, environments: [vector(1) { IdentityTask() }, vector(1) { IdentityTask() }])
    var asked = 0
    let isComplete = try trainer.run(shouldStop: {
      asked += 1
      return asked > 600
    }) { _ in }
    #expect(!isComplete)
    #expect(trainer.epoch == 2)
    #expect(trainer.environmentSteps == 1000)
    #expect(
      try PolicyFile.decode(PolicyFile.encode(trainer.snapshot())).actionSpace == .discrete(Discrete(3, start: -1)))
  }

  @Test("counts clipped actions")
  func clipping() throws {
    let settings = configuration("vpg") {
      $0.epochs = 1
      $0.initialLogSigma = 3
    }
    let trainer = try Trainer(settings, environments: [vector(1) { TargetTask() }])
    // σ = e³ and bounds of ±2: about 92 of 100 numbers are outside.
    try trainer.run { #expect($0.clipFraction > 0.85 && $0.clipFraction < 0.97) }
  }

  @Test("refuses environments whose spaces differ")
  func differentSpaces() {
    let settings = configuration("vpg") { _ in }
    #expect(throws: TrainingError.self) {
      try Trainer(settings, environments: [vector(1) { IdentityTask() }, vector(1) { BanditTask() }])
    }
    #expect(throws: TrainingError.self) { try Trainer(settings, environments: []) }
  }

  @Test("reports a reward or an observation that is not a number, and in which environment")
  func notANumber() throws {
    let settings = configuration("vpg") { _ in }
    let rewards = try Trainer(settings, environments: [vector(1) { BrokenTask(.nan, 0) }])
    #expect(throws: TrainingError.self) { try rewards.run { _ in } }
    let observations = try Trainer(settings, environments: [vector(2) { BrokenTask(0, .infinity) }])
    #expect {
      try observations.run { _ in }
    } throws: { "\($0)".contains("environment 0") && "\($0)".contains("element 1 of obs is inf") }
  }
}

/// Sends a reward and an observation that cannot be used.
private struct BrokenTask: Environment {
  let reward: Double
  let number: Float
  let spec = EnvironmentSpec()
  let observationSpace = Space.box(Box(shape: [2], low: .same(-1), high: .same(1)))
  let actionSpace = Space.discrete(Discrete(2))

  init(_ reward: Double, _ number: Float) {
    (self.reward, self.number) = (reward, number)
  }

  func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] { [0, 0] }
  func step(_ action: Int) -> Transition<[Float]> { Transition([0, number], reward: reward) }
}
