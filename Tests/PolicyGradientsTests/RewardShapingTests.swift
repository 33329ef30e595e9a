import ClassicControl
import Environments
import PolicyGradients
import Testing

@Suite("Reward shaping")
struct RewardShapingTests {
  private static func shaping(_ text: String, width: Int, discount: Double) throws -> RewardShaping {
    try RewardShaping(
      ExpressionPotential(ObservationExpression(text), observationWidth: width), discount: discount)
  }

  @Test("pays γΦ(o') − Φ(o), with Φ 0 where an episode has terminated")
  func term() throws {
    let shaping = try Self.shaping("o[0] + 10 * o[1]", width: 2, discount: 0.5)
    let (before, after): ([Float], [Float]) = ([1, 2], [3, 4])
    #expect(shaping.shape(7, from: before, to: after, isTerminated: false) == 7 + 0.5 * 43 - 21)
    #expect(shaping.shape(7, from: before, to: after, isTerminated: true) == 7 - 21)
  }

  @Test("leaves the best action of every state of a small task as it was, and the worth of a state less its potential")
  func invariance() throws {
    // Six states in a row, of which the last ends the episode; two actions that lead to any state, with any reward.
    let (states, actions, discount) = (6, 2, 0.9)
    let text = "3 * sin(2 * o[0]) - o[0]^2 + 5"
    let (potential, shaping) = (
      try ObservationExpression(text), try Self.shaping(text, width: 1, discount: discount)
    )
    for seed in 0..<20 as Range<UInt64> {
      var generator = PCG64(seed: seed)
      let next = (0..<states * actions).map { _ in Int(generator.next() % UInt64(states)) }
      let rewards = (0..<states * actions).map { _ in generator.normal() }
      /// The worth of each action in each state, by value iteration.
      func worth(_ reward: (_ state: Int, _ action: Int) -> Double) -> [Double] {
        var worth = [Double](repeating: 0, count: states * actions)
        for _ in 0..<500 {
          worth = (0..<states * actions).map { index in
            let (state, action) = (index / actions, index % actions)
            let reached = next[index]
            let rest = reached == states - 1 ? 0 : max(worth[actions * reached], worth[actions * reached + 1])
            return reward(state, action) + discount * rest
          }
        }
        return worth
      }
      let own = worth { rewards[actions * $0 + $1] }
      let shaped = worth { state, action in
        let reached = next[actions * state + action]
        return shaping.shape(
          rewards[actions * state + action], from: [Float(state)], to: [Float(reached)],
          isTerminated: reached == states - 1)
      }
      for state in 0..<states - 1 {
        #expect((own[2 * state] > own[2 * state + 1]) == (shaped[2 * state] > shaped[2 * state + 1]))
        for action in 0..<actions {
          let index = actions * state + action
          #expect(abs(own[index] - potential.value([Float(state)]) - shaped[index]) < 1e-9)
        }
      }
    }
  }

  @Test("by the value function pays the TD error, which is the advantage with λ = 0")
  func valueFunction() throws {
    let discount = 0.97
    let agent = try onPolicyAgent(
      configuration("vpg") { ($0.hiddenSizes, $0.initialization) = ([6], .torch) }, observationWidth: 3,
      actionSpace: PolicyKind.all[0].actionSpace)
    let batch = randomBatch(for: agent.learner.policy, observationWidth: 3, steps: 30)
    agent.learner.evaluate(batch)
    batch.estimateGeneralizedAdvantages(discount: discount, lambda: 0)
    let snapshot = agent.snapshot(environmentSteps: 0)
    let shaping = RewardShaping(
      try LearnedPotential(snapshot, observationSpace: snapshot.observationSpace), discount: discount)
    for row in 0..<batch.rows {
      var next = UnsafePointer(batch.lastObservations + 3 * (row % 2))
      if row + 2 < batch.rows { next = UnsafePointer(batch.observations + 3 * (row + 2)) }
      // Where an episode was cut, the next row is of another one.
      guard batch.ends[row] != .truncated else { continue }
      let shaped = shaping.shape(
        Double(batch.rewards[row]), from: batch.observations + 3 * row, to: next,
        isTerminated: batch.ends[row] == .terminated)
      #expect(abs(shaped - Double(batch.advantages[row])) < 1e-5, "row \(row)")
    }
  }

  @Test("changes what is learned, and no return in the metrics")
  func metrics() throws {
    func run(_ shaping: Shaping?) throws -> (first: EpochMetrics, policy: [UInt8]) {
      let settings = configuration("vpg") { ($0.epochs, $0.hiddenSizes) = (2, [8]) }
      let trainer = try Trainer(
        settings, environments: [vector(4) { CartPole(.v0).limited() }], shaping: shaping)
      var epochs: [EpochMetrics] = []
      try trainer.run { epochs.append($0) }
      return (epochs[0], PolicyFile.encode(trainer.snapshot()))
    }
    let (plain, shaped) = (try run(nil), try run(.expression(ObservationExpression("100 * o[2]^2"))))
    #expect(plain.first.meanReturn == shaped.first.meanReturn && plain.first.rewardSum == shaped.first.rewardSum)
    #expect(plain.policy != shaped.policy)
    // A potential of nothing pays nothing.
    #expect(try run(.expression(ObservationExpression("0"))).policy == plain.policy)
  }

  @Test("a potential that asks for numbers which there are not, or is not finite, is refused by a sentence")
  func refused() throws {
    func trainer(_ text: String) throws -> Trainer {
      try Trainer(
        configuration("vpg") { $0.epochs = 1 }, environments: [vector(2) { CartPole(.v0).limited() }],
        shaping: .expression(ObservationExpression(text)))
    }
    let error = #expect(throws: TrainingError.self) { try trainer("o[4]") }
    #expect("\(String(describing: error))".contains("o[4], but an observation has the numbers o[0] to o[3]"))
    #expect(throws: TrainingError.self) { try trainer("1 / (o[0] - o[0])").run { _ in } }
    let agent = try onPolicyAgent(
      configuration("reinforce") { _ in }, observationWidth: 4, actionSpace: PolicyKind.all[0].actionSpace)
    let snapshot = agent.snapshot(environmentSteps: 0)
    #expect(throws: TrainingError.self) {
      try LearnedPotential(snapshot, observationSpace: snapshot.observationSpace)
    }
    #expect(throws: TrainingError.self) {
      try LearnedPotential(snapshot, observationSpace: .discrete(Discrete(2)))
    }
  }
}
