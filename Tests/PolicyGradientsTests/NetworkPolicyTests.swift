import Environments
import Foundation
import PolicyGradients
import Testing

@Suite("A trained policy that is asked")
struct NetworkPolicyTests {
  private static let plane = Space.box(Box(shape: [2], low: .same(-9), high: .same(9)))

  /// A policy of one linear layer, and a value function that is the sum of the two numbers.
  private static func linear(
    _ actions: Space, weights: [[Float]], biases: [Float], sigmas: [Float]? = nil
  ) throws -> any Policy {
    let sigma = sigmas.map { #","sigma":{"form":"free","values":\#($0)}"# } ?? ""
    let snapshot = """
      {"format":"gymwire-policy","version":1,"algorithm":"vpg","environment_steps":1,"activation":"tanh",
       "obs_space":{"type":"Box","shape":[2],"dtype":"float32","low":-9,"high":9},
       "action_space":\(try json(actions)),"policy":[{"weights":\(weights),"biases":\(biases)}]\(sigma),
       "value":[{"weights":[[1,1]],"biases":[0]}]}
      """
    return try PolicyFile.decode(Array(snapshot.utf8))
  }

  private static func json(_ space: Space) throws -> String {
    switch space {
    case .discrete(let discrete): #"{"type":"Discrete","n":\#(discrete.n),"start":\#(discrete.start)}"#
    default: #"{"type":"Box","shape":[2],"dtype":"float32","low":-1,"high":1}"#
    }
  }

  private func ask(
    _ policy: any Policy, _ rows: [[Float]], _ choice: ActionChoice = .greedy
  ) throws -> ActionBatch {
    let observations = ValueBatch(policy.observationSpace, count: rows.count)
    for (index, row) in rows.enumerated() { try row.store(in: observations, row: index) }
    let answers = ActionBatch(policy.actionSpace, count: rows.count, withEstimates: true)
    try policy.act(on: observations, count: rows.count, masks: nil, choice: choice, into: answers)
    return answers
  }

  @Test("the greedy choice is the largest logit's, with its logarithm and the value")
  func categorical() throws {
    let actions = Space.discrete(Discrete(3, start: 4))
    let policy = try Self.linear(actions, weights: [[1, 0], [0, 1], [0, 0]], biases: [0, 0, 0.5])
    let answers = try ask(policy, [[2, 1], [0, 1], [-1, -1]])
    #expect(try (0..<3).map { try Int.load(from: answers.actions, row: $0) } == [4, 5, 6])
    #expect(try Array(#require(answers.values?.floats)) == [3, 1, -2])
    let logarithms = try #require(answers.logProbabilities?.floats)
    for (row, logits) in [[2, 1, 0.5], [0, 1, 0.5], [-1, -1, 0.5]].enumerated() {
      let expected = (logits.max() ?? 0) - log(logits.reduce(0) { $0 + exp($1) })
      #expect(abs(Double(logarithms[row]) - expected) < 1e-6)
    }
  }

  @Test("SPEC 16.7: actions of a Box are clipped, and the density is that of the action before")
  func clipping() throws {
    let box = Space.box(Box(shape: [2], low: .same(-1), high: .same(1)))
    let policy = try Self.linear(box, weights: [[1, 0], [0, 1]], biases: [0, 0], sigmas: [0, 0])
    let greedy = try ask(policy, [[5, 0.25]])
    #expect(try [Float].load(from: greedy.actions, row: 0) == [1, 0.25])
    // At the mean of two normal numbers with σ = 1.
    #expect(abs(Double(try #require(greedy.logProbabilities?.floats)[0]) + log(2 * .pi)) < 1e-6)
    let samples = try ask(policy, Array(repeating: [5, 0.25], count: 2000), .sampled(seed: 0))
    let densities = try #require(samples.logProbabilities?.floats).map { Double($0) }
    for row in 0..<2000 {
      let sent = try [Float].load(from: samples.actions, row: row)
      #expect(sent.allSatisfy { $0 >= -1 && $0 <= 1 })
    }
    // E ln π = -(1 + ln 2π): a density of what was sent would be far lower, being 4 σ from the mean.
    let mean = densities.reduce(0, +) / 2000
    #expect(abs(mean + 1 + log(2 * .pi)) < 0.1)
  }

  @Test("a row's answer depends on nothing but the row and its seed, in batches of any size")
  func independence() throws {
    let actions = Space.discrete(Discrete(3))
    let policy = try Self.linear(actions, weights: [[1, 0], [0, 1], [0.3, 0.3]], biases: [0, 0, 0.1])
    let rows = (0..<1000).map { [Float($0 % 7) / 7, Float($0 % 11) / 11] }
    let batch = try ask(policy, rows, .sampled(seed: 40))
    for index in [0, 1, 95, 96, 97, 500, 999] {
      let single = try ask(policy, [rows[index]], .sampled(seed: 40 + UInt64(index)))
      #expect(try Int.load(from: single.actions, row: 0) == Int.load(from: batch.actions, row: index))
      #expect(try #require(single.logProbabilities?.floats)[0] == (try #require(batch.logProbabilities?.floats)[index]))
      #expect(try #require(single.values?.floats)[0] == (try #require(batch.values?.floats)[index]))
    }
    #expect(Set(try (0..<1000).map { try Int.load(from: batch.actions, row: $0) }).count == 3)
  }

  @Test("an observation beyond what the network can compute with is refused, by its row")
  func overflow() throws {
    let policy = try Self.linear(.discrete(Discrete(2)), weights: [[9, -9], [1, 1]], biases: [0, 0])
    #expect(
      throws: PolicyError.unusableObservation(
        row: 130, reason: "it is so large that the policy's network does not give finite numbers")
    ) { try ask(policy, Array(repeating: [1, 1], count: 130) + [[3e38, 3e38]]) }
  }

  @Test("a file without a value function tells no values")
  func withoutValue() throws {
    let text = """
      {"format":"gymwire-policy","version":1,"algorithm":"vpg","environment_steps":1,"activation":"tanh",
       "obs_space":{"type":"Discrete","n":2},"action_space":{"type":"Discrete","n":2},
       "policy":[{"weights":[[1,0],[0,1]],"biases":[0,0]}]}
      """
    let policy = try PolicyFile.decode(Array(text.utf8))
    let answers = ActionBatch(policy.actionSpace, count: 1, withEstimates: true)
    try policy.act(
      on: ValueBatch(policy.observationSpace, count: 1), count: 1, masks: nil, choice: .greedy, into: answers)
    #expect(answers.hasLogProbabilities && !answers.hasValues)
  }
}
