import NeuralNetworks
import Testing

@Suite("A forward pass of tangents")
struct TangentTests {
  @Test("equals central differences of the outputs along the direction", arguments: GradientTests.cases)
  func differences(_ example: GradientTests.Case) throws {
    var generator = TestGenerator(state: 3)
    let network = try MLP(sizes: example.sizes, activation: example.activation)
    network.initializeLikeTorch(using: &generator)
    let input = generator.floats(example.rows * network.inputSize, in: -2...2)
    let direction = generator.floats(network.parameterCount)
    let (activations, workspace) = (Activations(), Tangents())
    defer { withExtendedLifetime((activations, workspace)) {} }
    network.forward(input, rows: example.rows, activations)
    let tangents = network.tangents(along: direction, input: input, activations, workspace)
    var (ahead, behind) = (DoubleNetwork(network), DoubleNetwork(network))
    for (index, change) in direction.enumerated() {
      ahead.parameters[index] += 1e-5 * Double(change)
      behind.parameters[index] -= 1e-5 * Double(change)
    }
    for row in 0..<example.rows {
      let values = input[row * network.inputSize..<(row + 1) * network.inputSize].map(Double.init)
      for (unit, (above, below)) in zip(ahead.output(values), behind.output(values)).enumerated() {
        let expected = (above - below) / 2e-5
        let tangent = Double(tangents[row * network.outputSize + unit])
        #expect(abs(tangent - expected) < 1e-4 * max(1, abs(expected)))
      }
    }
  }

  @Test("reads its own part of a direction, and serves networks of several sizes one after the other")
  func sharedParameters() throws {
    let (small, large) = ([3, 5, 2], [3, 11, 7])
    let first = try MLP.parameterCount(sizes: small)
    let parameters = Parameters(count: first + (try MLP.parameterCount(sizes: large)))
    let networks = [
      try MLP(sizes: small, parameters: parameters), try MLP(sizes: large, parameters: parameters, offset: first),
    ]
    var generator = TestGenerator(state: 4)
    for network in networks { network.initializeLikeTorch(using: &generator) }
    let input = generator.floats(4 * 3)
    let direction = generator.floats(parameters.count)
    let (activations, shared) = (Activations(), Tangents())
    defer { withExtendedLifetime((activations, shared)) {} }
    for network in networks {
      let alone = try MLP(sizes: network.sizes)
      try alone.load(network.array)
      let part = Array(direction[network.offset..<network.offset + network.parameterCount])
      let other = Tangents()
      alone.forward(input, rows: 4, activations)
      let expected = alone.tangents(along: part, input: input, activations, other)
      network.forward(input, rows: 4, activations)
      let tangents = network.tangents(along: direction, input: input, activations, shared)
      for index in 0..<4 * network.outputSize { #expect(tangents[index] == expected[index]) }
      withExtendedLifetime(other) {}
    }
  }
}
