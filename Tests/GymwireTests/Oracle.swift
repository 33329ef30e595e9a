import Environments
import Gymwire

/// A policy whose answers tell what it was asked: V is the observation's first number, ln π minus the second.
///
/// Greedy it takes the first legal choice or the number of V, sampled the choice of its seed among the legal ones.
final class Oracle: Policy {
  let observationSpace: Space
  let actionSpace: Space
  let frameStack: Int
  private let offset: Float

  /// - Parameter offset: is added to every value.
  init(
    observations: Space = .box(Box(shape: [2], low: .same(-9), high: .same(9))),
    actions: Space = .discrete(Discrete(3, start: 5)),
    offset: Float = 0,
    frameStack: Int = 1
  ) {
    self.frameStack = frameStack
    observationSpace = observations
    actionSpace = actions
    self.offset = offset
  }

  func act(
    on observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    answers.hasLogProbabilities = answers.logProbabilities != nil
    answers.hasValues = answers.values != nil
    for row in 0..<count {
      let seen = try [Float].load(from: observations, row: row)
      if seen[0] == 8 { throw PolicyError.unusableObservation(row: row, reason: "the oracle is silent") }
      if seen[0] == 7 { throw EnvironmentError.failed("the oracle is broken") }
      answers.logProbabilities?.set(Double(-seen[1]), at: row)
      answers.values?.set(Double(seen[0] + offset), at: row)
      guard case .discrete(let discrete) = actionSpace else {
        try [seen[0]].store(in: answers.actions, row: row)
        continue
      }
      let legal = (0..<discrete.n).filter { element in
        masks?.start.map { $0[row * discrete.n + element] == 1 } ?? true
      }
      var index = 0
      if case .sampled(let seed) = choice.forRow(row) { index = Int(seed ?? .random(in: 0...1_000)) % legal.count }
      try (discrete.start + legal[index]).store(in: answers.actions, row: row)
    }
  }
}

extension Dialogue {
  /// A conversation with a policy in which hello has succeeded.
  static func policy(
    _ policy: any Policy = Oracle(), _ features: String..., maximumLine: Int? = nil,
    reload: @escaping PolicyConversation.Reloading = { nil }
  ) -> Dialogue {
    let dialogue = Dialogue(with: PolicyConversation(serving: policy, serverName: "oracle", reload: reload))
    dialogue.greet(features, maximumLine: maximumLine)
    return dialogue
  }
}
