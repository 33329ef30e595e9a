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
    _ name: String, workers: [Int]?, _ make: (Int) -> any VectorEnvironment,
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
      settings, environments: try workers.map { try $0.map { try LoopbackWorker(make($0), settled) } } ?? [make(4)])
    var metrics: [EpochMetrics] = []
    try trainer.run { metrics.append($0) }
    return (metrics, PolicyFile.encode(trainer.snapshot()))
  }

  private func requireEqual(
    _ name: String, _ make: (Int) -> any VectorEnvironment, _ change: (inout SettingValues) -> Void = { _ in }
  ) throws {
    let here = try run(name, workers: nil, make, change)
    for workers in [[4], [1, 3], [1, 1, 1, 1]] {
      let there = try run(name, workers: workers, make, change)
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

  @Test("are refused by an algorithm whose copies cannot act, with a sentence that says which can")
  func refusal() throws {
    let settings = configuration("ppo") { $0.hiddenSizes = [8] }
    let worker = try LoopbackWorker(vector(1) { Pendulum().limited() }, settings)
    let error = #expect(throws: TrainingError.self) {
      _ = try Trainer(configuration("td3") { _ in }, environments: [worker])
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("td3"))
  }
}
