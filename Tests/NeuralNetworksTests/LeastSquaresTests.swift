import NeuralNetworks
import Testing

@Suite("Regression on targets")
struct LeastSquaresTests {
  @Test("loss and gradient are those of the mean squared error", arguments: [1, 96, 383, 384, 385, 1000])
  func gradient(rows: Int) throws {
    let data = try Data(rows: rows)
    let loss = try LeastSquares(data.network).accumulateGradients(data.input, targets: data.targets, rows: rows)
    let gradients = Array(data.network.parameters.gradients)

    data.network.parameters.zeroGradients()
    var expected = 0.0
    data.network.accumulateGradients(data.input, rows: rows, Activations()) { block, values, gradient in
      for row in block {
        let error = values[row - block.lowerBound] - data.targets[row]
        gradient[row - block.lowerBound] = 2 * error / Float(rows)
        expected += Double(error * error) / Double(rows)
      }
    }
    #expect(abs(loss - expected) < 1e-6)
    #expect(zip(gradients, data.network.parameters.gradients).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(gradients.contains { abs($0) > 1e-3 })
  }

  @Test("a helper thread does not change a bit", arguments: [1, 383, 384, 400, 4000])
  func helper(rows: Int) throws {
    let helper = HelperThread()
    let alone = try Data(rows: rows)
    let helped = try Data(rows: rows)
    let aloneFit = try LeastSquares(alone.network)
    let helpedFit = try LeastSquares(helped.network, helper: helper)
    let aloneAdam = Adam(count: alone.network.parameterCount)
    let helpedAdam = Adam(count: helped.network.parameterCount)
    for _ in 0..<20 {
      alone.network.parameters.zeroGradients()
      helped.network.parameters.zeroGradients()
      let aloneLoss = aloneFit.accumulateGradients(alone.input, targets: alone.targets, rows: rows)
      let helpedLoss = helpedFit.accumulateGradients(helped.input, targets: helped.targets, rows: rows)
      #expect(aloneLoss == helpedLoss)
      aloneAdam.step(alone.network.parameters)
      helpedAdam.step(helped.network.parameters)
    }
    #expect(bits(alone.network.array) == bits(helped.network.array))
  }

  @Test("a helper that has fallen asleep wakes up, and helpers come and go")
  func sleepingHelper() async throws {
    let data = try Data(rows: 400)
    var losses: Set<Double> = []
    for _ in 0..<5 {
      let fit = try LeastSquares(data.network, helper: HelperThread())
      for _ in 0..<3 {
        try await Task.sleep(for: .milliseconds(5))
        losses.insert(fit.accumulateGradients(data.input, targets: data.targets, rows: 400))
      }
    }
    #expect(losses.count == 1)
  }

  @Test("no rows give no loss and no gradient, and a network of two outputs is refused")
  func edges() throws {
    let data = try Data(rows: 1)
    #expect(try LeastSquares(data.network).accumulateGradients(data.input, targets: data.targets, rows: 0) == 0)
    #expect(data.network.parameters.gradients.allSatisfy { $0 == 0 })
    let two = try MLP(sizes: [4, 2])
    #expect(throws: NetworkError.self) { try LeastSquares(two) }
  }
}

private struct Data {
  let network: MLP
  let input: [Float]
  let targets: [Float]

  init(rows: Int) throws {
    var generator = TestGenerator(state: 9)
    network = try MLP(sizes: [4, 16, 1])
    network.initializeLikeTorch(using: &generator)
    input = generator.floats(rows * 4)
    targets = generator.floats(rows)
  }
}
