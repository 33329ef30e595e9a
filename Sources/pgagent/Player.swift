import Environments
import Gymwire
import GymwireIO

/// A policy at play in one environment, step by step.
final class Player {
  let environment: RemoteVectorEnvironment
  /// The environment with what stands between it and the policy.
  private let stepped: any VectorEnvironment
  private let policy: any Policy
  private let answers: ActionBatch
  private let firstSeed: UInt64
  private let isDeterministic: Bool

  /// The number of the episode, from 1; 0 before the first.
  private(set) var episode = 0
  /// The steps of the episode so far.
  private(set) var steps = 0
  /// The sum of its rewards.
  private(set) var total = 0.0
  /// The reward of the last step.
  private(set) var reward = 0.0
  /// Why the episode is over; nil while it goes on.
  private(set) var end: String?

  init(
    _ policy: any Policy, in environment: RemoteVectorEnvironment, through stepped: (any VectorEnvironment)? = nil,
    seed: UInt64, isDeterministic: Bool
  ) {
    self.environment = environment
    self.stepped = stepped ?? environment
    self.policy = policy
    self.isDeterministic = isDeterministic
    firstSeed = seed
    answers = ActionBatch(environment.actionSpace, count: environment.count, withEstimates: false)
  }

  /// Begins the next episode, number i with the seed `seed + i - 1`.
  func begin() throws {
    try stepped.reset(seed: firstSeed + UInt64(episode), options: [:])
    for row in 0..<environment.count { policy.beginEpisode(in: row) }
    episode += 1
    (steps, total, reward, end) = (0, 0, 0, nil)
  }

  /// Takes one step.
  func step() throws {
    let outcome = stepped.outcome
    let choice = isDeterministic ? ActionChoice.greedy : .sampled(seed: firstSeed + UInt64(episode * 1_000_003 + steps))
    try policy.act(
      on: outcome.observations, count: environment.count, masks: outcome.masks, choice: choice, into: answers)
    try stepped.step(answers.actions)
    for row in 0..<environment.count where outcome.hasEnded(row) { policy.beginEpisode(in: row) }
    steps += 1
    reward = outcome.rewards[0]
    total += reward
    if outcome.hasEnded(0) { end = outcome.isTerminated[0] ? "terminated" : "truncated" }
  }

  /// What the environment looks like; nil where it shows nothing.
  func look(_ size: RenderSize?) throws -> Rendering? {
    environment.renderMode == nil ? nil : try environment.render(0, size: size)
  }
}
