import Environments
import NeuralNetworks

// What a copy needs that computes gradients, and what the agent needs to learn by them.
extension OnPolicyAgent {
  /// How it learns, where others may compute its gradients; nil for every other algorithm.
  var sharedGradients: (any SharedGradientAlgorithm)? { algorithm as? any SharedGradientAlgorithm }

  /// What a copy computes gradients by.
  var learningParts: [Part] {
    let value = learner.value.map { Part.parameters("value function", $0.network.parameters) }
    return policyParts + [value, rewardStatistics].compactMap { $0 } + algorithm.parts
  }

  /// What a copy computes the gradients of a round by, where it has the experience already: what changes within an update.
  func learningParts(_ round: Int) -> [Part] {
    let functions = Set(gradients(round).map(\.name) + gradients(max(round - 1, 0)).map(\.name))
    return learningParts.filter { functions.contains($0.name) } + algorithm.parts
  }

  /// What a round has gradients of, by the names that they travel under.
  func gradients(_ round: Int) -> [(name: String, parameters: Parameters)] {
    let functions = sharedGradients?.functions(round) ?? []
    var gradients: [(name: String, parameters: Parameters)] = []
    if functions.contains(.policy) { gradients.append(("policy", learner.policy.parameters)) }
    if functions.contains(.value), let value = learner.value {
      gradients.append(("value function", value.network.parameters))
    }
    return gradients
  }

  /// Makes the batch that a copy has collected one to learn from.
  ///
  /// - Returns: what was seen of observations and rewards, for the agent's ``takeInStatistics(of:)``.
  func completeBatch(_ metrics: inout Metrics) -> [PartNumbers] {
    var seen: [PartNumbers] = []
    func note(_ name: String, _ doubles: [[Double]]?) {
      guard let doubles else { return }
      var numbers = PartNumbers(name)
      numbers.doubles = doubles
      seen.append(numbers)
    }
    batch.steps = complete[0]
    note(Self.seenObservations, normalizer?.takePending())
    note(Self.seenRewards, (rewardScaler?.apply(batch, discount: algorithm.discount).numbers).map { [$0] })
    thaw()
    sharedGradients?.begin(batch, &metrics)
    return seen
  }

  private static let seenObservations = "observations seen"
  private static let seenRewards = "rewards seen"

  /// The gradients of a round of the batch.
  func computeGradients(_ round: Int, _ metrics: inout Metrics) throws(TrainingError) -> [PartNumbers] {
    try sharedGradients?.accumulateGradients(round, batch, &metrics)
    return gradients(round).map { name, parameters in
      var numbers = PartNumbers(name)
      numbers.floats = [Array(parameters.gradients)]
      return numbers
    }
  }

  /// Begins an update by gradients of others.
  ///
  /// - Returns: what puts everything back as it was before the update.
  func beginGradientUpdate(progress: Double, _ metrics: inout Metrics) -> () throws(TrainingError) -> Void {
    learner.setRates(progress: progress, &metrics)
    backup.take()
    let states = algorithm.parts.map { ($0, $0.state()) }
    return { [backup] () throws(TrainingError) in
      backup.restore()
      for (part, state) in states { try part.restore(state) }
    }
  }

  /// Makes the step of a round by the mean of several gradients.
  func step(_ round: Int, byMeanOf answers: [GradientAnswer], _ metrics: inout Metrics) throws(TrainingError) {
    for (name, parameters) in gradients(round) {
      parameters.zeroGradients()
      let share = 1 / Float(max(answers.count, 1))
      for answer in answers {
        guard let numbers = answer.gradients.first(where: { $0.name == name })?.floats.first,
          numbers.count == parameters.count
        else { throw .unusablePart(name, "a gradient of it is missing or of another length", of: "worker's answer") }
        for index in 0..<parameters.count { parameters.gradients[index] += share * numbers[index] }
      }
    }
    for name in Set(answers.flatMap(\.figures.keys)).sorted() where metrics[name] == nil || name == "kl" {
      let figures = answers.compactMap { $0.figures[name] }
      metrics[name] = figures.reduce(0, +) / Double(figures.count)
    }
    try sharedGradients?.step(round, &metrics)
  }

  /// Notes what a copy has seen of observations and rewards.
  func takeInStatistics(of answer: GradientAnswer) {
    func seen(_ name: String) -> [[Double]]? { answer.streamParts.first { $0.name == name }?.doubles }
    if let observations = seen(Self.seenObservations) { normalizer?.addPending(observations) }
    if let moments = seen(Self.seenRewards).flatMap({ Moments($0.flatMap { $0 }) }) { rewardScaler?.add(moments) }
  }

  /// Ends an update by gradients of others.
  func endGradientUpdate() throws(TrainingError) {
    guard backup.isFinite else { throw .diverged(quantity: "greatest weight", update: updates) }
    normalizer?.takeIn()
    livePolicy.normalizer = normalizer
    learner.updates += 1
    thaw()
  }
}
