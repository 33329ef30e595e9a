extension MLP {
  /// Fills each weight matrix with a random orthogonal one times its gain, and the biases with zero.
  ///
  /// Saxe et al. 2014 (arXiv 1312.6120). The rows of a matrix are orthogonal if it has no more rows than columns, else its
  /// columns. `gains` has one number for each layer; the usual ones are √2 for hidden layers, 0.01 for a policy's output
  /// and 1 for a value's.
  public func initializeOrthogonally(
    gains: [Double],
    using generator: inout some RandomNumberGenerator
  ) throws(NetworkError) {
    guard gains.count == layers.count else {
      throw .wrongCount(what: "list of gains", expected: layers.count, actual: gains.count)
    }
    fillOrthogonally(gains: gains, using: &generator)
  }

  /// Fills the hidden layers orthogonally with gain `hiddenGain` and the output layer with gain `outputGain`.
  public func initializeOrthogonally(
    hiddenGain: Double = 2.0.squareRoot(),
    outputGain: Double,
    using generator: inout some RandomNumberGenerator
  ) {
    let gains = Array(repeating: hiddenGain, count: layers.count - 1) + [outputGain]
    fillOrthogonally(gains: gains, using: &generator)
  }

  private func fillOrthogonally(gains: [Double], using generator: inout some RandomNumberGenerator) {
    for (layer, gain) in zip(layers, gains) {
      let isWide = layer.inputSize >= layer.outputSize
      let vectors = orthonormalVectors(
        count: Swift.min(layer.inputSize, layer.outputSize),
        length: Swift.max(layer.inputSize, layer.outputSize),
        using: &generator
      )
      for unit in 0..<layer.outputSize {
        for index in 0..<layer.inputSize {
          let element = isWide ? vectors[unit][index] : vectors[index][unit]
          parameters.values[offset + layer.offset + unit * layer.inputSize + index] = Float(gain * element)
        }
        parameters.values[offset + layer.biasOffset + unit] = 0
      }
    }
  }
}

/// Gram-Schmidt on normal vectors, which makes every orthonormal frame equally likely.
private func orthonormalVectors(
  count: Int,
  length: Int,
  using generator: inout some RandomNumberGenerator
) -> [[Double]] {
  var vectors: [[Double]] = []
  while vectors.count < count {
    var vector = (0..<length).map { _ in generator.standardNormal() }
    // Twice, since once loses digits when the vector was almost in the span of the others.
    for _ in 0..<2 {
      for other in vectors {
        let projection = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
        for index in 0..<length {
          vector[index] -= projection * other[index]
        }
      }
    }
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if norm > 1e-6 {
      vectors.append(vector.map { $0 / norm })
    }
  }
  return vectors
}
