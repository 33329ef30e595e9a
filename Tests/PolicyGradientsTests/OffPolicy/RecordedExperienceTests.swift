import Environments
import PolicyGradients
import Testing

@Suite("Recorded experience")
struct RecordedExperienceTests {
  /// Hands what somebody did at random, in three sub-environments at a time, to a trainer.
  private func record(_ steps: Int, into trainer: Trainer) throws -> RecordedExperience {
    let environments = vector(3) { TargetTask() }
    let experience = try trainer.recordedExperience(
      of: environments.observationSpace, environments.actionSpace, count: 3)
    let actions = ValueBatch(environments.actionSpace, count: 3)
    var generator = PCG64(seed: 5)
    try environments.reset(seed: 1, options: [:])
    try experience.begin([0, 1, 2], environments.outcome)
    for _ in 0..<steps {
      for row in 0..<3 { try [Float(generator.uniform(-2, 2))].store(in: actions, row: row) }
      try environments.beginStep(actions)
      environments.finishStep()
      try experience.step(actions, environments.outcome)
    }
    try experience.finish()
    return experience
  }

  private func replay(_ trainer: Trainer) throws -> ReplayBuffer {
    try #require(trainer.agent.parts.compactMap { $0.file as? ReplayBuffer }.first)
  }

  private func settings(_ name: String = "sac", _ change: (inout SettingValues) -> Void = { _ in }) -> SettingValues {
    configuration(name) {
      $0.epochs = 4
      $0.stepsPerEpoch = 20
      $0.hiddenSizes = [32]
      $0[OffPolicySettings.discount] = 0
      $0[OffPolicySettings.learningStarts] = 600
      $0[OffPolicySettings.gradientSteps] = 15
      $0[OffPolicySettings.batchSize] = 64
      $0.policyLearningRate = 3e-3
      $0[OffPolicySettings.criticLearningRate] = 3e-3
      change(&$0)
    }
  }

  @Test("sac learns from what others did, with a few steps of its own")
  func learns() throws {
    var returns: [Double] = []
    for isRecorded in [true, false] {
      let trainer = try Trainer(settings(), environments: [vector(1) { TargetTask() }])
      if isRecorded { #expect(try record(200, into: trainer).steps == 600) }
      try trainer.run { _ in }
      returns.append(
        try Evaluation.run(trainer.snapshot().makePolicy(), in: vector(4) { TargetTask() }, episodes: 40, seed: 1)
          .meanReturn)
    }
    // Without the record the 80 steps are all at random, and the networks stay as they were drawn.
    #expect(returns[0] > -0.3 && returns[1] < -0.7, "\(returns)")
  }

  @Test("every step is remembered, in one lane or spread over several", arguments: [1, 3])
  func steps(lanes: Int) throws {
    let trainer = try Trainer(settings(), environments: [vector(lanes) { TargetTask() }])
    let experience = try record(12, into: trainer)
    // In each of three sub-environments two episodes of five steps, and two steps of a third.
    #expect(experience.steps == 36 && experience.episodes == 9)
    #expect(try replay(trainer).count == 36)
  }

  @Test("rewards are shaped as those of the run's own steps are")
  func shaping() throws {
    let plain = try Trainer(settings(), environments: [vector(1) { TargetTask() }])
    let shaped = try Trainer(
      settings(), environments: [vector(1) { TargetTask() }], shaping: .expression(ObservationExpression("3")))
    let samples = try [plain, shaped].map { trainer in
      _ = try record(5, into: trainer)
      let sample = ReplaySample()
      var generator = PCG64(seed: 2)
      try replay(trainer).sample(20, discount: 0, into: sample, using: &generator)
      return sample
    }
    // γ is 0, so that Φ(o) = 3 is taken from each reward.
    for row in 0..<20 { #expect(abs(samples[0].rewards[row] - samples[1].rewards[row] - 3) < 1e-5) }
  }

  @Test("other spaces are refused, and an algorithm that remembers nothing refuses all")
  func refusals() throws {
    let trainer = try Trainer(settings(), environments: [vector(1) { TargetTask() }])
    #expect {
      _ = try trainer.recordedExperience(of: TargetTask().observationSpace, .discrete(Discrete(2)), count: 1)
    } throws: { "\($0)".contains("actions of") && "\($0)".contains("this run has") }
    let other = try Trainer(configuration("ppo") { $0.epochs = 1 }, environments: [vector(1) { TargetTask() }])
    #expect { _ = try record(5, into: other) } throws: { "\($0)".contains("remembers nothing") }
  }
}
