import Environments
import PolicyGradients
import Testing

/// A learner whose numbers can be checked by hand: linear, one plain gradient step, weights that are one-step TD errors.
private final class Workbench {
  let trainer: SessionTrainer
  private let observations = ValueBatch(Workbench.observationSpace, count: 1)
  private let masks = MaskBatch(Workbench.actionSpace, count: 1)
  private let answers = ActionBatch(Workbench.actionSpace, count: 1, withEstimates: true)
  static let observationSpace = Space.box(Box(shape: [1], low: .same(-10), high: .same(10)))
  static let actionSpace = Space.discrete(Discrete(3))
  static let rate: Float = 0.5
  static let discount: Float = 0.9

  init(usesMasks: Bool = false, _ change: (inout SettingValues) -> Void = { _ in }) throws {
    let settings = configuration("actor-critic") {
      $0[ActorCritic.discountsFromStart] = false
      ($0.stepsPerUpdate, $0.valueIterations) = (0, 10)
      $0.discount = Double(Self.discount)
      $0.normalizesAdvantages = false
      $0.hiddenSizes = []
      $0.initialization = .torch
      $0.optimizer = .sgd
      $0.policyLearningRate = Double(Self.rate)
      $0.valueLearningRate = 0.01
      $0.learningRateDecay = .none
      $0.stepsPerEpoch = 1
      $0.minimumHorizon = 1
      change(&$0)
    }
    trainer = try SessionTrainer(
      settings, observationSpace: Self.observationSpace, actionSpace: Self.actionSpace, usesMasks: usesMasks)
    learner = try #require(trainer.agent as? OnPolicyAgent).learner
  }

  struct Choice {
    var action: Int
    var logProbability: Float
    var value: Float
    var probability: Float { logProbability.exponential }
  }

  private func see(_ number: Float) {
    observations.flat?.array.floats?[0] = number
  }

  func act(
    _ session: Int, _ number: Float, reward: Double? = nil, mask: [UInt8]? = nil, isDeterministic: Bool = false,
    seed: UInt64? = nil
  ) throws -> Choice {
    see(number)
    for (index, isLegal) in (mask ?? []).enumerated() { masks.numbers[index] = isLegal }
    let how = isDeterministic ? ActionChoice.greedy : .sampled(seed: seed)
    try trainer.act(
      in: session, on: observations, mask: mask == nil ? nil : masks, reward: reward, choice: how, into: answers)
    return try choice(made: Int.load(from: answers.actions, row: 0))
  }

  func log(_ action: Int, _ session: Int, _ number: Float, reward: Double? = nil) throws -> Choice {
    see(number)
    try action.store(in: answers.actions, row: 0)
    try trainer.log(in: session, on: observations, reward: reward, answers: answers)
    return try choice(made: action)
  }

  private func choice(made action: Int) throws -> Choice {
    Choice(
      action: action, logProbability: try #require(answers.logProbabilities?.floats?[0]),
      value: try #require(answers.values?.floats?[0]))
  }

  func end(_ session: Int, _ number: Float, reward: Double?, isTerminated: Bool = true) throws -> SessionUpdate? {
    see(number)
    return try trainer.end(session, on: observations, reward: reward, isTerminated: isTerminated)
  }

  /// The end of a session that has done nothing, which brings an update if one is due.
  func emptyEnd() throws -> SessionUpdate? { try end(trainer.begin(), 0, reward: nil) }

  private let learner: Learner
  /// The biases of the three logits.
  var biases: [Float] { Array(learner.policy.parameters.array.suffix(3)) }
  var policy: [Float] { learner.policy.parameters.array }
  var value: [Float] { learner.value?.network.array ?? [] }
}

@Suite("What a session teaches")
struct SessionRuleTests {
  @Test("SPEC 17.9: an open session is cut at its latest observation, and V of it stands for what is still to come")
  func openSession() throws {
    let bench = try Workbench()
    let session = bench.trainer.begin()
    let first = try bench.act(session, 0.5)
    let second = try bench.act(session, -1.5, reward: 2)
    let before = bench.biases
    let update = try #require(try bench.emptyEnd())
    #expect(update.steps == 1 && update.episodes == 0 && update.meanReturn == nil)
    let (value, next) = (first.value, second.value)
    let advantage = 2 + Workbench.discount * next - value
    for index in 0..<3 {
      // ∂ ln π(a)/∂b_k = 1[a = k] - p_k; of the action that was taken p is known.
      guard index == first.action else { continue }
      let step = Workbench.rate * advantage * (1 - first.probability)
      #expect(abs(bench.biases[index] - before[index] - step) < 1e-5)
    }
    #expect(bench.biases != before)
  }

  @Test("SPEC 17.4: an ended session's last advantage has V of the final observation, unless it terminated")
  func endedSession() throws {
    for isTerminated in [true, false] {
      let bench = try Workbench()
      let session = bench.trainer.begin()
      let twin = try Workbench()
      let final = try twin.act(twin.trainer.begin(), 7).value
      let choice = try bench.act(session, 0.5)
      let before = bench.biases
      let update = try #require(try bench.end(session, 7, reward: 2, isTerminated: isTerminated))
      #expect(update.steps == 1 && update.meanReturn == 2)
      let value = choice.value
      let advantage = 2 + (isTerminated ? 0 : Workbench.discount * final) - value
      let step = Workbench.rate * advantage * (1 - choice.probability)
      #expect(abs(bench.biases[choice.action] - before[choice.action] - step) < 1e-5)
    }
  }

  @Test(
    "SPEC 17.9: the step that still has no reward at an update keeps its own logp, which weighs it in the next one",
    arguments: [-3.0, 3.0])
  func versionSpanning(reward: Double) throws {
    /// A step that has its reward and one that has not, and an update on the first.
    func updated() throws -> (bench: Workbench, session: Int, spanning: Workbench.Choice) {
      let bench = try Workbench()
      let session = bench.trainer.begin()
      // The first reward moves the policy towards its action or away; the second step was chosen before that.
      let first = try bench.act(session, 0.5, seed: 1)
      let spanning = try bench.act(session, 0.5, reward: reward, seed: 1)
      #expect(spanning.action == first.action && spanning.logProbability == first.logProbability)
      #expect(try bench.emptyEnd()?.steps == 1)
      return (bench, session, spanning)
    }
    let (bench, session, spanning) = try updated()
    let twin = try updated().bench
    let now = try twin.log(spanning.action, twin.trainer.begin(), 0.5)
    #expect((now.probability < spanning.probability) == (reward < 0))
    let next = try bench.act(session, -1, reward: 1)
    let before = bench.biases
    #expect(try bench.emptyEnd()?.steps == 1)
    let advantage = 1 + Workbench.discount * next.value - now.value
    let ratio = min(1, now.probability / spanning.probability)
    let step = Workbench.rate * ratio * advantage * (1 - now.probability)
    #expect(abs(bench.biases[spanning.action] - before[spanning.action] - step) < 1e-5)
  }

  @Test("SPEC 17.6: logged and deterministic actions move the value function, and no bit of the policy")
  func foreignActions() throws {
    for isLogged in [true, false] {
      // Adam would move on by its momentum alone.
      let bench = try Workbench {
        $0.optimizer = .adam
        $0.entropyCoefficient = 0.1
      }
      let first = bench.trainer.begin()
      _ = try bench.act(first, 0.5)
      _ = try bench.end(first, 0, reward: 1)
      let (policy, value) = (bench.policy, bench.value)
      let second = bench.trainer.begin()
      if isLogged {
        _ = try bench.log(2, second, 0.5)
        _ = try bench.log(0, second, -0.5, reward: 3)
      } else {
        _ = try bench.act(second, 0.5, isDeterministic: true)
        _ = try bench.act(second, -0.5, reward: 3, isDeterministic: true)
      }
      #expect(try bench.end(second, 0, reward: 1)?.steps == 2)
      #expect(bench.policy == policy)
      #expect(bench.value != value)
      #expect(bench.trainer.policyVersion == 2)
    }
  }

  @Test("SPEC 17.6: a learner that is to imitate makes logged actions more likely, and not its own greedy ones")
  func imitation() throws {
    for isLogged in [true, false] {
      let bench = try Workbench { $0[OnPolicySettings.imitation] = 1 }
      let session = bench.trainer.begin()
      let before = bench.biases
      for step in 0..<3 {
        if isLogged {
          _ = try bench.log(2, session, 0.5, reward: step == 0 ? nil : 0)
        } else {
          _ = try bench.act(session, 0.5, reward: step == 0 ? nil : 0, isDeterministic: true)
        }
      }
      #expect(try bench.end(session, 0, reward: 0)?.steps == 3)
      let after = bench.biases
      if isLogged {
        #expect(after[2] > before[2] && after[0] < before[0] && after[1] < before[1], "\(before), \(after)")
      } else {
        #expect(after == before)
      }
    }
  }

  @Test("SPEC 17.6: logged actions beside sampled ones leave what the sampled ones teach as it is")
  func mixedActions() throws {
    func policy(withLogged: Bool) throws -> (policy: [Float], value: [Float]) {
      let bench = try Workbench {
        $0.normalizesAdvantages = true
        $0.stepsPerEpoch = withLogged ? 6 : 3
      }
      let sampled = bench.trainer.begin()
      if withLogged {
        let logged = bench.trainer.begin()
        _ = try bench.log(1, logged, 3)
        _ = try bench.log(2, logged, 4, reward: 50)
        _ = try bench.log(2, logged, 4, reward: -50)
        #expect(try bench.end(logged, 0, reward: 1) == nil)
      }
      _ = try bench.act(sampled, 0.5)
      _ = try bench.act(sampled, -0.5, reward: 1)
      _ = try bench.act(sampled, 0.25, reward: 5)
      #expect(try bench.end(sampled, 0, reward: 2)?.steps == (withLogged ? 6 : 3))
      return (bench.policy, bench.value)
    }
    let (with, without) = (try policy(withLogged: true), try policy(withLogged: false))
    #expect(with.policy == without.policy)
    #expect(with.value != without.value)
  }

  @Test("SPEC 17.7: what is abandoned teaches nothing, and brings no update nearer")
  func abandonment() throws {
    let bench = try Workbench { $0.stepsPerEpoch = 3 }
    let (policy, value) = (bench.policy, bench.value)
    let session = bench.trainer.begin()
    for step in 0..<5 { _ = try bench.act(session, 1, reward: step > 0 ? 1 : nil) }
    bench.trainer.abandon(session)
    #expect(try bench.emptyEnd() == nil)
    #expect(bench.policy == policy && bench.value == value)
    #expect(bench.trainer.begin() == session, "its number is free again")
  }

  @Test("a mask reaches both the sample and the loss")
  func masks() throws {
    let bench = try Workbench(usesMasks: true)
    let before = bench.biases
    let session = bench.trainer.begin()
    for step in 0..<200 {
      let choice = try bench.act(session, 0.5, reward: step > 0 ? 1 : nil, mask: [1, 0, 1])
      #expect(choice.action != 1)
    }
    #expect(try bench.end(session, 0, reward: 1)?.steps == 200)
    #expect(bench.biases[1] == before[1])
    #expect(bench.biases[0] != before[0] && bench.biases[2] != before[2])
    let only = try bench.act(bench.trainer.begin(), 0.5, mask: [0, 1, 0])
    #expect(only.action == 1 && only.logProbability == 0)
  }

  @Test("SPEC 16.5: a seed fixes one sample, and draws nothing from the session's own random numbers")
  func seeds() throws {
    func actions(seededAct: Bool) throws -> [Int] {
      let bench = try Workbench { $0.stepsPerEpoch = 1000 }
      let (session, other) = (bench.trainer.begin(), bench.trainer.begin())
      if seededAct {
        let choices = try (0..<20).map { try bench.act(other, 0.5, reward: $0 > 0 ? 0 : nil, seed: 9).action }
        #expect(Set(choices).count == 1)
      }
      return try (0..<50).map { try bench.act(session, 0.5, reward: $0 > 0 ? 0 : nil).action }
    }
    #expect(try actions(seededAct: true) == actions(seededAct: false))
    #expect(try Set(actions(seededAct: false)).count == 3)
  }
}

extension Float {
  fileprivate var exponential: Float {
    var (sum, term) = (1.0, 1.0)
    // 2^-10 of it by its series, which is then squared ten times.
    for power in 1...12 {
      term *= Double(self) / 1024 / Double(power)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return Float(sum)
  }
}
