import Environments
import NeuralNetworks
import PolicyGradients
import Testing

/// A kind of action, and where its σ comes from.
struct PolicyKind: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let actionSpace: Space
  let sigmaForm: SigmaForm
  /// The masks of rows, over and over; empty where nothing is forbidden.
  var masks: [[UInt8]] = []

  private static func box(_ size: Int) -> Space { .box(Box(shape: [size], low: .same(-9), high: .same(9))) }

  static let all = [
    PolicyKind(testDescription: "Discrete", actionSpace: .discrete(Discrete(3)), sigmaForm: .free),
    PolicyKind(testDescription: "Box, free σ", actionSpace: box(2), sigmaForm: .free),
    PolicyKind(testDescription: "Box, σ by a network", actionSpace: box(2), sigmaForm: .network),
    PolicyKind(testDescription: "Box, σ by a head", actionSpace: box(2), sigmaForm: .head),
    PolicyKind(
      testDescription: "MultiDiscrete", actionSpace: .multiDiscrete(MultiDiscrete([2, 3])), sigmaForm: .free),
    PolicyKind(
      testDescription: "MultiDiscrete with masks", actionSpace: .multiDiscrete(MultiDiscrete([2, 3])), sigmaForm: .free,
      masks: [[1, 1, 0, 1, 1], [1, 0, 1, 1, 1], [0, 1, 1, 0, 0], [1, 1, 1, 0, 1]]),
    PolicyKind(testDescription: "MultiBinary", actionSpace: .multiBinary(shape: [2]), sigmaForm: .free),
    PolicyKind(
      testDescription: "Tuple of a Box and a Discrete, free σ", actionSpace: .tuple([box(1), .discrete(Discrete(2))]),
      sigmaForm: .free),
  ]
}

/// An agent of one of the on-policy algorithms that sees `observationWidth` numbers.
func onPolicyAgent(
  _ settings: SettingValues, observationWidth: Int, actionSpace: Space
) throws -> OnPolicyAgent {
  let task = try AgentTask(
    observationSpace: .box(Box(shape: [observationWidth], low: .same(-99), high: .same(99))), actionSpace: actionSpace)
  return try #require(try Algorithm.makeAgent(settings, for: task) as? OnPolicyAgent)
}

/// Fills in generalised advantages, targets, and the rows that are learned from.
func estimateAdvantages(_ learner: Learner, _ batch: RolloutBuffer) {
  var metrics = Metrics()
  learner.evaluate(batch)
  batch.estimateGeneralizedAdvantages(discount: 0.99, lambda: 0.97)
  batch.estimateTargets(.lambdaReturn, discount: 0.99)
  learner.prepare(batch, &metrics)
}

/// A batch of random experience of two environments, with ends of both kinds, whose actions the policy has drawn.
func randomBatch(
  for policy: PolicyNetwork, observationWidth: Int, steps: Int, masks: [[UInt8]] = []
) -> RolloutBuffer {
  let distribution = policy.distribution
  let batch = RolloutBuffer(
    environments: 2, observationWidth: observationWidth, actionWidth: distribution.actionCount,
    maskWidth: masks.isEmpty ? 0 : distribution.maskCount, steps: steps)
  var generator = PCG64(seed: 11)
  batch.steps = steps
  for index in 0..<batch.rows * observationWidth { batch.observations[index] = Float(generator.normal()) }
  for index in 0..<2 * observationWidth { batch.lastObservations[index] = Float(generator.normal()) }
  let workspace = PolicyWorkspace()
  defer { withExtendedLifetime(workspace) {} }
  let parameters = policy.forward(batch.observations, rows: batch.rows, workspace)
  for row in 0..<batch.rows {
    if !masks.isEmpty {
      let mask = masks[row % masks.count]
      for (column, number) in mask.enumerated() { batch.masks[row * mask.count + column] = number }
      #expect(distribution.apply(mask: mask, to: parameters + row * distribution.parameterCount))
    }
    distribution.sample(
      parameters + row * distribution.parameterCount, using: &generator,
      into: batch.actions + row * distribution.actionCount)
    batch.rewards[row] = Float(generator.normal())
    batch.times[row] = Int32(row / 2)
    batch.ends[row] = row % 7 == 3 ? .terminated : row % 11 == 5 ? .truncated : .none
    guard batch.ends[row] == .truncated else { continue }
    let final = batch.appendFinalObservation(ofRow: row)
    for index in 0..<observationWidth { final[index] = Float(generator.normal()) }
  }
  return batch
}

@Suite("Gradients of the losses")
struct LossGradientTests {
  /// Compares a gradient with central differences of the loss in many directions at once: one parameter each.
  private func check(_ parameters: Parameters, _ gradient: [Float], loss: () -> Double, _ name: String) {
    // Every parameter of a small network, and a fixed stride through a larger one.
    for index in stride(from: 0, to: parameters.count, by: max(1, parameters.count / 60)) {
      let value = parameters.values[index]
      let step: Float = 1e-2
      parameters.values[index] = value + step
      let above = loss()
      parameters.values[index] = value - step
      let below = loss()
      parameters.values[index] = value
      let difference = (above - below) / Double(2 * step)
      let tolerance = 2e-3 * max(1, abs(difference))
      #expect(abs(difference - Double(gradient[index])) < tolerance, "\(name), parameter \(index)")
    }
  }

  @Test("of the policy, of every kind of action", arguments: PolicyKind.all)
  func policyLoss(kind: PolicyKind) throws {
    let settings = configuration("vpg") {
      $0.hiddenSizes = [5]
      $0.initialization = .torch
      $0.sigmaForm = kind.sigmaForm
    }
    let learner = try onPolicyAgent(settings, observationWidth: 3, actionSpace: kind.actionSpace).learner
    let batch = randomBatch(for: learner.policy, observationWidth: 3, steps: 12, masks: kind.masks)
    estimateAdvantages(learner, batch)
    let (loss, parameters) = (PolicyLoss(), learner.policy.parameters)
    for form in [PolicyLoss.Form.logarithm, .ratio, .penalizedRatio(0.7)] {
      // The forms with a ratio are checked away from the old policy, where it is not 1.
      if form != .logarithm { for index in 0..<parameters.count { parameters.values[index] += 0.05 } }
      func evaluate() -> Double {
        loss.accumulateGradients(learner.policy, batch, entropyCoefficient: 0.1, form: form)
      }
      parameters.zeroGradients()
      _ = evaluate()
      let gradient = Array(parameters.gradients)
      check(parameters, gradient, loss: evaluate, "\(kind.testDescription), \(form)")
    }
  }

  @Test(
    "vanish where the ratio has gone as far as it may the way that its advantage drives it, and only there",
    arguments: [(Float(1), Float(1)), (1, -1), (-1, 1), (-1, -1)])
  func clippedRatio(shift: Float, advantage: Float) throws {
    let learner = try onPolicyAgent(
      configuration("ppo") { $0.hiddenSizes = [] }, observationWidth: 1, actionSpace: PolicyKind.all[0].actionSpace
    ).learner
    let batch = RolloutBuffer(environments: 1, observationWidth: 1, actionWidth: 1, steps: 1)
    batch.steps = 1
    batch.useAllRows()
    (batch.observations[0], batch.actions[0], batch.advantages[0]) = (1, 0, advantage)
    let (loss, parameters) = (PolicyLoss(), learner.policy.parameters)
    loss.remember(learner.policy, batch)
    parameters.values[0] += shift
    func gradient(_ form: PolicyLoss.Form) -> [Float] {
      parameters.zeroGradients()
      loss.accumulateGradients(learner.policy, batch, entropyCoefficient: 0, form: form)
      return Array(parameters.gradients)
    }
    #expect(gradient(.ratio)[0] != 0)
    let isStopped = shift * advantage > 0
    #expect(gradient(.clippedRatio(0.1)) == (isStopped ? [Float](repeating: 0, count: 6) : gradient(.ratio)))
    #expect(gradient(.clippedRatio(10)) == gradient(.ratio))
  }

  @Test("of the value function")
  func valueLoss() throws {
    let value = try ValueNetwork(observationWidth: 3, hiddenSizes: [6, 5], activation: .tanh)
    var generator = PCG64(seed: 6)
    value.initialize(.torch, using: &generator)
    let observations = (0..<60).map { _ in Float(generator.normal()) }
    let targets = (0..<20).map { _ in Float(generator.normal()) }
    func evaluate() -> Double { value.accumulateGradients(observations, targets: targets, rows: 20) }
    let parameters = value.network.parameters
    parameters.zeroGradients()
    _ = evaluate()
    check(parameters, Array(parameters.gradients), loss: evaluate, "value")
  }

  @Test("of a batch larger than a block are the sum over its parts")
  func blocks() throws {
    let kind = PolicyKind.all[2]
    let settings = configuration("vpg") {
      $0.hiddenSizes = [4]
      $0.sigmaForm = kind.sigmaForm
    }
    let learner = try onPolicyAgent(settings, observationWidth: 2, actionSpace: kind.actionSpace).learner
    let batch = randomBatch(for: learner.policy, observationWidth: 2, steps: 150)
    estimateAdvantages(learner, batch)
    let (policy, loss) = (learner.policy, PolicyLoss())
    policy.parameters.zeroGradients()
    loss.accumulateGradients(policy, batch, entropyCoefficient: 0)
    let whole = Array(policy.parameters.gradients)
    policy.parameters.zeroGradients()
    let workspace = PolicyWorkspace()
    for row in 0..<batch.rows {
      policy.accumulateGradients(batch.observations + row * 2, rows: 1, workspace) { _, z, gradient in
        let weight = -batch.advantages[row] / Float(batch.rows)
        policy.distribution.addGradient(
          z, of: batch.actions + row * 2, weight: weight, entropyWeight: 0, into: gradient)
      }
    }
    for (index, expected) in whole.enumerated() {
      #expect(abs(policy.parameters.gradients[index] - expected) < 1e-5, "parameter \(index)")
    }
  }
}
