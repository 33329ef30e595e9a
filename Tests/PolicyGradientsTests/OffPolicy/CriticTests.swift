import Environments
import Foundation
import NeuralNetworks
import PolicyGradients
import Testing

@Suite("Critics")
struct CriticTests {
  private func sample(rows: Int, observationWidth: Int, actionWidth: Int, choices: Int = 0) throws -> ReplaySample {
    let replay = try ReplayBuffer(
      ReplayLayout(capacity: rows + 2, observationWidth: observationWidth, actionWidth: actionWidth))
    var generator = PCG64(seed: 9)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.normal()) } }
    replay.begin(lane: 0, numbers(observationWidth))
    for step in 0..<rows {
      let action = choices > 0 ? [Float(step % choices)] : numbers(actionWidth)
      replay.record(lane: 0, action: action, reward: 1, end: .none, next: numbers(observationWidth))
    }
    let sample = ReplaySample()
    replay.sample(rows, discount: 0.9, into: sample, using: &generator)
    for row in 0..<rows { sample.weights[row] = Float(generator.uniform(0.2, 1)) }
    sample.joinInputs(observationWidth: observationWidth, actionWidth: actionWidth)
    return sample
  }

  private func check(_ learner: CriticLearner, _ optimizer: NoStep, _ loss: () -> Double) {
    _ = loss()
    expectGradient(optimizer.gradient, of: learner.critics.parameters, every: 7, loss)
  }

  @Test("The gradient of the squared error is that of finite differences", arguments: [0, 3])
  func squaredError(choices: Int) throws {
    let rows = 97
    let sample = try sample(rows: rows, observationWidth: 3, actionWidth: 1, choices: choices)
    let critics = try Critics(
      count: 2, inputWidth: choices > 0 ? 3 : 4, outputs: max(choices, 1), hiddenSizes: [5], activation: .tanh)
    var generator = PCG64(seed: 1)
    critics.initialize(.torch, using: &generator)
    let optimizer = NoStep()
    let learner = CriticLearner(critics, optimizer: optimizer, halves: Halves(helper: nil))
    check(learner, optimizer) {
      learner.fit(
        choices > 0 ? sample.observations : sample.inputs, sample, choices: choices > 0 ? sample.actions : nil
      ) { _, range, y in for row in range { y[row] = Float(row % 5) - 2 } }
    }
  }

  @Test("The gradient of the cross-entropy of distributions is that of finite differences")
  func crossEntropy() throws {
    let sample = try sample(rows: 65, observationWidth: 3, actionWidth: 1)
    let atoms = CategoricalReturns(count: 7, low: -3, high: 3)
    let critics = try Critics(count: 1, inputWidth: 4, outputs: 7, hiddenSizes: [5], activation: .tanh)
    var generator = PCG64(seed: 1)
    critics.initialize(.torch, using: &generator)
    let optimizer = NoStep()
    let learner = CriticLearner(critics, optimizer: optimizer, halves: Halves(helper: nil))
    check(learner, optimizer) {
      learner.fitDistributions(sample.inputs, sample, atoms: atoms) { _, range, p in
        for row in range { for atom in 0..<7 { p[row * 7 + atom] = atom == row % 7 ? 0.75 : 0.25 / 6 } }
      }
    }
  }

  @Test("A helper thread changes no bit")
  func helper() throws {
    let sample = try sample(rows: 200, observationWidth: 3, actionWidth: 1)
    let arrays = try [nil, HelperThread()].map { helper in
      let critics = try Critics(count: 2, inputWidth: 4, hiddenSizes: [16], activation: .relu)
      var generator = PCG64(seed: 1)
      critics.initialize(.torch, using: &generator)
      let learner = CriticLearner(
        critics, optimizer: Adam(count: critics.parameters.count), halves: Halves(helper: helper))
      for _ in 0..<50 {
        _ = learner.fit(sample.inputs, sample) { _, range, y in for row in range { y[row] = Float(row % 5) } }
      }
      return critics.parameters.array
    }
    #expect(arrays[0] == arrays[1])
  }

  @Test("∂(min Q)/∂a is that of finite differences")
  func actionGradient() throws {
    let critics = try Critics(count: 2, inputWidth: 4, hiddenSizes: [6, 5], activation: .tanh)
    var generator = PCG64(seed: 3)
    critics.initialize(.torch, using: &generator)
    let learner = CriticLearner(critics, optimizer: NoStep(), halves: Halves(helper: nil))
    var inputs = (0..<40).map { _ in Float(generator.normal()) }
    func values(_ inputs: [Float]) -> (values: [Float], gradient: [Float]) {
      var (values, gradient) = ([Float](repeating: 0, count: 10), [Float](repeating: 0, count: 40))
      learner.leastValue(inputs, rows: 10, half: 0, weight: 1, columns: 0..<4, into: &values, inputGradient: &gradient)
      return (values, gradient)
    }
    let gradient = values(inputs).gradient
    for index in 0..<40 {
      let old = inputs[index]
      inputs[index] = old + 5e-3
      let up = values(inputs).values[index / 4]
      inputs[index] = old - 5e-3
      let down = values(inputs).values[index / 4]
      inputs[index] = old
      #expect(abs(Double(up - down) / 1e-2 + Double(gradient[index])) < 2e-3)
    }
  }

  @Test("Slow copies move by their share, and with 1 are equal")
  func targets() throws {
    let critics = try Critics(count: 2, inputWidth: 2, hiddenSizes: [3], activation: .relu)
    var generator = PCG64(seed: 3)
    critics.initialize(.torch, using: &generator)
    let before = critics.targetParameters.array
    #expect(before == critics.parameters.array)
    for index in 0..<critics.parameters.count { critics.parameters.values[index] += 1 }
    critics.followTargets(rate: 0.25)
    for (old, new) in zip(before, critics.targetParameters.array) { #expect(abs(new - old - 0.25) < 1e-6) }
    critics.followTargets(rate: 1)
    #expect(critics.targetParameters.array == critics.parameters.array)
  }

  @Test("The projection is that of the literal algorithm", arguments: [2, 5, 51])
  func projection(count: Int) {
    let returns = CategoricalReturns(count: count, low: -4, high: 6)
    var generator = PCG64(seed: 8)
    for round in 0..<100 {
      let logits = (0..<count).map { _ in Float(generator.normal()) }
      let (reward, discount) = (generator.uniform(-8, 8), round % 5 == 0 ? 0 : generator.uniform())
      var projected = [Float](repeating: 7, count: count)
      returns.project(logits, reward: Float(reward), discount: Float(discount), into: &projected)
      // Bellemare et al. 2017, equation 7: for each target atom a sum over all source atoms.
      let weights = logits.map { Double(expf($0)) }
      let sum = weights.reduce(0, +)
      let spacing = 10.0 / Double(count - 1)
      for target in 0..<count {
        let expected = (0..<count).reduce(0.0) { total, source in
          let moved = max(-4, min(6, reward + discount * (-4 + Double(source) * spacing)))
          let near = max(0, min(1, 1 - abs(moved - (-4 + Double(target) * spacing)) / spacing))
          return total + near * weights[source] / sum
        }
        #expect(abs(Double(projected[target]) - expected) < 1e-4)
      }
    }
  }

  @Test("The gradient of a distribution's mean is that of finite differences")
  func meanGradient() {
    let returns = CategoricalReturns(count: 5, low: -1, high: 3)
    var logits: [Float] = [0.3, -0.2, 1, 0.5, -1]
    var gradient = [Float](repeating: 0, count: 5)
    let mean = returns.meanGradient(logits, weight: 1, into: &gradient)
    #expect(abs(mean - returns.mean(logits)) < 1e-5)
    for index in 0..<5 {
      logits[index] += 1e-2
      let up = returns.mean(logits)
      logits[index] -= 2e-2
      let down = returns.mean(logits)
      logits[index] += 1e-2
      #expect(abs((up - down) / 2e-2 + gradient[index]) < 1e-3)
    }
  }

  @Test("The gradient of the policy of choices is that of finite differences, and masked ones have none")
  func policyOfChoices() {
    var generator = PCG64(seed: 12)
    let (values, alpha): ([Float], Float) = ([0.4, -0.3, 1.2, 9], 0.3)
    var logits = (0..<4).map { _ in Float(generator.normal()) }
    logits[3] = -.infinity
    func logs() -> [Float] {
      let sum = logits.reduce(0) { $0 + expf($1) }
      return logits.map { $0 - logf(sum) }
    }
    func loss() -> Double {
      let (entropy, worth) = ChoiceExpectation.of(logs(), values, 4)
      return Double(-alpha * entropy - worth)
    }
    var gradient = [Float](repeating: 5, count: 4)
    _ = ChoiceExpectation.gradient(logs(), values, 4, temperature: alpha, weight: 1, into: &gradient)
    #expect(gradient[3] == 0)
    for index in 0..<3 {
      logits[index] += 5e-3
      let up = loss()
      logits[index] -= 1e-2
      let down = loss()
      logits[index] += 5e-3
      #expect(abs((up - down) / 1e-2 - Double(gradient[index])) < 1e-3)
    }
  }
}
