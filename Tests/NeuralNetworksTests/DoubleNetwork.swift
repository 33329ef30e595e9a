import NeuralNetworks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A forward pass in Double with plain loops, precise enough for finite differences.
struct DoubleNetwork {
  let sizes: [Int]
  let activation: Activation
  var parameters: [Double]

  init(_ network: MLP) {
    sizes = network.sizes
    activation = network.activation
    parameters = network.array.map(Double.init)
  }

  func output(_ input: [Double]) -> [Double] {
    var values = input
    var offset = 0
    for layer in 1..<sizes.count {
      let (inputSize, outputSize) = (sizes[layer - 1], sizes[layer])
      values = (0..<outputSize).map { unit in
        var total = parameters[offset + inputSize * outputSize + unit]
        for index in 0..<inputSize {
          total += parameters[offset + unit * inputSize + index] * values[index]
        }
        guard layer < sizes.count - 1 else { return total }
        return switch activation {
        case .tanh: tanh(total)
        case .relu: max(total, 0)
        case .identity: total
        }
      }
      offset += (inputSize + 1) * outputSize
    }
    return values
  }
}
