import Environments
import NeuralNetworks
import PolicyGradients
import Testing

@Suite("The stochastic dueling network")
struct DuelingCriticTests {
  private static let rows = 5

  /// A critic of three numbers and two, which has been given actions: of each row its own, its samples, and another.
  private final class Example {
    let optimizer = NoStep()
    let critic: DuelingCritic
    var observations: [Float]
    private var actions: [[Float]]
    private let other: [Float]
    private(set) var (values, actionValues, otherValues) = (
      [Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows)
    )

    init(samples: Int) throws {
      let optimizer = optimizer
      critic = try DuelingCritic(
        observationWidth: 3, actionWidth: 2, samples: samples, hiddenSizes: [6], activation: .tanh
      ) { GradientDescent($0, optimizer: optimizer, maximumNorm: 0) }
      var generator = PCG64(seed: 41)
      critic.initialize(.torch, using: &generator)
      func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.normal()) } }
      observations = numbers(3 * rows)
      actions = (0...samples).map { _ in numbers(2 * rows) }
      other = numbers(2 * rows)
    }

    func judge(own: Int = 0) {
      func write(_ numbers: [Float], _ target: (pointer: UnsafeMutablePointer<Float>, stride: Int)) {
        for row in 0..<rows {
          for index in 0..<2 { target.pointer[row * target.stride + index] = numbers[2 * row + index] }
        }
      }
      for index in actions.indices {
        write(actions[index == 0 ? own : index], critic.actions(index, rows: rows, half: 0))
      }
      write(other, critic.otherActions(rows: rows, half: 0))
      critic.judge(
        observations, rows: rows, half: 0, values: &values, actionValues: &actionValues, otherValues: &otherValues)
    }

    /// V and A of a row, literally.
    func literal(row: Int) -> (value: Float, advantages: [Float], other: Float) {
      let o = Array(observations[3 * row..<3 * row + 3])
      func advantage(_ action: [Float]) -> Float { critic.advantage.outputs(o + action[2 * row..<2 * row + 2])[0] }
      return (critic.value.outputs(o)[0], actions.map(advantage), advantage(other))
    }
  }

  @Test("Q̃ is V + A less the mean of A over the samples", arguments: [1, 5])
  func definition(samples: Int) throws {
    let example = try Example(samples: samples)
    example.judge()
    for row in 0..<Self.rows {
      let (value, advantages, other) = example.literal(row: row)
      let mean = advantages.dropFirst().reduce(0, +) / Float(samples)
      #expect(abs(example.values[row] - value) < 1e-5)
      #expect(abs(example.actionValues[row] - (value + advantages[0] - mean)) < 1e-5)
      #expect(abs(example.otherValues[row] - (value + other - mean)) < 1e-5)
    }
  }

  @Test("The mean of Q̃ over the samples is V")
  func mean() throws {
    let example = try Example(samples: 4)
    var sums = [Float](repeating: 0, count: Self.rows)
    for own in 1...4 {
      example.judge(own: own)
      for row in 0..<Self.rows { sums[row] += example.actionValues[row] / 4 }
    }
    for row in 0..<Self.rows { #expect(abs(sums[row] - example.values[row]) < 1e-5) }
  }

  @Test("The gradient of both squared errors is that of finite differences")
  func gradient() throws {
    let example = try Example(samples: 3)
    let (targets, valueTargets): ([Float], [Float]) = ([1, -1, 0.5, 2, 0], [0.3, 0.7, -2, 1, 1])
    func loss() -> Double {
      example.judge()
      return (0..<Self.rows).reduce(0.0) { sum, row in
        let (error, valueError) = (example.actionValues[row] - targets[row], example.values[row] - valueTargets[row])
        return sum + Double(error * error + valueError * valueError)
      }
    }
    _ = loss()
    example.critic.descent.zero()
    example.critic.accumulate(
      example.observations, rows: Self.rows, half: 0,
      actionGradient: (0..<Self.rows).map { 2 * (example.actionValues[$0] - targets[$0]) },
      valueGradient: (0..<Self.rows).map { 2 * (example.values[$0] - valueTargets[$0]) })
    try example.critic.descent.step("gradient")
    expectGradient(example.optimizer.gradient, of: example.critic.descent.parameters, loss)
  }
}
