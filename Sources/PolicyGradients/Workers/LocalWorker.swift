#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Environments

/// A copy of an agent that acts in environments near itself, and hands over what came of it.
public final class LocalWorker: RolloutWorker {
  /// The sub-environments.
  public let environment: any VectorEnvironment
  private let group: EnvironmentGroup
  private var agent: (any DistributedAgent)?
  private var settings: SettingValues?
  private var policyVersion: Int?
  private let observations: Memory<Float>
  private let allLegal: Memory<UInt8>
  /// How many steps each running episode has had.
  private var times: [Int]
  private(set) var hasBegun = false
  /// Lets the copy act and record, where it computes gradients.
  private(set) var collector: Collector?
  /// The update that the copy has a batch for; nil where it has none.
  var batchUpdate: Int?

  /// A worker without an agent yet.
  public init(_ environment: any VectorEnvironment) throws(TrainingError) {
    self.environment = environment
    group = try EnvironmentGroup(environment, first: 0, Wrappers())
    observations = Memory(count: group.count * group.observationEncoder.width, filledWith: 0)
    allLegal = Memory(count: group.count * environment.outcome.masks.width, filledWith: 1)
    times = Array(repeating: 0, count: group.count)
  }

  /// Makes a copy of the agent.
  public func prepare(settings json: UnsafeRawBufferPointer) throws {
    let settings: SettingValues
    do { settings = try JSONDecoder().decode(SettingValues.self, from: Data(json)) } catch {
      throw RolloutRefusal("the settings cannot be read, so both sides have to be one version of pgagent: \(error)")
    }
    let task = try AgentTask(
      observationSpace: environment.observationSpace, actionSpace: environment.actionSpace,
      usesMasks: environment.outcome.masks.width > 0, streams: group.count, isCopy: true)
    let made = try Algorithm.makeAgent(settings, for: task)
    guard let agent = made as? any DistributedAgent else {
      throw RolloutRefusal("copies of \(settings.algorithm.name) cannot act for it")
    }
    (self.settings, self.agent, policyVersion, batchUpdate) = (settings, agent, nil, nil)
    collector = (agent as? OnPolicyAgent)?.sharedGradients.map { _ in
      Collector([group], task, agent, shaping: nil, curriculum: nil, info: [])
    }
    if hasBegun { try collector?.begin() }
  }

  /// Begins an episode everywhere.
  public func reset(seed: UInt64?) throws {
    try environment.reset(seed: seed, options: [:])
    try group.encode(
      environment.outcome.observations, 0..<group.count, group.observationEncoder, into: observations.pointer)
    for stream in times.indices { times[stream] = 0 }
    hasBegun = true
    if let collector { try collector.begin() } else { agent?.beginEpisodes() }
  }

  /// Acts for a number of steps, and then until the running episodes have ended where that is asked for.
  public func collect(_ order: RolloutOrder) throws -> Rollout {
    let agent = try obey(order)
    agent.beginRollout()
    let recording = RolloutRecording(environment, group.count)
    for _ in 0..<order.steps { try step(agent, recording) }
    var running = Set(times.indices.filter { times[$0] > 0 })
    while !running.isEmpty, recording.steps < order.steps + order.furtherSteps {
      try step(agent, recording)
      running = running.filter { times[$0] > 0 }
    }
    let rollout = recording.rollout(
      actionWidth: group.actionEncoder.distribution.actionCount)
    rollout.streamParts = agent.streamParts(group.streams).map(\.numbers)
    rollout.restarts = environment.restartCount
    return rollout
  }

  /// Brings the copy to the state that an order is about.
  private func obey(_ order: RolloutOrder) throws -> any DistributedAgent {
    guard let agent else { throw RolloutRefusal("there is no agent to act for: send prepare first") }
    guard hasBegun else { throw RolloutRefusal("no episode has begun: send reset first") }
    do {
      try takeOver(order, agent)
    } catch let error as TrainingError {
      throw RolloutRefusal("\(error)")
    }
    return agent
  }

  private func takeOver(_ order: RolloutOrder, _ agent: any DistributedAgent) throws {
    if order.policy.isEmpty {
      guard policyVersion == order.policyVersion else {
        throw RolloutRefusal("this worker has not been sent version \(order.policyVersion) of the policy")
      }
    } else {
      policyVersion = nil
      try agent.policyParts.restore(order.policy)
      policyVersion = order.policyVersion
    }
    try agent.streamParts(group.streams).restore(order.streamParts)
  }

  private func step(_ agent: any DistributedAgent, _ recording: RolloutRecording) throws {
    let outcome = environment.outcome
    let width = outcome.masks.width
    let masks = width > 0 ? outcome.masks.start ?? UnsafePointer(allLegal.pointer) : nil
    let actions = try agent.act(group.streams, on: observations.pointer, masks: masks)
    _ = group.actionEncoder.encode(actions, rows: group.count, into: group.actions)
    try environment.beginStep(group.actions)
    agent.actionsAreUnderWay(group.streams)
    recording.keep(
      actions: UnsafeBufferPointer(start: actions, count: group.count * group.actionEncoder.distribution.actionCount),
      drawn: agent.drawn(group.streams))
    try environment.finishStep()
    recording.keepOutcome(environment.outcome)
    try group.encode(outcome.observations, 0..<group.count, group.observationEncoder, into: observations.pointer)
    for stream in times.indices {
      let isOver = outcome.hasEnded(stream) || outcome.lostRows.contains(stream)
      times[stream] = isOver ? 0 : times[stream] + 1
      if isOver { agent.endEpisode(stream) }
    }
  }
}

/// The steps of a rollout whose number is not known yet.
private final class RolloutRecording {
  private let environment: any VectorEnvironment
  private let streams: Int
  private var pages: [StepBatch] = []
  private var actions: [Float] = []
  private var drawn: [Float] = []
  private let maskedActions: Space?

  init(_ environment: any VectorEnvironment, _ streams: Int) {
    (self.environment, self.streams) = (environment, streams)
    maskedActions = environment.outcome.masks.width > 0 ? environment.actionSpace : nil
  }

  private static let stepsPerPage = 64
  private(set) var steps = 0

  func keep(actions: UnsafeBufferPointer<Float>, drawn: UnsafeBufferPointer<Float>) {
    self.actions += actions
    self.drawn += drawn
  }

  func keepOutcome(_ outcome: StepBatch) {
    let place = steps % Self.stepsPerPage
    if place == 0 {
      pages.append(
        StepBatch(
          observationSpace: environment.observationSpace, maskedActions: maskedActions,
          count: Self.stepsPerPage * streams))
    }
    for row in 0..<streams { pages[pages.count - 1].copyRow(row, of: outcome, to: place * streams + row) }
    steps += 1
  }

  func rollout(actionWidth: Int) -> Rollout {
    let rows = steps * streams
    let rollout = Rollout(
      steps: steps, streams: streams, observationSpace: environment.observationSpace, maskedActions: maskedActions,
      actionWidth: actionWidth, drawnWidth: rows > 0 ? drawn.count / rows : 0)
    let rowsPerPage = Self.stepsPerPage * streams
    for row in 0..<rows { rollout.outcome.copyRow(row % rowsPerPage, of: pages[row / rowsPerPage], to: row) }
    for (index, number) in actions.enumerated() { rollout.actions.numbers(as: Float.self)[index] = number }
    for (index, number) in drawn.enumerated() { rollout.drawn.numbers(as: Float.self)[index] = number }
    return rollout
  }
}
