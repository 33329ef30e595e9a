import Environments

/// How well a policy does over a number of episodes.
public struct Evaluation: Codable, Equatable, Sendable {
  /// The most steps that an episode is let run where nothing else ends it.
  public static let longestEpisode = 1_000_000

  /// The undiscounted return of each episode, by number.
  public var returns: [Double]
  /// The number of steps of each episode, by number.
  public var lengths: [Int]

  /// How many episodes were played again because the environment had failed in them.
  public var repeatedEpisodes = 0
  /// The means of what the environment told of its own, by the text of each ``InfoMetric``.
  public var info: [String: Double] = [:]

  /// The mean of the returns.
  public var meanReturn: Double { returns.reduce(0, +) / Double(returns.count) }
  /// The population standard deviation of the returns: the sum of squares is divided by n, not by n - 1.
  public var returnDeviation: Double {
    let mean = meanReturn
    return (returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(returns.count)).squareRoot()
  }
  /// The least return.
  public var minimumReturn: Double { returns.min() ?? .nan }
  /// The greatest return.
  public var maximumReturn: Double { returns.max() ?? .nan }
  /// The mean number of steps.
  public var meanLength: Double { Double(lengths.reduce(0, +)) / Double(lengths.count) }

  /// Lets `policy` play `episodes` episodes.
  ///
  /// Episode j has its own seed and its own seeds of sampled actions, made from `seed` and j, so that the result does not
  /// depend on the number of sub-environments. They play in rounds, one episode each; where an environment fails and is
  /// started anew, its episodes are played again.
  ///
  /// - Parameters:
  ///   - info: which numbers of the environment's own are followed.
  ///   - isDeterministic: takes the mode or mean instead of a sample.
  ///   - stepLimit: the most steps of an episode, for environments without a limit of their own.
  ///   - shouldStop: asked before every step, with the number of steps that the running episodes have had; if it says so,
  ///     the evaluation has only the episodes of the rounds that were played.
  public static func run(
    _ policy: any Policy,
    in environment: any VectorEnvironment,
    episodes: Int,
    seed: UInt64,
    info: [InfoMetric] = [],
    isDeterministic: Bool = true,
    stepLimit: Int = Self.longestEpisode,
    shouldStop: (_ steps: Int) -> Bool = { _ in false }
  ) throws -> Evaluation {
    var result = Evaluation(returns: [], lengths: [])
    var seeds = RandomStream.evaluation.generator(seed)
    let firstSeed = seeds.next() >> 16
    var infoSums = InfoSums()
    while result.returns.count < episodes {
      let first = result.returns.count
      let count = min(environment.count, episodes - first)
      let round = Round(environment: environment, policy: policy, firstEpisode: first, info: info)
      var missing = Set(0..<count)
      while !missing.isEmpty {
        try environment.reset(seed: firstSeed + UInt64(first), options: [:])
        for row in 0..<environment.count { policy.beginEpisode(in: row) }
        let noise = isDeterministic ? nil : RandomStream.evaluationActions.generator(seed)
        guard try round.play(&missing, noise: noise, stepLimit: stepLimit, shouldStop: shouldStop) else {
          return result
        }
        result.repeatedEpisodes += missing.count
      }
      result.returns += round.returns[..<count]
      result.lengths += round.lengths[..<count]
      for told in round.info[..<count] { infoSums.add(told) }
      result.info = infoSums.means
    }
    return result
  }
}

/// One episode of every sub-environment; those that end early play on without being counted.
private final class Round {
  var returns: [Double]
  var lengths: [Int]
  private let environment: any VectorEnvironment
  private let policy: any Policy
  private var noise: PCG64?
  private let firstEpisode: Int
  private let answers: ActionBatch
  private let follower: InfoFollower
  /// What the environment told of each episode.
  var info: [[String: Double]]

  init(environment: any VectorEnvironment, policy: any Policy, firstEpisode: Int, info: [InfoMetric]) {
    self.environment = environment
    self.policy = policy
    self.firstEpisode = firstEpisode
    returns = Array(repeating: 0, count: environment.count)
    lengths = Array(repeating: 0, count: environment.count)
    follower = InfoFollower(info, streams: environment.count)
    self.info = Array(repeating: [:], count: environment.count)
    answers = ActionBatch(environment.actionSpace, count: environment.count, withEstimates: false)
  }

  /// Plays the episodes of some rows, and leaves those in `rows` in which the environment has failed.
  ///
  /// - Parameter noise: the source of the seeds of sampled actions, one for each step; nil takes the greedy ones.
  /// - Returns: false if it was stopped.
  func play(_ rows: inout Set<Int>, noise: PCG64?, stepLimit: Int, shouldStop: (Int) -> Bool) throws -> Bool {
    self.noise = noise
    var (running, failed) = (rows, Set<Int>())
    for row in rows {
      (returns[row], lengths[row]) = (0, 0)
      follower.begin(row)
    }
    var steps = 0
    while !running.isEmpty, steps < stepLimit {
      if shouldStop(steps) { return false }
      try act()
      try environment.step(answers.actions)
      steps += 1
      let outcome = environment.outcome
      for row in 0..<environment.count where outcome.hasEnded(row) { policy.beginEpisode(in: row) }
      for row in outcome.lostRows { policy.beginEpisode(in: row) }
      for row in outcome.lostRows where running.remove(row) != nil { failed.insert(row) }
      for row in running {
        returns[row] += outcome.rewards[row]
        lengths[row] += 1
        follower.note(row, outcome, row: row)
        if outcome.hasEnded(row) {
          info[row] = follower.finish(row)
          running.remove(row)
        }
      }
    }
    rows = failed
    return true
  }

  private func act() throws {
    // Row i plays episode firstEpisode + i, so that the seed of an action depends on its episode and step alone.
    let seed = noise?.next()
    let choice = seed.map { ActionChoice.sampled(seed: $0 >> 12 + UInt64(firstEpisode)) } ?? .greedy
    let outcome = environment.outcome
    try policy.act(
      on: outcome.observations, count: environment.count, masks: outcome.masks, choice: choice, into: answers)
  }
}
