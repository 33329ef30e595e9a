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
    $0[ACER.importanceLimit] = 1.2
    $0.learningRateDecay = .none
    $0[ACER.divergenceLimit] = 1e-3
    change(&$0)
  }
}

/// What has happened in a ``DiaryTask``.
private final class Diary {
  struct Step {
    let observation: [Float]
    let action: Int
    let reward: Double
    let next: [Float]
    let end: EpisodeEnd
  }

  var steps: [Step] = []
}

/// A task of three choices that keeps a diary, with ends of both kinds.
private struct DiaryTask: Environment {
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
    diary.steps.append(Diary.Step(observation: before, action: action, reward: reward, next: show(), end: end))
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

  /// z* and Q^ret of some of a diary's steps, word for word from the paper's algorithm 2, with c = 1.2.
  private func literal(
    _ rows: ArraySlice<Diary.Step>, policy: MLP, average: MLP, critic: MLP, behaviour: MLP
  ) -> (steps: [[Double]], targets: [Double], shortened: Int, cut: Int) {
    func value(_ observation: [Float]) -> Double {
      zip(softmax(policy.outputs(observation)), critic.outputs(observation)).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    func ratio(_ row: Diary.Step, _ action: Int) -> Double {
      softmax(policy.outputs(row.observation))[action] / softmax(behaviour.outputs(row.observation))[action]
    }
    var (targets, ahead) = ([Double](), rows.last.map { value($0.next) } ?? 0)
    for row in rows.reversed() {
      if row.end == .terminated { ahead = 0 }
      if row.end == .truncated { ahead = value(row.next) }
      let target = Double(Float(row.reward)) + 0.9 * ahead
      targets.insert(target, at: 0)
      let q = Double(critic.outputs(row.observation)[row.action])
      ahead = min(1, ratio(row, row.action)) * (target - q) + value(row.observation)
    }
    var (shortened, cut) = (0, 0)
    let steps = zip(rows, targets).map { row, target in
      let (p, old) = (softmax(policy.outputs(row.observation)), softmax(average.outputs(row.observation)))
      let (q, v) = (critic.outputs(row.observation).map(Double.init), value(row.observation))
      let entropy = -p.reduce(0) { $0 + $1 * log($1) }
      var g = p.map { -0.1 * $0 * (log($0) + entropy) }
      func add(_ action: Int, _ weight: Double) {
        for choice in 0..<3 { g[choice] += weight * ((choice == action ? 1 : 0) - p[choice]) }
      }
      add(row.action, min(1.2, ratio(row, row.action)) * (target - v))
      for choice in 0..<3 {
        let correction = max(0, 1 - 1.2 / ratio(row, choice))
        cut += correction > 0 ? 1 : 0
        add(choice, correction * p[choice] * (q[choice] - v))
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
    return (steps, targets, shortened, cut)
  }

  private func difference(_ before: [Float], _ after: [Float], rate: Float = 1) -> [Float] {
    zip(before, after).map { ($0 - $1) / rate }
  }

  /// -mean z*·z, whose gradient with z* held fixed is that of a step.
  private func policyLoss(_ network: MLP, _ rows: ArraySlice<Diary.Step>, _ steps: [[Double]]) -> Double {
    zip(rows, steps).reduce(0) { sum, pair in
      sum - zip(network.outputs(pair.0.observation), pair.1).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(rows.count)
    }
  }

  private func criticLoss(_ network: MLP, _ rows: ArraySlice<Diary.Step>, _ targets: [Double]) -> Double {
    zip(rows, targets).reduce(0) { sum, pair in
      let error = Double(network.outputs(pair.0.observation)[pair.0.action]) - pair.1
      return sum + error * error / Double(rows.count)
    }
  }

  /// What a network's numbers are after a step of descent, given ∂loss/∂outputs of some rows.
  private func step(
    _ network: MLP, _ rows: ArraySlice<Diary.Step>, rate: Float, _ outputGradients: [[Double]]
  ) -> [Float] {
    let (activations, observations) = (Activations(), rows.flatMap(\.observation))
    network.parameters.zeroGradients()
    _ = network.forward(observations, rows: rows.count, activations)
    network.backward(outputGradients.flatMap { $0.map(Float.init) }, input: observations, activations)
    return zip(network.array, network.parameters.gradients).map { $0 - rate * $1 }
  }

  @Test("An update is that of the pseudocode: both steps are along the gradients of finite differences")
  func update() throws {
    let diary = Diary()
    let trainer = try Trainer(plainDescent(), environments: [vector(1) { DiaryTask(diary) }])
    let first = try numbers(trainer.agent, "policy")
    var (policies, critics): ([[Float]], [[Float]]) = ([], [])
    try trainer.run { _ in
      policies.append(try numbers(trainer.agent, "policy"))
      critics.append(try numbers(trainer.agent, "critic"))
    }
    #expect(try numbers(trainer.agent, "average policy") == first)
    let (policy, average, critic) = (try network(policies[0]), try network(first), try network(critics[0]))
    let rows = diary.steps.suffix(12)
    let (steps, targets, shortened, cut) = literal(
      rows, policy: policy, average: average, critic: critic, behaviour: policy)
    // Some rows were held back by the average, and some were not; π is μ.
    #expect((1..<12).contains(shortened) && cut == 0)
    expectGradient(difference(policies[0], policies[1]), of: policy.parameters) { policyLoss(policy, rows, steps) }
    expectGradient(difference(critics[0], critics[1], rate: 0.5), of: critic.parameters) {
      criticLoss(critic, rows, targets)
    }
  }

  @Test("Steps that the policy made before it changed are weighed by how it has changed")
  func earlierPolicy() throws {
    let diary = Diary()
    // Stretches of four steps: two are learned from first, and then one that the policy of before has made.
    let settings = plainDescent {
      $0.epochs = 1
      $0[OffPolicySettings.batchSize] = 6
      $0.policyLearningRate = 3
    }
    let trainer = try Trainer(settings, environments: [vector(1) { DiaryTask(diary) }])
    let (policy, critic) = (
      try network(try numbers(trainer.agent, "policy")), try network(try numbers(trainer.agent, "critic"))
    )
    let before = try network(policy.array)
    try trainer.run { _ in }
    let (early, late) = (diary.steps[0..<8], diary.steps[8..<12])
    let own = literal(early, policy: policy, average: before, critic: critic, behaviour: before)
    let moved = step(policy, early, rate: 3, own.steps.map { $0.map { -$0 / 8 } })
    let errors = zip(early, own.targets).map { row, target in
      (0..<3).map { choice in
        choice == row.action ? 2 * (Double(critic.outputs(row.observation)[choice]) - target) / 8 : 0
      }
    }
    try critic.load(step(critic, early, rate: 0.5, errors))
    try policy.load(moved)
    let other = literal(late, policy: policy, average: before, critic: critic, behaviour: before)
    #expect(own.cut == 0 && other.cut > 0)
    expectGradient(
      difference(moved, try numbers(trainer.agent, "policy"), rate: 3), of: policy.parameters
    ) { policyLoss(policy, late, other.steps) }
    expectGradient(
      difference(critic.array, try numbers(trainer.agent, "critic"), rate: 0.5), of: critic.parameters
    ) { criticLoss(critic, late, other.targets) }
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
