import Environments
import NeuralNetworks

/// Learns a policy from what somebody else did, by the likelihood of their actions: L = -mean ln π(a|o).
///
/// Episodes that are held out tell when it begins to learn by heart: the policy that finds them most likely is kept. The
/// value function, where there is one, is fitted to the returns, so that an algorithm can go on from both. D. A. Pomerleau,
/// "Efficient Training of Artificial Neural Networks for Autonomous Navigation" (1991).
public final class BehaviourCloning {
  /// How it learns.
  public struct Schedule: Sendable {
    /// The most passes over the demonstrations.
    public var passes = 200
    /// How many passes without a better likelihood of what is held out end it.
    public var patience = 20
    /// How many steps the gradient is averaged over.
    public var minibatchSize = 64
    /// The step size of Adam.
    public var learningRate = 1e-3
    /// The share of the episodes that is held out.
    public var heldOutShare = 0.1

    /// The usual schedule.
    public init() {}
  }

  /// What a pass came to: the mean ln π of what is learned from, and of what is held out (nil where nothing is).
  public struct Pass: Sendable {
    /// The number of the pass, from 1.
    public let number: Int
    /// The mean of ln π(a|o) over what it has learned from, while it was learning.
    public let learned: Double
    /// The mean of ln π(a|o) over what is held out, after the pass.
    public let heldOut: Double?
  }

  /// How many steps are held out.
  public let heldOutSteps: Int
  /// The pass whose policy is kept.
  public private(set) var best: Pass?

  private let demonstrations: Demonstrations
  private let schedule: Schedule
  private let agent: OnPolicyAgent
  private let policyOptimizer: Adam
  private let valueOptimizer: Adam?
  private var learned: [Int]
  private var heldOut: [Int]
  private var generator: PCG64
  private var bestNumbers: [Float]
  private let loss = LikelihoodLoss()
  private let rows: ForeignRows
  /// What the value function is fitted to, of each gathered row.
  private let targets: Memory<Float>

  /// Prepares the policy of an algorithm, whose networks and scales the settings describe.
  ///
  /// - Throws: ``TrainingError`` where the algorithm is none that learns on-policy, or cannot choose such actions.
  public init(
    _ settings: SettingValues, _ demonstrations: Demonstrations, _ schedule: Schedule = Schedule()
  ) throws(TrainingError) {
    let task = demonstrations.task
    let settings = settings.settled(for: ActionKinds(task.distribution))
    guard let agent = try Algorithm.makeAgent(settings, for: task) as? OnPolicyAgent else {
      throw .unusableSetting(
        name: "algorithm", value: settings.algorithm.name,
        requirement: "one that learns on-policy; the others learn from recordings with --replay-from")
    }
    guard demonstrations.steps > 0 else {
      throw .unusableFile(what: "recorded dialogue", reason: "there is no step in it to learn from")
    }
    (self.demonstrations, self.schedule, self.agent) = (demonstrations, schedule, agent)
    var generator = RandomStream.minibatches.generator(settings.seed)
    let steps = BehaviourCloning.split(demonstrations.episodes, share: schedule.heldOutShare, using: &generator)
    (learned, heldOut, heldOutSteps) = (steps.learned, steps.heldOut, steps.heldOut.count)
    self.generator = generator
    let policy = agent.learner.policy
    policyOptimizer = Adam(count: policy.parameters.count, learningRate: schedule.learningRate)
    // Rewards that are scaled by what is seen while acting have returns of another size.
    let fitsValue = agent.rewardScaler == nil
    valueOptimizer =
      fitsValue
      ? agent.learner.value.map {
        Adam(count: $0.network.parameterCount, learningRate: schedule.learningRate)
      } : nil
    bestNumbers = policy.parameters.array
    if agent.normalizer != nil {
      for row in steps.learned {
        agent.normalizer?.observe(demonstrations.observations.pointer + row * task.observationWidth, rows: 1)
      }
      agent.normalizer?.takeIn()
    }
    let most = max(schedule.minibatchSize, MLP.blockRows)
    rows = ForeignRows(task, most: most)
    targets = Memory(count: most, filledWith: 0)
    guard logLikelihood(learned + heldOut).isFinite else {
      throw .unusableFile(
        what: "recorded dialogue",
        reason: "an action in it is one that its mask forbids, so that no policy can learn it")
    }
  }

  /// Holds out whole episodes, since neighbouring steps are alike; of a single one its last steps.
  private static func split(
    _ episodes: [Range<Int>], share: Double, using generator: inout PCG64
  ) -> (learned: [Int], heldOut: [Int]) {
    guard share > 0 else { return (episodes.flatMap { Array($0) }, []) }
    guard episodes.count > 1 else {
      let all = episodes.flatMap { Array($0) }
      let count = Int((Double(all.count) * share).rounded())
      return (Array(all.dropLast(count)), Array(all.suffix(count)))
    }
    let shuffled = episodes.shuffled(using: &generator)
    let count = min(episodes.count - 1, max(1, Int((Double(episodes.count) * share).rounded())))
    return (shuffled.dropFirst(count).flatMap { Array($0) }, shuffled.prefix(count).flatMap { Array($0) })
  }

  /// Learns, and keeps the best policy.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before every pass; what has been learned by then stays.
  ///   - report: receives what each pass came to.
  public func run(shouldStop: () -> Bool = { false }, report: (Pass) throws -> Void) throws {
    var passesSinceBest = 0
    for number in 1...schedule.passes where !shouldStop() {
      let pass = Pass(
        number: number, learned: try learnOnce(number), heldOut: heldOut.isEmpty ? nil : logLikelihood(heldOut))
      try report(pass)
      passesSinceBest += 1
      if Self.score(pass) > best.map(Self.score) ?? -.infinity {
        (best, bestNumbers, passesSinceBest) = (pass, agent.learner.policy.parameters.array, 0)
      }
      if passesSinceBest >= schedule.patience { break }
    }
    do throws(NetworkError) { try agent.learner.policy.parameters.load(bestNumbers) } catch {
      throw TrainingError.diverged(quantity: "policy", update: best?.number ?? 0)
    }
  }

  private static func score(_ pass: Pass) -> Double { pass.heldOut ?? pass.learned }

  /// What a policy file holds of the policy as it is now.
  public func snapshot() -> PolicySnapshot { agent.snapshot(environmentSteps: 0) }

  private func learnOnce(_ number: Int) throws(TrainingError) -> Double {
    learned.shuffle(using: &generator)
    let (policy, value) = (agent.learner.policy, agent.learner.value)
    var sum = 0.0
    var first = 0
    while first < learned.count {
      let chosen = learned[first..<min(first + schedule.minibatchSize, learned.count)]
      gather(chosen)
      policy.parameters.zeroGradients()
      sum += loss.accumulateGradients(policy, rows)
      let norm = policy.parameters.clipGradients(toNorm: 1)
      guard norm.isFinite else { throw .diverged(quantity: "policy's gradient", update: number) }
      policyOptimizer.step(policy.parameters)
      if let value, let valueOptimizer {
        value.network.parameters.zeroGradients()
        value.accumulateGradients(rows.observations.pointer, targets: targets.pointer, rows: chosen.count)
        value.network.parameters.clipGradients(toNorm: 1)
        valueOptimizer.step(value.network.parameters)
      }
      first += chosen.count
    }
    return sum / Double(learned.count)
  }

  /// The mean of ln π over some steps.
  private func logLikelihood(_ steps: [Int]) -> Double {
    var sum = 0.0
    var first = 0
    while first < steps.count {
      let chosen = steps[first..<min(first + MLP.blockRows, steps.count)]
      gather(chosen)
      sum += loss.sumOfLogs(agent.learner.policy, rows)
      first += chosen.count
    }
    return sum / Double(steps.count)
  }

  /// Brings some steps side by side, and normalises their observations.
  private func gather(_ steps: ArraySlice<Int>) {
    let task = demonstrations.task
    rows.removeAll()
    for (row, step) in steps.enumerated() {
      rows.append(
        demonstrations.observations.pointer + step * task.observationWidth,
        demonstrations.actions.pointer + step * task.actionWidth,
        mask: demonstrations.masks.pointer + step * task.maskWidth)
      targets[row] = demonstrations.returns[step]
    }
    agent.normalizer?.apply(rows.observations.pointer, rows: steps.count)
  }
}
