import NeuralNetworks
import Testing

@Suite("A network's outputs and gradients")
struct GradientTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let sizes: [Int]
    let activation: Activation
    let rows: Int
    var testDescription: String { "\(sizes) \(activation.rawValue), \(rows) rows" }
  }

  static let cases = [
    Case(sizes: [4, 2], activation: .tanh, rows: 1),
    Case(sizes: [4, 32, 2], activation: .tanh, rows: 5),
    Case(sizes: [3, 17, 9, 1], activation: .tanh, rows: 7),
    Case(sizes: [5, 7, 33, 3], activation: .relu, rows: 11),
    Case(sizes: [1, 1, 1, 1], activation: .identity, rows: 3),
    Case(sizes: [4, 64, 64, 1], activation: .tanh, rows: 3),
  ]

  @Test("the forward pass equals a plain one in Double", arguments: cases)
  func forward(_ example: Case) throws {
    let problem = try Problem(example)
    let output = problem.network.outputs(problem.input)
    let twin = DoubleNetwork(problem.network)
    for row in 0..<example.rows {
      for (unit, expected) in twin.output(problem.row(row)).enumerated() {
        #expect(abs(Double(output[row * problem.network.outputSize + unit]) - expected) < 1e-5)
      }
    }
  }

  @Test("the parameter gradient equals central differences", arguments: cases)
  func parameterGradient(_ example: Case) throws {
    let problem = try Problem(example)
    let network = problem.network
    let activations = Activations()
    network.forward(problem.input, rows: example.rows, activations)
    network.backward(problem.outputWeights, input: problem.input, activations)
    var twin = DoubleNetwork(network)
    var worst = 0.0
    for index in 0..<network.parameterCount {
      let saved = twin.parameters[index]
      twin.parameters[index] = saved + 1e-5
      let above = problem.loss(twin)
      twin.parameters[index] = saved - 1e-5
      let below = problem.loss(twin)
      twin.parameters[index] = saved
      worst = max(worst, abs((above - below) / 2e-5 - Double(network.parameters.gradients[index])))
    }
    print("\(example.testDescription): largest gradient difference \(worst)")
    #expect(worst < 2e-5)
  }

  @Test("the input gradient equals central differences", arguments: cases)
  func inputGradient(_ example: Case) throws {
    let problem = try Problem(example)
    let network = problem.network
    let activations = Activations()
    var gradient = [Float](repeating: .nan, count: problem.input.count)
    network.forward(problem.input, rows: example.rows, activations)
    network.backward(problem.outputWeights, input: problem.input, activations, inputGradient: &gradient)
    var alone = [Float](repeating: .nan, count: problem.input.count)
    network.inputGradient(problem.outputWeights, activations, into: &alone)
    let last = network.inputSize - 1
    var lastAlone = [Float](repeating: .nan, count: example.rows)
    network.inputGradient(problem.outputWeights, activations, columns: last..<last + 1, into: &lastAlone)
    #expect(alone == gradient)
    #expect((0..<example.rows).allSatisfy { abs(lastAlone[$0] - gradient[$0 * network.inputSize + last]) < 1e-5 })
    let twin = DoubleNetwork(network)
    for index in problem.input.indices {
      let above = problem.loss(twin, moving: index, by: 1e-5)
      let below = problem.loss(twin, moving: index, by: -1e-5)
      #expect(abs((above - below) / 2e-5 - Double(gradient[index])) < 2e-5)
    }
  }

  @Test("two backward passes add up, and zeroing starts afresh")
  func accumulation() throws {
    let problem = try Problem(Self.cases[1])
    let parameters = problem.network.parameters
    let activations = Activations()
    problem.network.forward(problem.input, rows: 5, activations)
    problem.network.backward(problem.outputWeights, input: problem.input, activations)
    let once = Array(parameters.gradients)
    problem.network.backward(problem.outputWeights, input: problem.input, activations)
    #expect(zip(once, parameters.gradients).allSatisfy { abs(2 * $0 - $1) <= 1e-5 * max(1, abs($1)) })
    #expect(once.contains { $0 != 0 })
    parameters.zeroGradients()
    #expect(parameters.gradients.allSatisfy { $0 == 0 })
  }

  @Test("a loss over many rows has the same gradient in blocks as in one piece", arguments: [1, 95, 96, 97, 500])
  func blocks(rows: Int) throws {
    let problem = try Problem(Case(sizes: [4, 16, 3], activation: .tanh, rows: rows))
    let network = problem.network
    let activations = Activations()
    network.forward(problem.input, rows: rows, activations)
    network.backward(problem.outputWeights, input: problem.input, activations)
    let whole = Array(network.parameters.gradients)
    network.parameters.zeroGradients()
    var seen: [Int] = []
    network.accumulateGradients(problem.input, rows: rows, activations) { block, _, gradient in
      seen += Array(block)
      for index in 0..<block.count * 3 {
        gradient[index] = problem.outputWeights[block.lowerBound * 3 + index]
      }
    }
    #expect(seen == Array(0..<rows))
    #expect(zip(whole, network.parameters.gradients).allSatisfy { abs($0 - $1) <= 2e-6 * Float(rows) })
  }

  @Test("a row's outputs have the same bits alone and in a batch")
  func rowsAreIndependent() throws {
    let problem = try Problem(Case(sizes: [4, 64, 64, 2], activation: .tanh, rows: 37))
    let batch = problem.network.outputs(problem.input)
    for row in [0, 1, 17, 36] {
      let input = Array(problem.input[row * 4..<row * 4 + 4])
      let alone = problem.network.outputs(input)
      #expect(bits(alone) == bits(batch[row * 2..<row * 2 + 2]))
    }
  }

  @Test("a workspace keeps its memory while no pass has more rows than one before, and serves another network too")
  func workspaceIsReused() throws {
    let network = try MLP(sizes: [4, 8, 2])
    let other = try MLP(sizes: [4, 16, 3])
    try other.load([Float](repeating: 0.5, count: other.parameterCount))
    let activations = Activations()
    let input = [Float](repeating: 1, count: 40)
    let place = network.forward(input, rows: 10, activations)
    for rows in [1, 10, 3] {
      #expect(network.forward(input, rows: rows, activations) == place)
    }
    let expected = other.outputs(input)
    let output = other.forward(input, rows: 10, activations)
    #expect((0..<30).allSatisfy { output[$0] == expected[$0] })
    withExtendedLifetime(activations) {}
  }

  @Test("networks that share a parameter buffer keep to their own parts of it")
  func sharedParameters() throws {
    let count = try MLP.parameterCount(sizes: [3, 5, 2])
    let parameters = Parameters(count: count + 2 + count)
    let first = try MLP(sizes: [3, 5, 2], parameters: parameters)
    let second = try MLP(sizes: [3, 5, 2], parameters: parameters, offset: count + 2)
    var generator = TestGenerator(state: 1)
    second.initializeLikeTorch(using: &generator)
    #expect(first.array.allSatisfy { $0 == 0 } && second.array.allSatisfy { $0 != 0 })
    let activations = Activations()
    let input: [Float] = [1, 2, 3]
    second.forward(input, rows: 1, activations)
    second.backward([1, 1] as [Float], input: input, activations)
    #expect(parameters.gradients[0..<count + 2].allSatisfy { $0 == 0 })
    #expect(parameters.gradients[(count + 2)...].contains { $0 != 0 })
    #expect(throws: NetworkError.self) { try MLP(sizes: [3, 5, 2], parameters: parameters, offset: count + 3) }
  }
}

/// A network with an input and the linear loss Σ c·y, whose gradient is c.
private struct Problem {
  let network: MLP
  let input: [Float]
  let outputWeights: [Float]
  let rows: Int

  init(_ example: GradientTests.Case) throws {
    var generator = TestGenerator(state: UInt64(example.rows))
    network = try MLP(sizes: example.sizes, activation: example.activation)
    network.initializeLikeTorch(using: &generator)
    rows = example.rows
    input = generator.floats(rows * network.inputSize, in: -2...2)
    outputWeights = generator.floats(rows * network.outputSize)
  }

  func row(_ index: Int) -> [Double] {
    input[index * network.inputSize..<(index + 1) * network.inputSize].map(Double.init)
  }

  func loss(_ twin: DoubleNetwork, moving moved: Int = -1, by step: Double = 0) -> Double {
    var total = 0.0
    for index in 0..<rows {
      var values = row(index)
      let place = moved - index * network.inputSize
      if values.indices.contains(place) { values[place] += step }
      for (unit, output) in twin.output(values).enumerated() {
        total += Double(outputWeights[index * network.outputSize + unit]) * output
      }
    }
    return total
  }
}
