import Environments
import NeuralNetworks

/// Distributed distributional deterministic policy gradients: a critic that knows the distribution of returns, targets of
/// several steps, and many actors.
///
///     ∇J = E[ ∇_a E[Z(o, a)]|_{a = μ(o)} · ∇ μ(o) ]
///
/// Barth-Maron et al. 2018 (arXiv 1804.08617). The actors are sub-environments here (`--num-envs`), with the noise of each
/// its own; `--prioritized on` is the paper's replay.
///
///     after every step, with o, a, Σ γ^k r, o_n drawn from the replay:
///       p ← projection of Σ γ^k r + γ^n Z̄(o_n, μ̄(o_n)) on the atoms
///       Z descends the cross-entropy -Σ p ln Z(o, a)
///       μ ascends the mean of Z(o, μ(o))
///       every slow copy moves by τ
public final class D4PG: OffPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.offPolicy(
    "d4pg", summary: "a deterministic policy whose critic knows the distribution of returns",
    paper: "Barth-Maron et al. 2018 (arXiv 1804.08617)", actions: [.box],
    own: [
      TD3.noiseKind, TD3.noiseDeviation.defaulting(to: 0.3, source: "Barth-Maron et al. 2018"), atoms, least, greatest,
    ],
    defaults: [OffPolicySettings.steps.defaulting(to: 5, source: "Barth-Maron et al. 2018")],
    metrics: ["q_loss", "q_mean", "policy_loss"]
  ) { _ in D4PG.self }

  /// How many atoms.
  static let atoms = Setting(
    "atoms", default: 51, in: 2...10_001, "Atoms of the distribution of returns.", source: "Bellemare et al. 2017")
  /// The least return.
  public static let least = Setting(
    "v-min", default: -500.0, in: -1e9...1e9, "The least return that the critic can tell.")
  /// The greatest return.
  public static let greatest = Setting(
    "v-max", default: 500.0, in: -1e9...1e9, "The greatest return that the critic can tell.")

  let network: MLP
  let head: PolicyHead
  private let actor: DeterministicActor
  private let critics: CriticLearner
  private let returns: CategoricalReturns
  private let halves: Halves
  private var exploration: ExplorationNoise
  private let (observationWidth, actionWidth): (Int, Int)
  private let (targetRate, priorityExponent): (Double, Double)
  private let rates: LearningRates
  private let values = Memory<Float>(filledWith: 0)
  private let (actionGradients, logitGradients) = (Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0))

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    guard settings[Self.least] < settings[Self.greatest] else {
      throw TrainingError.unusableSetting(
        name: Self.least.name, value: "\(settings[Self.least])", requirement: "less than \(Self.greatest.name)")
    }
    (observationWidth, actionWidth) = (task.observationWidth, task.actionWidth)
    halves = Halves(helper: task.helper)
    head = .deterministic(actionWidth)
    returns = CategoricalReturns(
      count: settings[Self.atoms], low: settings[Self.least], high: settings[Self.greatest])
    network = try settings.policyNetwork(inputs: observationWidth, outputs: actionWidth, using: &generator)
    actor = try DeterministicActor(network, optimizer: settings.policyOptimizer(count: network.parameterCount))
    critics = try settings.critics(
      count: 1, inputWidth: observationWidth + actionWidth, outputs: returns.count, halves: halves, using: &generator)
    exploration = ExplorationNoise(
      settings[TD3.noiseKind], deviation: settings[TD3.noiseDeviation], width: actionWidth)
    (targetRate, priorityExponent) = (
      settings[OffPolicySettings.targetRate], settings[OffPolicySettings.priorityExponent]
    )
    rates = LearningRates([actor.optimizer, critics.optimizer])
  }

  func explore(_ action: UnsafeMutablePointer<Float>, stream: Int, using generator: inout PCG64) {
    exploration.add(to: action, stream: stream, using: &generator)
  }
  func beginEpisode(stream: Int) { exploration.reset(stream: stream) }
  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    let sample = experience.draw()
    let (width, atoms) = (observationWidth + actionWidth, returns.count)
    sample.joinInputs(observationWidth: observationWidth, actionWidth: actionWidth)

    let loss = critics.fitDistributions(sample.inputs, sample, atoms: returns) { [self] half, range, p in
      let (first, inputs) = (range.lowerBound, sample.nextInputs + range.lowerBound * width)
      actor.act(
        sample.nextObservations + first * observationWidth, rows: range.count, half: half, usesTarget: true,
        into: inputs + observationWidth, stride: width)
      let logits = critics.target(0, inputs, rows: range.count, half: half)
      for (place, row) in range.enumerated() {
        returns.project(
          logits + place * atoms, reward: sample.rewards[row], discount: sample.discounts[row], into: p + row * atoms)
      }
    }
    try TrainingError.requireFinite(loss, "loss of the critic")
    experience.note(errors: critics.errors, exponent: priorityExponent)

    metrics["policy_loss"] = try ascend(sample)
    actor.followTarget(rate: targetRate)
    critics.critics.followTargets(rate: targetRate)
    (metrics["q_loss"], metrics["q_mean"]) = (loss, critics.meanValue)
  }

  /// One step of the policy up the mean of the distribution.
  private func ascend(_ sample: ReplaySample) throws(TrainingError) -> Double {
    let (rows, width, atoms) = (sample.rows, observationWidth + actionWidth, returns.count)
    values.reserve(rows)
    actionGradients.reserve(rows * actionWidth)
    logitGradients.reserve(rows * atoms)
    let (values, actionGradients, logitGradients) = (values.pointer, actionGradients.pointer, logitGradients.pointer)
    actor.zeroGradients()
    halves.run(rows: rows) { [self] half, range in
      let (first, inputs) = (range.lowerBound, sample.inputs + range.lowerBound * width)
      let observations = sample.observations + first * observationWidth
      actor.act(observations, rows: range.count, half: half, into: inputs + observationWidth, stride: width)
      let logits = critics.value(0, inputs, rows: range.count, half: half)
      for (place, row) in range.enumerated() {
        values[row] = returns.meanGradient(
          logits + place * atoms, weight: 1 / Float(rows), into: logitGradients + row * atoms)
      }
      critics.inputGradient(
        logitGradients + first * atoms, half: half, columns: observationWidth..<width,
        into: actionGradients + first * actionWidth)
      actor.accumulate(
        observations, rows: range.count, half: half,
        actionGradients: actionGradients + first * actionWidth)
    }
    let loss = -mean(values, rows)
    try TrainingError.requireFinite(loss, "loss of the policy")
    actor.step()
    return loss
  }

  var parts: [Part] { actor.parts + critics.parts }
}
