import ClassicControl
import Environments
import Foundation
import PolicyGradients
import Testing

/// A worker in this process, so that every algorithm can be tried with several; it is asked as ``RolloutEnvironment`` says.
private final class LoopbackWorker: RolloutEnvironment {
  private let worker: LocalWorker
  private var rollouts: [Rollout] = []
  private var step = 0
  private var order: RolloutOrder?
  let outcome: StepBatch

  init(_ environment: any VectorEnvironment, _ settings: SettingValues) throws {
    worker = try LocalWorker(environment)
    let isMasked = environment.outcome.masks.width > 0
    outcome = StepBatch(
      observationSpace: environment.observationSpace, maskedActions: isMasked ? environment.actionSpace : nil,
      count: environment.count)
    try JSONEncoder().encode(settings).withUnsafeBytes { try worker.prepare(settings: $0) }
  }

  var spec: EnvironmentSpec { worker.environment.spec }
  var observationSpace: Space { worker.environment.observationSpace }
  var actionSpace: Space { worker.environment.actionSpace }
  var count: Int { outcome.count }
  var waitingSteps: Int { rollouts.reduce(0) { $0 + $1.steps } - step }

  func beginReset(seed: UInt64?) {}

  func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    (rollouts, step) = ([], 0)
    try worker.reset(seed: seed)
    for row in 0..<count { outcome.copyRow(row, of: worker.environment.outcome, to: row) }
  }

  func beginRollout(_ order: RolloutOrder) { self.order = order }

  func finishRollout() throws -> [PartNumbers] {
    let rollout = try worker.collect(try #require(order))
    if rollout.steps > 0 { rollouts.append(rollout) }
    return rollout.streamParts
  }

  func nextStep() throws -> (actions: UnsafePointer<Float>, drawn: UnsafeBufferPointer<Float>) {
    let rollout = try #require(rollouts.first)
    let actions = try #require(rollout.numbers(rollout.actions, of: rollout.rows(step)).baseAddress)
    return (actions, rollout.numbers(rollout.drawn, of: rollout.rows(step)))
  }

  func beginStep(_ actions: ValueBatch) {}

  func finishStep() {
    outcome.clearInterruptions()
    guard let rollout = rollouts.first else { return }
    for (row, from) in rollout.rows(step).enumerated() { outcome.copyRow(from, of: rollout.outcome, to: row) }
    step += 1
    if step == rollout.steps { (rollouts, step) = (Array(rollouts.dropFirst()), 0) }
  }
}

@Suite("Sub-environments that live with workers")
struct WorkerTests {
  /// The metrics and the policy of a short run; `workers` nil acts here.
  private func run(
    _ name: String, workers: [Int]?, _ make: (Int) -> any VectorEnvironment, _ answers: FirstAnswers? = nil,
    _ change: (inout SettingValues) -> Void = { _ in }
  ) throws -> (metrics: [EpochMetrics], policy: [UInt8]) {
    let settings = configuration(name) {
      $0.seed = 3
      $0.epochs = 3
      $0.stepsPerEpoch = 240
      $0.minimumHorizon = min($0.minimumHorizon, 20)
      $0.hiddenSizes = [8]
      change(&$0)
    }
    let settled = try Trainer(settings, environments: [make(1)]).settings
    let trainer = try Trainer(
      settings, environments: try workers.map { try $0.map { try LoopbackWorker(make($0), settled) } } ?? [make(4)],
      firstAnswers: answers)
    var metrics: [EpochMetrics] = []
    try trainer.run { metrics.append($0) }
    return (metrics, PolicyFile.encode(trainer.snapshot()))
  }

  private func requireEqual(
    _ name: String, _ make: (Int) -> any VectorEnvironment, _ change: (inout SettingValues) -> Void = { _ in }
  ) throws {
    let here = try run(name, workers: nil, make, nil, change)
    for workers in [[4], [1, 3], [1, 1, 1, 1]] {
      let there = try run(name, workers: workers, make, nil, change)
      #expect(there.metrics == here.metrics, "\(name) with \(workers.count) workers")
      #expect(there.policy == here.policy, "\(name) with \(workers.count) workers")
    }
  }

  @Test(
    "give the same bytes as in this process, with everything switched on: SPEC 21.7",
    arguments: AlgorithmCatalog.names(.onPolicy))
  func sameBytes(name: String) throws {
    try requireEqual(name) { count in
      vector(count) { CartPole(.v0).limited() }
    } _: {
      $0.normalizesObservations = true
      $0.scalesRewards = true
    }
  }

  @Test("give the same bytes with real-valued actions and episodes that are cut: SPEC 21.8")
  func boxes() throws { try requireEqual("ppo") { count in vector(count) { Pendulum().limited() } } }

  @Test("give the same bytes where each update waits for the ends of episodes, as each sees its own: SPEC 21.9")
  func wholeEpisodes() throws { try requireEqual("reinforce") { count in vector(count) { CartPole(.v0).limited() } } }

  @Test("give the same bytes with masks")
  func masks() throws {
    try requireEqual("vpg") { count in MaskedBandit(count: count, mask: [1, 1, 0]) }
  }

  /// So much of an off-policy run that it learns, and acts by what it has learned; an update has five steps of each stream.
  private func shorten(_ settings: inout SettingValues) {
    settings.replace(OffPolicySettings.learningStarts, 60)
    settings.replace(OffPolicySettings.stepsPerUpdate, 20)
    settings.replace(OffPolicySettings.gradientSteps, 2)
    settings.replace(OffPolicySettings.trajectoryLength, 5)
    settings.replace(OffPolicySettings.batchSize, 16)
    settings.replace(OffPolicySettings.replaySize, 1_000)
    settings.normalizesObservations = true
  }

  @Test(
    "give the same bytes with a replay, with everything switched on: SPEC 21.7",
    arguments: AlgorithmCatalog.names(.offPolicy))
  func replays(name: String) throws {
    try requireEqual(name) { count in
      vector(count) { TimeLimit(Pendulum(), steps: 25) }
    } _: { settings in
      shorten(&settings)
      settings.replace(OffPolicySettings.isPrioritized, true)
      settings.replace(TD3.noiseKind, .ou)
    }
  }

  @Test("give the same bytes with a replay of choices, some of which are illegal", arguments: ["sac", "acer"])
  func replayedChoices(name: String) throws {
    try requireEqual(name) { count in
      MaskedBandit(count: count, mask: [1, 1, 0])
    } _: {
      shorten(&$0)
    }
  }

  @Test(
    "act by the policy before the update that is made meanwhile, whatever their number", arguments: ["td3", "acer"])
  func overlap(name: String) throws {
    func run(_ workers: [Int]) throws -> (metrics: [EpochMetrics], policy: [UInt8]) {
      try self.run(name, workers: workers, { count in vector(count) { TimeLimit(Pendulum(), steps: 25) } }, nil) {
        shorten(&$0)
        $0.replace(OffPolicySettings.overlapsSteps, true)
      }
    }
    let one = try run([4])
    let three = try run([1, 1, 2])
    #expect(one.metrics == three.metrics && one.policy == three.policy)
    // 12 updates of an epoch learn from 20 steps each. The first of them has waited for nobody's update.
    let staleness = try one.metrics.map { try #require($0.update["staleness"]) }
    #expect(staleness.allSatisfy { abs($0 - 11.0 / 12) < 1e-9 }, "\(staleness)")
    #expect(one.metrics.last?.update["policy_version"] == 36)
  }

  @Test("do not wait for each other where a replay takes steps of several versions", arguments: ["sac", "acer"])
  func firstAnswers(name: String) throws {
    let run = try run(
      name, workers: [1, 1, 2], { count in vector(count) { TimeLimit(Pendulum(), steps: 25) } }, FirstAnswers(1) {},
      { shorten(&$0) })
    #expect(run.metrics.count == 3 && run.metrics.last?.environmentSteps == 720)
    #expect(run.metrics.allSatisfy { $0.episodes > 0 && $0.update["staleness"] ?? -1 >= 0 })
  }

  @Test("wait for each other where an update is of one version, and the refusal says so")
  func refusal() throws {
    let settings = configuration("ppo") { $0.hiddenSizes = [8] }
    let worker = try LoopbackWorker(vector(1) { Pendulum().limited() }, settings)
    let error = #expect(throws: TrainingError.self) {
      _ = try Trainer(settings, environments: [worker], firstAnswers: FirstAnswers(1) {})
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("one version of its policy"))
  }
}
