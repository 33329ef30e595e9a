import Environments
import PolicyGradients
import Synchronization
import Testing

/// Environments that know whether they compute a step.
private final class WatchedEnvironment: VectorEnvironment {
  /// Whether steps of all such environments of one run are under way, for closures of any thread.
  final class Watch: Sendable {
    let stepsUnderWay = Atomic(0)
  }

  private let inner: any VectorEnvironment
  private let watch: Watch

  init(_ inner: any VectorEnvironment, _ watch: Watch) { (self.inner, self.watch) = (inner, watch) }

  var spec: EnvironmentSpec { inner.spec }
  var observationSpace: Space { inner.observationSpace }
  var actionSpace: Space { inner.actionSpace }
  var count: Int { inner.count }
  var outcome: StepBatch { inner.outcome }

  func reset(seed: UInt64?, options: [String: PlainValue]) throws { try inner.reset(seed: seed, options: options) }

  func beginStep(_ actions: ValueBatch) throws {
    try inner.beginStep(actions)
    watch.stepsUnderWay.add(1, ordering: .relaxed)
  }

  func finishStep() throws {
    try inner.finishStep()
    watch.stepsUnderWay.subtract(1, ordering: .relaxed)
  }
}

@Suite("Updates while environments compute")
struct OverlappedUpdateTests {
  private func settings(_ name: String, _ change: (inout SettingValues) -> Void = { _ in }) -> SettingValues {
    configuration(name) {
      $0.seed = 3
      $0.epochs = 3
      $0.stepsPerEpoch = 80
      $0.hiddenSizes = [8]
      $0.replace(OffPolicySettings.learningStarts, 40)
      $0.replace(OffPolicySettings.trajectoryLength, 10)
      $0[OffPolicySettings.batchSize] = 70
      $0[OffPolicySettings.replaySize] = 1_000
      $0[OffPolicySettings.overlapsSteps] = true
      change(&$0)
    }
  }

  /// The metrics and what is learned, with the sub-environments in groups.
  private func run(_ settings: SettingValues, groups: [Int] = [4]) throws -> (metrics: [EpochMetrics], end: [UInt8]) {
    let trainer = try Trainer(settings, environments: groups.map { count in vector(count) { TargetTask() } })
    var metrics: [EpochMetrics] = []
    try trainer.run { metrics.append($0) }
    return (metrics, try trainer.checkpoint().encode())
  }

  @Test(
    "the same seed gives the same bytes in any number of processes, and others than without",
    arguments: AlgorithmCatalog.names(.offPolicy))
  func reproducibility(name: String) throws {
    let first = try run(settings(name))
    for groups in [[4], [1, 1, 1, 1], [3, 1]] {
      let again = try run(settings(name), groups: groups)
      #expect(again.metrics == first.metrics && again.end == first.end)
    }
    let apart = try run(settings(name) { $0[OffPolicySettings.overlapsSteps] = false })
    #expect(apart.metrics != first.metrics)
    #expect(apart.metrics.map(\.environmentSteps) == first.metrics.map(\.environmentSteps))
  }

  @Test("every update but the last of an epoch is made while all environments compute", arguments: [true, false])
  func order(isOverlapped: Bool) throws {
    let watch = WatchedEnvironment.Watch()
    let (underWay, atRest, between) = (Counter(), Counter(), Counter())
    let settings = settings("sac") {
      $0[OffPolicySettings.overlapsSteps] = isOverlapped
      $0[OffPolicySettings.learningStarts] = 0
      $0[OffPolicySettings.stepsPerUpdate] = 2
      $0[OffPolicySettings.gradientSteps] = 1
    }
    let environments = (0..<2).map { _ in WatchedEnvironment(vector(1) { TargetTask() }, watch) }
    // It is asked once before each gradient step.
    let trainer = try Trainer(
      settings, environments: environments,
      isInterrupted: {
        let steps = watch.stepsUnderWay.load(ordering: .relaxed)
        (steps == 2 ? underWay : steps == 0 ? atRest : between).add()
        return false
      })
    try trainer.run { _ in }
    #expect(underWay.value == (isOverlapped ? 3 * 39 : 0))
    #expect(atRest.value == (isOverlapped ? 3 : 3 * 40))
    #expect(between.value == 0)
  }

  @Test("a run that is stopped learns from every step that it has made, and counts it", arguments: [0, 1, 2, 57, 83])
  func stop(steps: Int) throws {
    var asked = 0
    let trainer = try Trainer(settings("td3"), environments: [vector(1) { TargetTask() }])
    let isComplete = try trainer.run(shouldStop: {
      asked += 1
      return asked > steps
    }) { _ in }
    #expect(!isComplete)
    #expect(trainer.environmentSteps == steps && trainer.agent.updates == steps)
  }

  @Test("what is right is learned as well")
  func learning() throws {
    let settings = settings("sac") {
      $0.epochs = 5
      $0.stepsPerEpoch = 400
      $0.hiddenSizes = [32]
      $0[OffPolicySettings.discount] = 0
      $0[OffPolicySettings.learningStarts] = 200
      $0[OffPolicySettings.batchSize] = 64
      $0.policyLearningRate = 3e-3
      $0[OffPolicySettings.criticLearningRate] = 3e-3
    }
    let trainer = try Trainer(settings, environments: [vector(1) { TargetTask() }])
    try trainer.run { _ in }
    let result = try Evaluation.run(
      trainer.snapshot().makePolicy(), in: vector(4) { TargetTask() }, episodes: 40, seed: 1)
    // Actions at random earn -8.3 in the five steps of an episode, the best constant -1.7.
    #expect(result.meanReturn > -0.5)
  }
}

/// A number that closures of any thread can add to.
private final class Counter: Sendable {
  private let count = Atomic(0)
  var value: Int { count.load(ordering: .relaxed) }
  func add() { count.add(1, ordering: .relaxed) }
}
