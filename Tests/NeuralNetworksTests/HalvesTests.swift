import NeuralNetworks
import Testing

@Suite("A job in two halves of its rows")
struct HalvesTests {
  @Test("has the same bits in one piece, with a helper and without, frozen or not", arguments: [1, 63, 64, 100, 257])
  func sameBits(rows: Int) throws {
    let network = try network()
    var generator = TestGenerator(state: UInt64(rows))
    let input = generator.floats(rows * 4)
    let expected = network.outputs(input)
    for helper in [nil, HelperThread()] {
      for networks in [[], [network]] {
        #expect(bits(outputs(network, input, Halves(helper: helper), networks)) == bits(expected))
      }
    }
  }

  @Test("sees what has become of the weights since the job before")
  func networksThaw() throws {
    let network = try network()
    let input = [Float](repeating: 1, count: 400)
    let halves = Halves(helper: nil)
    let before = outputs(network, input, halves, [network])
    for index in 0..<network.parameterCount { network.parameters.values[index] *= 2 }
    let expected = network.outputs(input)
    #expect(bits(expected) != bits(before))
    #expect(bits(outputs(network, input, halves, [network])) == bits(expected))
  }

  private func network() throws -> MLP {
    var generator = TestGenerator(state: 1)
    let network = try MLP(sizes: [4, 64, 64, 2], activation: .relu)
    network.initializeLikeTorch(using: &generator)
    return network
  }

  private func outputs(_ network: MLP, _ input: [Float], _ halves: Halves, _ networks: [MLP]) -> [Float] {
    let rows = input.count / 4
    let results = UnsafeMutableBufferPointer<Float>.allocate(capacity: rows * 2)
    defer { results.deallocate() }
    let workspaces = [Activations(), Activations()]
    input.withUnsafeBufferPointer { numbers in
      guard let start = numbers.baseAddress, let target = results.baseAddress else { return }
      halves.run(rows: rows, networks: networks) { half, range in
        let output = network.forward(start + range.lowerBound * 4, rows: range.count, workspaces[half])
        (target + range.lowerBound * 2).update(from: output, count: range.count * 2)
      }
    }
    return Array(results)
  }
}
