import ClassicControl
import Environments
import PolicyGradients
import Testing

/// Settings of short runs, in which every update follows the end of an episode.
private func settings(_ name: String, steps: Int) -> SettingValues {
  configuration(name) {
    $0.seed = 5
    $0.epochs = 4
    $0.stepsPerEpoch = steps
    $0.stepsPerUpdate = 0
    $0.minimumHorizon = 1
    $0.hiddenSizes = [8]
    $0.minibatchSize = min($0.minibatchSize, 16)
    $0.normalizesObservations = true
    $0.scalesRewards = true
  }
}

@Suite("The inverted loop")
struct InvertedLoopTests {
  static let names = AlgorithmCatalog.names(.onPolicy)

  /// Learns `task` in both loops, one episode at a time, and expects the same bits.
  private func expectSame<Task: Environment>(
    _ settings: SettingValues, _ task: Task, steps: Int, shaping: Shaping? = nil, wrappers: Wrappers = Wrappers()
  ) throws {
    var ordinary: [EpochMetrics] = []
    let trainer = try Trainer(
      settings, environments: [wrappers.wrap(vector(1) { Seedless(task: task) })], shaping: shaping, wrappers: wrappers)
    try trainer.run { ordinary.append($0) }

    let sessions = try SessionTrainer(
      settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace, shaping: shaping,
      wrappers: wrappers)
    let driver = SessionDriver(sessions, [Seedless(task: task)])
    try driver.step(steps)

    #expect(ordinary.count == 4 && driver.epochs == ordinary)
    #expect(PolicyFile.encode(sessions.snapshot()) == PolicyFile.encode(trainer.snapshot()))
    #expect(sessions.isOver)
  }

  @Test("with one session gives the bits of the ordinary one: truncated episodes", arguments: names)
  func truncatedEpisodes(name: String) throws {
    // Five episodes of ten steps for each update; a batch of whole episodes would be reset in between.
    try expectSame(settings(name, steps: 50).withoutResets, IdentityTask(), steps: 200)
    try expectSame(settings(name, steps: 50).withoutResets, TargetTask(), steps: 200)
  }

  @Test("with one session gives the bits of the ordinary one: terminated episodes", arguments: names)
  func terminatedEpisodes(name: String) throws {
    // Where episodes are finished, the eleventh is under way after 42 steps, and 44 are learned from.
    let wholeEpisodes = configuration(name) { _ in }.finishesEpisodes
    try expectSame(settings(name, steps: wholeEpisodes ? 42 : 44), DelayedTask(), steps: 176)
  }

  @Test("with one session gives the bits of the ordinary one: shaped rewards, with ends of both kinds")
  func shapedRewards() throws {
    let shaping = Shaping.expression(try ObservationExpression("2 * o[0] - o[1] + 3"))
    try expectSame(settings("vpg", steps: 50), IdentityTask(), steps: 200, shaping: shaping)
    try expectSame(settings("vpg", steps: 44), DelayedTask(), steps: 176, shaping: shaping)
  }

  @Test(
    "with one session gives the bits of the ordinary one: every wrapper that needs no say over steps", arguments: names)
  func wrapped(name: String) throws {
    var wrappers = Wrappers()
    (wrappers.frameStack, wrappers.rescalesObservations, wrappers.observationClip) = (3, true, 0.8)
    (wrappers.rescalesActions, wrappers.rewardScale, wrappers.rewardClip) = (true, 0.5, 0.3)
    try expectSame(settings(name, steps: 50).withoutResets, TargetTask(), steps: 200, wrappers: wrappers)
    try expectSame(settings(name, steps: 50).withoutResets, IdentityTask(), steps: 200, wrappers: wrappers)
  }

  @Test("with many sessions open learns what the ordinary one learns", arguments: names)
  func learns(name: String) throws {
    let task = IdentityTask()
    let settings = configuration(name) {
      $0.epochs = 150
      $0.stepsPerEpoch = 400
      $0.stepsPerUpdate = 0
      $0.minimumHorizon = 1
      $0.hiddenSizes = [16]
      // a3c makes many small steps.
      if name == "a3c" { $0.stepsPerUpdate = 40 }
      $0.policyLearningRate = 0.02
      $0.valueLearningRate = 0.02
    }
    let trainer = try SessionTrainer(
      settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace)
    // Tasks that start at different times end at different times, so that updates find open sessions.
    let driver = SessionDriver(
      trainer,
      (0..<8).map { seed in
        var task = IdentityTask()
        _ = task.reset(seed: UInt64(seed), options: [:])
        return task
      })
    while !trainer.isOver { try driver.step(10) }
    let last = driver.returns.suffix(100)
    #expect(last.reduce(0, +) / 100 > 9, "of 10 for right answers alone")
  }

  @Test("the same requests give the same bytes")
  func repetition() throws {
    func run(seed: UInt64) throws -> [UInt8] {
      var settings = settings("ppo", steps: 60)
      settings.seed = seed
      let task = CartPole(.v0)
      let trainer = try SessionTrainer(
        settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace)
      let driver = SessionDriver(
        trainer,
        try (0..<3).map { seed in
          var task = CartPole(.v0).limited()
          _ = try task.reset(seed: UInt64(seed), options: [:])
          return Seedless(task: task)
        })
      try driver.step(150)
      #expect(driver.updates.contains { $0 != nil })
      return try trainer.checkpoint().encode()
    }
    #expect(try run(seed: 1) == run(seed: 1))
    #expect(try run(seed: 1) != run(seed: 2))
  }
}

extension SettingValues {
  /// The same settings, but batches are cut and not reset.
  fileprivate var withoutResets: SettingValues {
    var copy = self
    copy.finishesEpisodes = false
    return copy
  }
}
