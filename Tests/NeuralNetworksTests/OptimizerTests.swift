import NeuralNetworks
import Testing

@Suite("Optimisers against their equations")
struct OptimizerTests {
  static let gradients: [[Float]] = [[0.5, -2, 0, 1e-4], [0.25, 1, 3, -1e-4], [-1, 0.5, -0.125, 0]]

  @Test("Adam's first step is the learning rate against the gradient's sign")
  func adamFirstStep() throws {
    let parameters = try filled([1, 1, 1, 1], gradients: Self.gradients[0])
    Adam(count: 4, learningRate: 0.1).step(parameters)
    for (value, expected) in zip(parameters.values, [0.9, 1.1, 1.0, 0.9] as [Float]) {
      #expect(abs(value - expected) < 2e-5)
    }
  }

  @Test("Adam follows its equation in Double")
  func adam() throws {
    let optimizer = Adam(count: 4, learningRate: 0.1)
    try follow(optimizer) { gradients, step, memory in
      memory[0] = 0.9 * memory[0] + 0.1 * gradients
      memory[1] = 0.999 * memory[1] + 0.001 * gradients * gradients
      let corrections = (1 - power(0.9, step), 1 - power(0.999, step))
      return 0.1 * (memory[0] / corrections.0) / ((memory[1] / corrections.1).squareRoot() + 1e-8)
    }
  }

  @Test("gradient descent follows its equation, with and without momentum", arguments: [0.0, 0.9])
  func sgd(momentum: Double) throws {
    try follow(SGD(count: 4, learningRate: 0.1, momentum: momentum)) { gradient, _, memory in
      memory[0] = momentum * memory[0] + gradient
      return 0.1 * memory[0]
    }
  }

  @Test("RMSprop follows Torch's equation, with epsilon outside the root and a mean square that begins at 0")
  func torchRMSprop() throws {
    try follow(RMSprop(count: 4, learningRate: 0.1, epsilon: 1e-5)) { gradient, _, memory in
      memory[0] = 0.99 * memory[0] + 0.01 * gradient * gradient
      return 0.1 * gradient / (memory[0].squareRoot() + 1e-5)
    }
  }

  @Test("RMSprop follows TensorFlow's equation, with epsilon inside the root and a mean square that begins at 1")
  func tensorFlowRMSprop() throws {
    try follow(RMSprop(count: 4, learningRate: 0.1, epsilon: 1e-5, form: .tensorFlow)) { gradient, step, memory in
      let meanSquare = step == 1 ? 1 : memory[0]
      memory[0] = 0.99 * meanSquare + 0.01 * gradient * gradient
      return 0.1 * gradient / (memory[0] + 1e-5).squareRoot()
    }
  }

  @Test("a restored optimiser goes on bit for bit")
  func restoring() throws {
    let makers: [() -> any Optimizer] = [
      { Adam(count: 4, learningRate: 0.01) }, { SGD(count: 4, learningRate: 0.01, momentum: 0.9) },
      { RMSprop(count: 4, form: .torch) }, { RMSprop(count: 4, form: .tensorFlow) },
    ]
    for make in makers {
      let original = make()
      let parameters = try filled([1, 2, 3, 4], gradients: Self.gradients[0])
      original.step(parameters)
      original.step(parameters)
      let copy = make()
      try copy.restore(original.state)
      let copied = try filled(parameters.array, gradients: Self.gradients[0])
      original.step(parameters)
      copy.step(copied)
      #expect(bits(parameters.array) == bits(copied.array))
      #expect(copy.state == original.state && copy.state.stepCount == 3)
    }
  }

  @Test("a state of another optimiser, of another size or with a NaN is refused with a sentence")
  func refusals() throws {
    let adam = Adam(count: 4)
    let good = adam.state
    #expect(throws: NetworkError.wrongOptimizer(expected: "adam", actual: "sgd")) {
      try adam.restore(SGD(count: 4, learningRate: 1).state)
    }
    #expect(throws: NetworkError.wrongCount(what: "optimiser moments", expected: 4, actual: 3)) {
      try adam.restore(Adam(count: 3).state)
    }
    var damaged = good
    damaged.moments[1][2] = .nan
    #expect(throws: NetworkError.notFinite(what: "optimiser moments", index: 2)) { try adam.restore(damaged) }
    damaged = good
    damaged.moments.removeLast()
    #expect(throws: NetworkError.self) { try adam.restore(damaged) }
    damaged = good
    damaged.stepCount = -1
    #expect(throws: NetworkError.self) { try adam.restore(damaged) }
    #expect(adam.state == good)
  }

  @Test("clipping leaves a short gradient alone and shortens a long one to the norm, as Torch does")
  func clipping() throws {
    let parameters = try filled([0, 0], gradients: [3, 4])
    #expect(parameters.clipGradients(toNorm: 6) == 5)
    #expect(Array(parameters.gradients) == [3, 4])
    #expect(parameters.clipGradients(toNorm: 0.5) == 5)
    #expect(abs(parameters.gradients[0] - 0.3) < 1e-6 && abs(parameters.gradients[1] - 0.4) < 1e-6)
  }

  private func filled(_ values: [Float], gradients: [Float]) throws -> Parameters {
    let parameters = Parameters(count: values.count)
    try parameters.load(values)
    for (index, gradient) in gradients.enumerated() {
      parameters.gradients[index] = gradient
    }
    return parameters
  }

  /// Takes the three steps of `gradients`, with the equation in Double beside the optimiser.
  private func follow(
    _ optimizer: any Optimizer,
    _ update: (_ gradient: Double, _ step: Int, _ memory: inout [Double]) -> Double
  ) throws {
    let parameters = try filled([1, 2, 3, 4], gradients: [0, 0, 0, 0])
    var expected = [1.0, 2, 3, 4]
    var memories = [[Double]](repeating: [0, 0], count: 4)
    for (step, gradients) in Self.gradients.enumerated() {
      for index in 0..<4 {
        parameters.gradients[index] = gradients[index]
        expected[index] -= update(Double(gradients[index]), step + 1, &memories[index])
      }
      optimizer.step(parameters)
      for index in 0..<4 {
        #expect(abs(Double(parameters.values[index]) - expected[index]) < 2e-6, "element \(index), step \(step + 1)")
      }
    }
    #expect(optimizer.state.stepCount == 3)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
