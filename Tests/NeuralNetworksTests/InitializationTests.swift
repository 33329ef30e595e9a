import NeuralNetworks
import Testing

@Suite("Initialisation and description of networks")
struct InitializationTests {
  @Test("Torch's default stays within one over the root of the inputs, fills that range, and centres on zero")
  func torchDefault() throws {
    let network = try MLP(sizes: [16, 64, 4])
    var generator = TestGenerator(state: 3)
    network.initializeLikeTorch(using: &generator)
    for layer in network.layers {
      let bound = 1 / Float(layer.inputSize).squareRoot()
      let numbers = network.array[layer.offset..<layer.offset + layer.parameterCount]
      #expect(numbers.allSatisfy { abs($0) <= bound })
      #expect((numbers.max() ?? 0) > 0.9 * bound && (numbers.min() ?? 0) < -0.9 * bound)
      #expect(abs(numbers.reduce(0, +) / Float(numbers.count)) < 0.15 * bound)
    }
  }

  @Test("orthogonal matrices have orthogonal rows or columns of the gain's length, and zero biases")
  func orthogonal() throws {
    // 3000 numbers make blocks of 21 vectors, of which the third is cut; the others have one block.
    let network = try MLP(sizes: [4, 64, 64, 2, 3000, 47])
    var generator = TestGenerator(state: 4)
    network.initializeOrthogonally(outputGain: 0.01, using: &generator)
    let root = Double(2).squareRoot()
    for (layer, gain) in zip(network.layers, [root, root, root, root, 0.01]) {
      let weights = network.array[layer.offset..<layer.biasOffset].map(Double.init)
      let isWide = layer.inputSize >= layer.outputSize
      let count = min(layer.inputSize, layer.outputSize)
      for first in 0..<count {
        for second in 0...first {
          var product = 0.0
          for index in 0..<max(layer.inputSize, layer.outputSize) {
            product +=
              isWide
              ? weights[first * layer.inputSize + index] * weights[second * layer.inputSize + index]
              : weights[index * layer.inputSize + first] * weights[index * layer.inputSize + second]
          }
          #expect(abs(product - (first == second ? gain * gain : 0)) < 1e-6 * gain * gain)
        }
      }
      #expect(network.array[layer.biasOffset..<layer.biasOffset + layer.outputSize].allSatisfy { $0 == 0 })
    }
    #expect(throws: NetworkError.wrongCount(what: "list of gains", expected: 5, actual: 1)) {
      try network.initializeOrthogonally(gains: [1], using: &generator)
    }
  }

  @Test("orthogonal matrices for a picture are there within seconds", .timeLimit(.minutes(20)))
  func wide() throws {
    let network = try MLP(sizes: [84 * 84 * 4, 256, 2])
    var generator = TestGenerator(state: 4)
    let start = ContinuousClock.now
    network.initializeOrthogonally(outputGain: 0.01, using: &generator)
    // It was 14 s, and is half a second where nothing else runs.
    #expect(start.duration(to: .now) < .seconds(12))
  }

  @Test("the same seed gives the same network, another seed another")
  func seeded() throws {
    func network(seed: UInt64) throws -> [Float] {
      let network = try MLP(sizes: [4, 8, 2])
      var generator = TestGenerator(state: seed)
      network.initializeOrthogonally(outputGain: 1, using: &generator)
      return network.array
    }
    #expect(try bits(network(seed: 1)) == bits(network(seed: 1)))
    #expect(try bits(network(seed: 1)) != bits(network(seed: 2)))
  }

  @Test("a linear network is laid out as weights by output row, then biases")
  func layout() throws {
    let network = try MLP(sizes: [2, 3])
    try network.load([1, 2, 3, 4, 5, 6, 10, 20, 30])
    let output = network.outputs([1, 100])
    #expect(output == [211, 423, 635])
    #expect(network.array == [1, 2, 3, 4, 5, 6, 10, 20, 30])
  }

  @Test(
    "sizes that cannot be built are refused before anything is allocated",
    arguments: [[], [4], [4, 0, 2], [4, -1, 2], [1 << 20, 1 << 20], [Int.max, 2], [1, Int.max, 1]]
  )
  func unusableSizes(sizes: [Int]) {
    #expect(throws: NetworkError.self) { try MLP(sizes: sizes) }
  }

  @Test("numbers of the wrong count or not finite are refused and change nothing")
  func loading() throws {
    let network = try MLP(sizes: [2, 1])
    try network.load([1, 2, 3])
    #expect(throws: NetworkError.wrongCount(what: "network", expected: 3, actual: 2)) { try network.load([1, 2]) }
    #expect(throws: NetworkError.notFinite(what: "network", index: 1)) { try network.load([1, .infinity, 3]) }
    #expect(throws: NetworkError.self) { try network.parameters.load([1, 2, .nan]) }
    #expect(network.array == [1, 2, 3])
  }

  @Test("every error is a sentence that says what was expected")
  func sentences() {
    let errors: [NetworkError] = [
      .unusableSizes([4], reason: "why"), .wrongCount(what: "x", expected: 1, actual: 2),
      .wrongOptimizer(expected: "adam", actual: "sgd"), .notFinite(what: "x", index: 3),
    ]
    for error in errors {
      #expect(error.description.hasSuffix("."))
      #expect(error.description.split(separator: " ").count > 6)
    }
  }
}
