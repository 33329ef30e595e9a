import NeuralNetworks
import Testing

@Suite("A network that is frozen")
struct FrozenNetworkTests {
  @Test(
    "gives the same bits, and others once it has thawed or has taken new numbers",
    arguments: [[4, 64, 64, 2], [3, 5, 1], [200, 130, 33], [2, 7]])
  func bitsAndNumbers(sizes: [Int]) throws {
    var generator = TestGenerator(state: 5)
    let network = try MLP(sizes: sizes, activation: .tanh)
    for _ in 0..<2 {
      try network.load(generator.floats(network.parameterCount))
      for rows in [1, 2, 5, 97] {
        let input = generator.floats(rows * sizes[0])
        let expected = network.outputs(input)
        network.freeze()
        #expect(bits(network.outputs(input)) == bits(expected))
        network.parameters.values[0] += 1
        network.thaw()
        #expect(bits(network.outputs(input)) != bits(expected))
        network.freeze()
        try network.load(generator.floats(network.parameterCount))
      }
      network.freeze()
    }
  }
}
