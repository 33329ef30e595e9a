import NeuralNetworks

/// The step of a deterministic policy up the first critic: μ descends -mean Q_1(o, μ(o)).
final class DeterministicPolicyStep {
  private let actor: DeterministicActor
  private let critics: CriticLearner
  private let halves: Halves
  private let values = Memory<Float>(filledWith: 0)
  private let actionGradients = Memory<Float>(filledWith: 0)
  private let outputGradients = Memory<Float>(filledWith: 0)

  init(_ actor: DeterministicActor, _ critics: CriticLearner, _ halves: Halves) {
    (self.actor, self.critics, self.halves) = (actor, critics, halves)
  }

  /// Takes the step on the joined observations of a sample, and returns the loss before it.
  func ascend(_ sample: ReplaySample) throws(TrainingError) -> Double {
    let (rows, width) = (sample.rows, critics.critics.networks[0].inputSize)
    let (observationWidth, actionWidth) = (actor.network.inputSize, actor.network.outputSize)
    for memory in [values, outputGradients] { memory.reserve(rows) }
    actionGradients.reserve(rows * (width - observationWidth))
    outputGradients.pointer.update(repeating: -1 / Float(max(rows, 1)), count: rows)
    let (values, gradients, outputGradients) = (values.pointer, actionGradients.pointer, outputGradients.pointer)
    actor.zeroGradients()
    halves.run(rows: rows, networks: [actor.network, critics.critics.networks[0]]) { [self] half, range in
      let (first, inputs) = (range.lowerBound, sample.inputs + range.lowerBound * width)
      let observations = sample.observations + first * observationWidth
      actor.act(observations, rows: range.count, half: half, into: inputs + observationWidth, stride: width)
      (values + first).update(
        from: critics.value(0, inputs, rows: range.count, half: half), count: range.count)
      critics.inputGradient(
        outputGradients + first, half: half, columns: observationWidth..<width, into: gradients + first * actionWidth)
      actor.accumulate(
        observations, rows: range.count, half: half, actionGradients: gradients + first * actionWidth)
    }
    let loss = -mean(values, rows)
    try TrainingError.requireFinite(loss, "loss of the policy")
    actor.step()
    return loss
  }
}

extension DeterministicActor {
  /// The policy, its slow copy and its optimiser.
  var parts: [Part] {
    [
      .parameters("policy", network.parameters), .parameters("target policy", target.parameters),
      .optimizer("policy optimizer", optimizer),
    ]
  }
}
