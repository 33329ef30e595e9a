import Environments
import Foundation
import NeuralNetworks
import PolicyGradients
import Testing

/// Settings in which a step of plain descent shows the gradient: no replay, and an average that never moves.
private func plainDescent(_ change: (inout SettingValues) -> Void = { _ in }) -> SettingValues {
  configuration("acer") {
    $0.epochs = 2
    $0.stepsPerEpoch = 12
    $0[OffPolicySettings.trajectoryLength] = 12
    $0.hiddenSizes = [6]
    $0.activation = .tanh
    $0.optimizer = .sgd
    $0.policyLearningRate = 1
    $0[OffPolicySettings.criticLearningRate] = 0.5
    $0[OptimizationSettings.maximumGradientNorm] = 0
    $0.entropyCoefficient = 0.1
    $0.discount = 0.9
    $0[ACER.replayRatio] = 0
    $0[ACER.averageDecay] = 1
    $0[ACER.divergenceLimit] = 1e-3
    change(&$0)
  }
}

/// A task of three choices that keeps a diary, with ends of both kinds.
private struct DiaryTask: Environment {
  final class Diary {
    var steps: [(observation: [Float], action: Int, reward: Double, next: [Float], end: EpisodeEnd)] = []
  }

  let diary: Diary
  private var generator = PCG64(seed: 2)
  private var shown: [Float] = [0, 0]
  let spec = EnvironmentSpec(id: "Diary")
  let observationSpace = Space.box(Box(shape: [2], low: .same(-9), high: .same(9)))
  let actionSpace = Space.discrete(Discrete(3))

  init(_ diary: Diary) { self.diary = diary }

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] { show() }

  private mutating func show() -> [Float] {
    shown = [Float(generator.normal()), Float(generator.normal())]
    return shown
  }

  mutating func step(_ action: Int) -> Transition<[Float]> {
    let (before, count) = (shown, diary.steps.count % 12)
    let reward = Double(before[0]) * Double(action - 1) + Double(generator.normal())
    let end: EpisodeEnd = count == 3 ? .terminated : count == 7 ? .truncated : .none
    diary.steps.append((before, action, reward, show(), end))
    return Transition(shown, reward: reward, isTerminated: end == .terminated, isTruncated: end == .truncated)
  }
}

@Suite("acer")
struct ACERTests {
  private func numbers(_ agent: any Agent, _ name: String) throws -> [Float] {
    try #require(agent.parts.first { $0.name == name }?.parameters).array
  }

  private func network(_ numbers: [Float]) throws -> MLP {
    let network = try MLP(sizes: [2, 6, 3], activation: .tanh)
    try network.load(numbers)
    return network
  }

  private func softmax(_ logits: [Float]) -> [Double] {
    let weights = logits.map { exp(Double($0)) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  /// z* and Q^ret of the diary's last twelve steps, word for word from the paper's algorithm 2, with μ = π.
  private func literal(
    _ diary: DiaryTask.Diary, policy: MLP, average: MLP, critic: MLP
  ) -> (steps: [[Double]], targets: [Double], shortened: Int) {
    let rows = Array(diary.steps.suffix(12))
    func value(_ observation: [Float]) -> Double {
      zip(softmax(policy.outputs(observation)), critic.outputs(observation)).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    var targets = [Double](repeating: 0, count: rows.count)
    var ahead = value(rows[11].next)
    for (index, row) in rows.enumerated().reversed() {
      if row.end == .terminated { ahead = 0 }
      if row.end == .truncated { ahead = value(row.next) }
      targets[index] = Double(Float(row.reward)) + 0.9 * ahead
      let q = Double(critic.outputs(row.observation)[row.action])
      // min(1, ρ) is 1.
      ahead = targets[index] - q + value(row.observation)
    }
    var shortened = 0
    let steps = zip(rows, targets).map { row, target in
      let (p, old) = (softmax(policy.outputs(row.observation)), softmax(average.outputs(row.observation)))
      let advantage = target - value(row.observation)
      let entropy = -p.reduce(0) { $0 + $1 * log($1) }
      var g = (0..<3).map { choice in
        advantage * ((choice == row.action ? 1 : 0) - p[choice]) - 0.1 * p[choice] * (log(p[choice]) + entropy)
      }
      let k = zip(p, old).map { $0 - $1 }
      let slope = zip(k, g).reduce(0) { $0 + $1.0 * $1.1 }
      if slope > 1e-3 {
        shortened += 1
        let factor = (slope - 1e-3) / k.reduce(0) { $0 + $1 * $1 }
        for choice in 0..<3 { g[choice] -= factor * k[choice] }
      }
      return g
    }
    return (steps, targets, shortened)
  }

  @Test("An update is that of the pseudocode: both steps are along the gradients of finite differences")
  func update() throws {
    let diary = DiaryTask.Diary()
    let trainer = try Trainer(plainDescent(), environments: [vector(1) { DiaryTask(diary) }])
    let first = try numbers(trainer.agent, "policy")
    var (policies, critics): ([[Float]], [[Float]]) = ([], [])
    try trainer.run { _ in
      policies.append(try numbers(trainer.agent, "policy"))
      critics.append(try numbers(trainer.agent, "critic"))
    }
    #expect(try numbers(trainer.agent, "average policy") == first)
    let (policy, average, critic) = (try network(policies[0]), try network(first), try network(critics[0]))
    let (steps, targets, shortened) = literal(diary, policy: policy, average: average, critic: critic)
    // Some rows were held back by the average, and some were not.
    #expect((1..<12).contains(shortened))
    let rows = Array(diary.steps.suffix(12))
    expectGradient(zip(policies[0], policies[1]).map { $0 - $1 }, of: policy.parameters) {
      zip(rows, steps).reduce(0) { sum, pair in
        sum - zip(policy.outputs(pair.0.observation), pair.1).reduce(0) { $0 + Double($1.0) * $1.1 } / 12
      }
    }
    expectGradient(zip(critics[0], critics[1]).map { ($0 - $1) / 0.5 }, of: critic.parameters) {
      zip(rows, targets).reduce(0) { sum, pair in
        let error = Double(critic.outputs(pair.0.observation)[pair.0.action]) - pair.1
        return sum + error * error / 12
      }
    }
  }

  @Test("The replay is learned from as often as the ratio says, in the mean")
  func poisson() {
    var generator = PCG64(seed: 3)
    for mean in [0, 0.5, 4, 30] {
      let counts = (0..<20_000).map { _ in Double(generator.poisson(mean: mean)) }
      let average = counts.reduce(0, +) / 20_000
      let variance = counts.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 20_000
      #expect(abs(average - mean) <= 5 * (mean / 20_000).squareRoot())
      #expect(abs(variance - mean) <= 0.1 * mean)
    }
  }

  @Test("One session gives the bits of the ordinary loop")
  func invertedLoop() throws {
    let settings = configuration("acer") {
      $0.epochs = 3
      $0.stepsPerEpoch = 60
      $0.hiddenSizes = [8]
      $0[OffPolicySettings.batchSize] = 40
    }
    let trainer = try Trainer(settings, environments: [vector(1) { Seedless(task: IdentityTask()) }])
    var ordinary: [EpochMetrics] = []
    try trainer.run { ordinary.append($0) }
    let task = IdentityTask()
    let sessions = try SessionTrainer(
      settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace)
    let driver = SessionDriver(sessions, [Seedless(task: task)])
    try driver.step(180)
    #expect(driver.epochs == ordinary)
    #expect(PolicyFile.encode(sessions.snapshot()) == PolicyFile.encode(trainer.snapshot()))
  }

  @Test("What somebody else chose teaches the policy, too")
  func others() throws {
    let task = BanditTask()
    let settings = configuration("acer") {
      $0.epochs = 1_000
      $0.hiddenSizes = [8]
      $0[OffPolicySettings.batchSize] = 20
      $0.optimizer = .adam
      $0.policyLearningRate = 0.02
      $0[OffPolicySettings.criticLearningRate] = 0.02
    }
    let trainer = try SessionTrainer(settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace)
    let observations = ValueBatch(task.observationSpace, count: 1)
    let answers = ActionBatch(task.actionSpace, count: 1, withEstimates: true)
    try [Float(1)].store(in: observations, row: 0)
    for round in 0..<600 {
      let session = trainer.begin()
      try (round % 2).store(in: answers.actions, row: 0)
      try trainer.log(in: session, on: observations, reward: nil, answers: answers)
      _ = try trainer.end(session, on: observations, reward: Double(round % 2), isTerminated: true)
    }
    #expect(trainer.policyVersion == 30)
    try trainer.policy.act(on: observations, count: 1, masks: nil, choice: .greedy, into: answers)
    #expect(try Int.load(from: answers.actions, row: 0) == 1)
    #expect(try #require(answers.logProbabilities?.floats)[0] > logf(0.8))
  }
}
