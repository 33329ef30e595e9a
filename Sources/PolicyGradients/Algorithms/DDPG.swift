import Environments
import NeuralNetworks

/// Deep deterministic policy gradient: Q-learning for real-valued actions, with a policy instead of the maximum.
///
///     ∇J = E[ ∇_a Q(o, a)|_{a = μ(o)} · ∇ μ(o) ]
///
/// Silver et al. 2014, "Deterministic Policy Gradient Algorithms"; Lillicrap et al. 2016 (arXiv 1509.02971), whose
/// rates are 1e-4 and 1e-3, τ 0.001, batch 64 and Ornstein-Uhlenbeck noise of σ 0.2.
///
///     after every step, with o, a, r, o′ drawn from the replay:
///       Q descends (Q(o, a) - r - γ Q̄(o′, μ̄(o′)))²
///       μ ascends Q(o, μ(o))
///       every slow copy moves by τ
public final class DDPG: OffPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.offPolicy(
    "ddpg", summary: "a deterministic policy that climbs one critic; what td3 is built on",
    paper: "Lillicrap et al. 2016 (arXiv 1509.02971), Silver et al. 2014", actions: [.box],
    own: [TD3.noiseKind, TD3.noiseDeviation], metrics: ["q_loss", "q_mean", "policy_loss"]
  ) { _ in DDPG.self }

  let network: MLP
  let head: PolicyHead
  private let actor: DeterministicActor
  private let critics: CriticLearner
  private let halves: Halves
  private var exploration: ExplorationNoise
  private let (observationWidth, actionWidth): (Int, Int)
  private let (targetRate, priorityExponent): (Double, Double)
  private let rates: LearningRates
  private let policyStep: DeterministicPolicyStep

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    (observationWidth, actionWidth) = (task.observationWidth, task.actionWidth)
    halves = Halves(helper: task.helper)
    head = .deterministic(actionWidth)
    network = try settings.policyNetwork(inputs: observationWidth, outputs: actionWidth, using: &generator)
    actor = try DeterministicActor(network, optimizer: settings.policyOptimizer(count: network.parameterCount))
    critics = try settings.critics(
      count: 1, inputWidth: observationWidth + actionWidth, halves: halves, using: &generator)
    exploration = ExplorationNoise(
      settings[TD3.noiseKind], deviation: settings[TD3.noiseDeviation], width: actionWidth)
    (targetRate, priorityExponent) = (
      settings[OffPolicySettings.targetRate], settings[OffPolicySettings.priorityExponent]
    )
    rates = LearningRates([actor.optimizer, critics.optimizer])
    policyStep = DeterministicPolicyStep(actor, critics, halves)
  }

  func explore(_ action: UnsafeMutablePointer<Float>, stream: Int, using generator: inout PCG64) {
    exploration.add(to: action, stream: stream, using: &generator)
  }
  func beginEpisode(stream: Int) { exploration.reset(stream: stream) }
  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    let sample = experience.draw()
    let width = observationWidth + actionWidth
    sample.joinInputs(observationWidth: observationWidth, actionWidth: actionWidth)

    let loss = critics.fit(sample.inputs, sample) { [self] half, range, y in
      let (first, inputs) = (range.lowerBound, sample.nextInputs + range.lowerBound * width)
      actor.act(
        sample.nextObservations + first * observationWidth, rows: range.count, half: half, usesTarget: true,
        into: inputs + observationWidth, stride: width)
      critics.leastTarget(inputs, rows: range.count, half: half, into: y + first)
      for row in range { y[row] = sample.rewards[row] + sample.discounts[row] * y[row] }
    }
    try TrainingError.requireFinite(loss, "loss of the critic")
    experience.note(errors: critics.errors, exponent: priorityExponent)

    metrics["policy_loss"] = try policyStep.ascend(sample)
    actor.followTarget(rate: targetRate)
    critics.critics.followTargets(rate: targetRate)
    (metrics["q_loss"], metrics["q_mean"]) = (loss, critics.meanValue)
  }

  var parts: [Part] {
    actor.parts + critics.parts
  }
}
