import Environments
import Kernels
import NeuralNetworks

/// Actor-critic with experience replay, for a Discrete.
///
/// Wang et al. 2017 (arXiv 1611.01224), algorithms 1 and 2. A policy learns from each stretch of steps as it comes, and then
/// from stretches of its replay, whose actions an earlier policy μ has drawn.
///
///     after every k steps of each sub-environment, for each batch of these and for Poisson(r) batches of the replay after it:
///       V ← Σ_b π(b|o) Q(o, b),   ρ ← π(a|o)/μ(a|o)
///       Q^ret_t ← r_t + γ (min(1, ρ) (Q^ret - Q) + V)_{t+1},  from V or 0 at the end of the stretch
///       g ← min(c, ρ(a)) ∇ ln π(a|o) (Q^ret - V) + Σ_b [1 - c/ρ(b)]₊ π(b|o) ∇ ln π(b|o) (Q(o, b) - V) + β ∇H(π(·|o))
///       z* ← g - max(0, (kᵀg - δ)/‖k‖²) k,  k = ∇ KL(π_avg(·|o) ‖ π(·|o))
///       θ ascends mean(z*),  Q descends mean((Q(o, a) - Q^ret)²),  θ_avg ← α θ_avg + (1 - α) θ
///
/// g, k and z* are with respect to the logits, and the networks do the rest. A step that somebody else has chosen has no μ:
/// nothing is looked ahead across it, and the policy learns there from Q alone.
public final class ACER: OffPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.offPolicy(
    "acer",
    summary: "an actor-critic that learns from its steps as they come and from stretches of its replay",
    paper: "Wang et al. 2017 (arXiv 1611.01224)", actions: [.box, .discrete],
    own: [
      replayRatio, OffPolicySettings.trajectoryLength, importanceLimit, divergenceLimit, averageDecay, duelingSamples,
      OptimizationSettings.entropyCoefficient.defaulting(to: 0.1).defaulting(forBoxTo: 0),
      OptimizationSettings.maximumGradientNorm.defaulting(to: 10),
    ],
    defaults: [
      RunSettings.epochs.defaulting(to: 100).defaulting(forBoxTo: 300),
      OffPolicySettings.replaySize.defaulting(to: 50_000, source: "Wang et al. 2017"),
      OffPolicySettings.batchSize.defaulting(to: 80),
      OptimizationSettings.optimizer.defaulting(to: .rmsprop).defaulting(forBoxTo: .adam),
      OffPolicySettings.policyLearningRate.defaulting(to: 7e-4).defaulting(forBoxTo: 1e-3),
      OffPolicySettings.criticLearningRate.defaulting(to: 7e-4).defaulting(forBoxTo: 1e-3),
      OptimizationSettings.learningRateDecay,
    ],
    without: [
      OffPolicySettings.targetRate, OffPolicySettings.steps, OffPolicySettings.learningStarts,
      OffPolicySettings.stepsPerUpdate, OffPolicySettings.gradientSteps, OffPolicySettings.isPrioritized,
      OffPolicySettings.priorityExponent, OffPolicySettings.priorityCorrection,
    ],
    metrics: ["policy_loss", "q_loss", "q_mean", "entropy", "kl", "importance", "grad_norm"]
  ) { $0.choices > 0 ? ACER.self as any OffPolicyAlgorithm.Type : ContinuousACER.self }

  /// How often the replay is learned from.
  public static let replayRatio = Setting(
    "replay-ratio", default: 4.0, in: 0...100,
    "Batches of the replay that are learned from after each batch of new steps, in the mean.",
    source: "Wang et al. 2017")
  /// The greatest importance weight.
  public static let importanceLimit = Setting(
    "importance-limit", default: 10.0, in: 0...1e6,
    "What importance weights of the policy's gradient are cut at, c; a second term makes up for the rest.",
    source: "Wang et al. 2017")
  /// How fast a step may lead away from the average policy.
  public static let divergenceLimit = Setting(
    "trust-region", default: 1.0, aboveZeroTo: 1e12,
    "How fast a step may lead away from the average policy, δ; a great number for any.", source: "Wang et al. 2017")
  /// How slowly the average follows.
  public static let averageDecay = Setting(
    "average-decay", default: 0.99, in: 0...1, "How much the average policy keeps of itself at each step, α.",
    source: "Wang et al. 2017")
  /// How many samples the mean of the advantage is taken of.
  public static let duelingSamples = Setting(
    "dueling-samples", default: 5, in: 1...1_000,
    "Actions that the stochastic dueling network takes the mean advantage of, n; for a Box.",
    source: "Wang et al. 2017")

  let network: MLP
  let head: PolicyHead
  private let policy: AveragedPolicy
  private let critic: MLP
  private let criticDescent: GradientDescent
  private let halves: Halves
  private let rule: ACERRule
  private let choices: Int
  private let rates: LearningRates
  private let batch: TrajectoryBatch
  private let criticWorkspaces = [Activations(), Activations()]
  /// Of every choice of each row: ln π, ln π_avg, ln μ, Q, and the gradients of the logits and of Q.
  private let (logs, averageLogs, behaviour) = (
    Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)
  )
  private let (worths, logitGradients, worthGradients) = (
    Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)
  )
  private let rows = ACERRows()

  static func distributionWidth(_ units: ActionUnits) -> Int { units.choices }

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    choices = task.units.choices
    halves = Halves(helper: task.helper)
    head = .choice(choices)
    rule = ACERRule(settings)
    network = try settings.policyNetwork(inputs: task.observationWidth, outputs: choices, using: &generator)
    policy = try rule.averagedPolicy(network, settings)
    critic = try settings.policyNetwork(inputs: task.observationWidth, outputs: choices, using: &generator)
    criticDescent = rule.criticDescent(critic.parameters, settings)
    rates = LearningRates([policy.descent.optimizer, criticDescent.optimizer])
    batch = TrajectoryBatch(
      ReplayLayout(
        capacity: 0, observationWidth: task.observationWidth, actionWidth: 1, maskWidth: task.maskWidth,
        distributionWidth: choices))
  }

  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    try experience.visitFreshAndReplayed(length: rule.length, ratio: rule.replayRatio, in: batch) {
      () throws(TrainingError) in try learn(&metrics)
    }
  }

  /// One step of policy and critic on the batch.
  private func learn(_ metrics: inout Metrics) throws(TrainingError) {
    for memory in [logs, averageLogs, behaviour, worths, logitGradients, worthGradients] {
      memory.reserve(batch.rows * choices)
    }
    rows.reserve(batch.rows)
    halves.run(rows: batch.rows) { [self] half, range in judge(half, range) }
    rule.retrace.estimate(
      batch, values: rows.values, actionValues: rows.actionValues, traces: rows.traces, into: rows.targets)
    policy.descent.zero()
    criticDescent.zero()
    halves.run(rows: batch.rows) { [self] half, range in accumulate(half, range) }
    rows.measure(batch, rule, &metrics)
    metrics["grad_norm"] = try policy.step()
    try criticDescent.step("gradient of the critic")
  }

  /// Writes ln π, ln μ, Q and V of some rows, and how π and μ differ about the action.
  private func judge(_ half: Int, _ range: Range<Int>) {
    let (first, n) = (range.lowerBound, choices)
    let observations = batch.observations + first * network.inputSize
    let z = policy.forward(observations, rows: range.count, half: half)
    let average = policy.forwardAverage(observations, rows: range.count, half: half)
    if let masks = batch.masks {
      for (place, row) in range.enumerated() {
        head.apply(mask: masks + row * n, to: z + place * n)
        head.apply(mask: masks + row * n, to: average + place * n)
      }
    }
    let (logs, behaviour) = (logs.pointer, behaviour.pointer)
    Kernel.logSoftmax(z, rows: range.count, columns: n, into: logs + first * n)
    Kernel.logSoftmax(average, rows: range.count, columns: n, into: averageLogs.pointer + first * n)
    Kernel.logSoftmax(batch.distributions + first * n, rows: range.count, columns: n, into: behaviour + first * n)
    let q = critic.forward(observations, rows: range.count, criticWorkspaces[half])
    (worths.pointer + first * n).update(from: q, count: range.count * n)
    for (place, row) in range.enumerated() {
      let (_, value) = ChoiceExpectation.of(logs + row * n, q + place * n, n)
      let action = row * n + Int(batch.actions[row])
      let isKnown = !batch.distributions[row * n].isNaN
      if !isKnown { (behaviour + row * n).update(repeating: -.infinity, count: n) }
      rows.values[row] = value
      rows.actionValues[row] = q[place * n + Int(batch.actions[row])]
      rows.logProbabilities[row] = logs[action]
      rows.ratios[row] = isKnown ? exponential(logs[action] - behaviour[action]) : 0
      rows.traces[row] = min(1, rows.ratios[row])
    }
  }

  /// Adds the gradients of some rows.
  private func accumulate(_ half: Int, _ range: Range<Int>) {
    let (first, n, scale) = (range.lowerBound, choices, 1 / Float(batch.steps))
    let (gradients, worthGradients) = (logitGradients.pointer, worthGradients.pointer)
    (gradients + first * n).update(repeating: 0, count: range.count * n)
    (worthGradients + first * n).update(repeating: 0, count: range.count * n)
    let k = rows.divergenceGradient(half, width: n)
    for row in range where batch.isTransition[row] {
      let (gradient, action) = (gradients + row * n, Int(batch.actions[row]))
      let (logs, average) = (logs.pointer + row * n, averageLogs.pointer + row * n)
      rule.importance.addGradient(
        logs, behaviour: behaviour.pointer + row * n, count: n, action: action, ratio: rows.ratios[row],
        values: worths.pointer + row * n, advantage: rows.targets[row] - rows.values[row], value: rows.values[row],
        into: gradient)
      let family = Categorical(choices: n, isNormalized: true)
      rows.entropies[row] = family.entropy(logs)
      rows.divergences[row] = family.divergence(from: average, to: logs)
      family.addEntropyGradient(logs, entropy: rows.entropies[row], weight: rule.entropyCoefficient, into: gradient)
      k.update(repeating: 0, count: n)
      family.addDivergenceGradient(from: average, to: logs, weight: 1, into: k)
      rule.divergenceLimit.apply(to: gradient, divergenceGradient: k, count: n)
      for choice in 0..<n { gradient[choice] *= -scale }
      worthGradients[row * n + action] = 2 * scale * (rows.actionValues[row] - rows.targets[row])
    }
    let observations = batch.observations + first * network.inputSize
    policy.accumulate(gradients + first * n, observations, half: half)
    critic.backward(
      worthGradients + first * n, input: observations, criticWorkspaces[half], into: criticDescent.gradient(half),
      inputGradient: nil)
  }

  var parts: [Part] {
    policy.parts + [
      .parameters("critic", critic.parameters), .optimizer("critic optimizer", criticDescent.optimizer),
    ]
  }
}
