import Environments

extension LocalWorker: GradientSource {
  /// How many sub-environments it has.
  public var count: Int { environment.count }

  /// Begins an episode everywhere.
  public func reset(seed: UInt64) throws { try reset(seed: seed as UInt64?) }

  /// Collects if that is asked for, and computes gradients of what was collected last.
  public func gradients(_ order: GradientOrder) throws -> GradientAnswer? {
    let (agent, collector) = try copy(for: order)
    var metrics = Metrics()
    var answer = GradientAnswer(gradients: [], figures: [:], streamParts: [], counts: [:])
    if order.steps > 0 {
      batchUpdate = nil
      agent.beginBatch(steps: order.steps)
      guard try collector.collect(order.steps, shouldStop: { false }, meanwhile: {}) else { return nil }
      answer.streamParts = agent.streamParts(0..<count).map(\.numbers) + agent.completeBatch(&metrics)
      answer.counts = collector.tally.numbers
      collector.beginEpoch()
      batchUpdate = order.update
    }
    answer.gradients = try agent.computeGradients(order.round, &metrics)
    answer.figures = metrics.figures
    return answer
  }

  /// Brings the copy to the state that an order is about.
  private func copy(for order: GradientOrder) throws -> (OnPolicyAgent, Collector) {
    guard let collector else { throw RolloutRefusal("there is no agent to act for: send prepare first") }
    guard let agent = collector.agent as? OnPolicyAgent, let algorithm = agent.sharedGradients else {
      throw RolloutRefusal("the algorithm has no gradients that others could compute")
    }
    guard hasBegun else { throw RolloutRefusal("no episode has begun: send reset first") }
    guard (0..<algorithm.rounds).contains(order.round) else {
      throw RolloutRefusal("an update has \(algorithm.rounds) rounds, from 0, and there is no round \(order.round)")
    }
    guard order.steps > 0 || batchUpdate == order.update else {
      throw RolloutRefusal("nothing was collected for update \(order.update)")
    }
    do throws(TrainingError) {
      if order.steps > 0 {
        try (agent.learningParts + agent.streamParts(0..<count)).restore(order.state + order.streamParts)
      } else {
        try agent.learningParts(order.round).restore(order.state)
      }
    } catch {
      throw RolloutRefusal("\(error)")
    }
    return (agent, collector)
  }
}

/// Sub-environments in this process that a thread of its own acts in, by a copy of the agent.
public final class ThreadWorker: VectorEnvironment, GradientSource {
  private let worker: LocalWorker

  /// A worker without an agent yet.
  public init(_ environment: any VectorEnvironment) throws(TrainingError) { worker = try LocalWorker(environment) }

  /// Makes a copy of the agent; see `RolloutWorker.prepare(settings:)`.
  public func prepare(settings: UnsafeRawBufferPointer) throws { try worker.prepare(settings: settings) }

  /// What each sub-environment is called.
  public var spec: EnvironmentSpec { worker.environment.spec }
  /// The space of every observation.
  public var observationSpace: Space { worker.environment.observationSpace }
  /// The space of every action.
  public var actionSpace: Space { worker.environment.actionSpace }
  /// The number of sub-environments.
  public var count: Int { worker.count }
  /// What came of the last step.
  public var outcome: StepBatch { worker.environment.outcome }
  /// How often something was started anew.
  public var restartCount: Int { worker.environment.restartCount }

  /// Begins an episode everywhere.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    try worker.environment.reset(seed: seed, options: options)
  }
  /// Hands actions over.
  public func beginStep(_ actions: ValueBatch) throws { try worker.environment.beginStep(actions) }
  /// Waits for what came of them.
  public func finishStep() throws { try worker.environment.finishStep() }
  /// Begins an episode everywhere, for gradients.
  public func reset(seed: UInt64) throws { try worker.reset(seed: seed as UInt64?) }
  /// Computes gradients.
  public func gradients(_ order: GradientOrder) throws -> GradientAnswer? { try worker.gradients(order) }
}
