import Environments
import Foundation
import NeuralNetworks
import PolicyGradients
import Testing

/// The losses as the algorithms compute them, whole: an update with plain gradient descent shows the gradient that it took,
/// and the same update on numbers that were moved a little shows the loss there.
@Suite("Gradients of off-policy algorithms")
struct OffPolicyGradientTests {
  /// An agent that makes one gradient step an update, and always the same one.
  private final class Subject {
    let agent: any Agent
    private let states: [PartState]

    init(_ name: String, isDiscrete: Bool, policyRate: Double, criticRate: Double) throws {
      let settings = configuration(name) {
        $0.hiddenSizes = [7, 5]
        $0.activation = .tanh
        $0.initialization = .torch
        $0.optimizer = .sgd
        $0.policyLearningRate = policyRate
        $0[OffPolicySettings.criticLearningRate] = criticRate
        $0[OffPolicySettings.learningStarts] = 0
        $0[OffPolicySettings.gradientSteps] = 1
        $0[OffPolicySettings.batchSize] = 70
        if name == "td3" { $0[TD3.policyDelay] = 1 }
        if name == "d4pg" { ($0[D4PG.least], $0[D4PG.greatest]) = (-9, 1) }
      }
      let environment: any VectorEnvironment = isDiscrete ? vector(2) { IdentityTask() } : vector(2) { TargetTask() }
      let trainer = try Trainer(settings, environments: [environment])
      let experience = try trainer.recordedExperience(
        of: environment.observationSpace, environment.actionSpace, count: 2)
      let actions = ValueBatch(environment.actionSpace, count: 2)
      var generator = PCG64(seed: 5)
      try environment.reset(seed: 1, options: [:])
      try experience.begin([0, 1], environment.outcome)
      for _ in 0..<60 {
        for row in 0..<2 {
          if isDiscrete {
            try (Int(generator.next() % 3) - 1).store(in: actions, row: row)
          } else {
            try [Float(generator.uniform(-2, 2))].store(in: actions, row: row)
          }
        }
        try environment.beginStep(actions)
        try environment.finishStep()
        try experience.step(actions, environment.outcome)
      }
      try experience.finish()
      agent = trainer.agent
      states = agent.parts.map { $0.state() }
    }

    func parameters(_ name: String) throws -> Parameters {
      try #require(agent.parts.first { $0.name == name }?.parameters)
    }

    /// Goes back to where every update begins.
    func restore() throws { for (part, state) in zip(agent.parts, states) { try part.restore(state) } }

    /// The loss of the update that is always the same, with one number moved; what it changed is there until the next.
    func loss(_ metric: String, moving index: Int = 0, of part: String, by distance: Float = 0) throws -> Double {
      try restore()
      try parameters(part).values[index] += distance
      return try #require(try agent.update(progress: 0, isMeasured: true)[metric])
    }
  }

  /// Compares every seventh number's gradient with the difference of losses.
  private func check(_ subject: Subject, _ metric: String, of part: String) throws {
    let parameters = try subject.parameters(part)
    _ = try subject.loss(metric, of: part)
    let after = parameters.array
    try subject.restore()
    let before = parameters.array
    let gradient = zip(before, after).map { Double($0) - Double($1) }
    #expect(gradient.contains { abs($0) > 1e-3 })
    for index in stride(from: 0, to: parameters.count, by: 7) {
      let up = try subject.loss(metric, moving: index, of: part, by: 4e-3)
      let down = try subject.loss(metric, moving: index, of: part, by: -4e-3)
      let difference = (up - down) / 8e-3
      #expect(abs(difference - gradient[index]) < 1e-3 + 1e-2 * abs(difference), "\(part) \(index)")
    }
  }

  private static let cases = [
    ("ddpg", false), ("td3", false), ("sac", false), ("sac", true), ("d4pg", false),
  ]

  // A step of 1e-30 changes no number, so that the other half of the algorithm stays as it is.
  @Test("the policy descends its loss, critics and noise held fixed", arguments: cases)
  func policy(name: String, isDiscrete: Bool) throws {
    try check(
      Subject(name, isDiscrete: isDiscrete, policyRate: 1, criticRate: 1e-30), "policy_loss", of: "policy")
  }

  @Test("the critics descend theirs, targets held fixed", arguments: cases + [("sql", false)])
  func critics(name: String, isDiscrete: Bool) throws {
    try check(Subject(name, isDiscrete: isDiscrete, policyRate: 1e-30, criticRate: 1), "q_loss", of: "critics")
  }

  @Test("ln α descends -ln α (ln π + H̄), so that entropy above its target makes α smaller", arguments: [false, true])
  func temperature(isDiscrete: Bool) throws {
    let subject = try Subject("sac", isDiscrete: isDiscrete, policyRate: 1e-30, criticRate: 1e-30)
    let logarithm = try subject.parameters("temperature")
    let before = logarithm.values[0]
    let entropy = try subject.loss("entropy", of: "temperature")
    let target = isDiscrete ? 0.2 * log(3) : -1
    #expect(abs(Double(logarithm.gradients[0]) - (entropy - target)) < 1e-5)
    #expect((logarithm.values[0] < before) == (entropy > target))
  }
}
