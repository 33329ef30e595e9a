/// One dense layer of a network: its sizes and where its numbers are.
///
/// The weights are row-major, outputSize × inputSize, at `offset`; the outputSize biases follow at `biasOffset`. Offsets
/// count from the start of the network's own numbers.
public struct LayerShape: Equatable, Sendable {
  /// The number of inputs of each unit.
  public let inputSize: Int
  /// The number of units.
  public let outputSize: Int
  /// Where the weights begin.
  public let offset: Int

  /// The number of weights.
  public var weightCount: Int { inputSize * outputSize }
  /// Where the biases begin.
  public var biasOffset: Int { offset + weightCount }
  /// The number of weights and biases.
  public var parameterCount: Int { weightCount + outputSize }
}

/// The most parameters that a network may have: with its gradients and the optimiser's state they take half a gigabyte.
public let largestParameterCount = 1 << 25

/// The layers between consecutive `sizes`, or an error if these cannot be built.
func layerShapes(_ sizes: [Int]) throws(NetworkError) -> [LayerShape] {
  guard sizes.count >= 2 else {
    throw .unusableSizes(sizes, reason: "at least an input and an output size are needed")
  }
  guard sizes.allSatisfy({ $0 > 0 }) else {
    throw .unusableSizes(sizes, reason: "each size must be at least 1")
  }
  var layers: [LayerShape] = []
  var offset = 0
  for (inputSize, outputSize) in zip(sizes, sizes.dropFirst()) {
    let (weights, overflow) = inputSize.multipliedReportingOverflow(by: outputSize)
    guard !overflow, weights <= largestParameterCount, outputSize <= largestParameterCount,
      offset + weights + outputSize <= largestParameterCount
    else {
      throw .unusableSizes(sizes, reason: "more than \(largestParameterCount) parameters")
    }
    layers.append(LayerShape(inputSize: inputSize, outputSize: outputSize, offset: offset))
    offset += weights + outputSize
  }
  return layers
}
