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
      let frame = OrthonormalFrame(
        count: Swift.min(layer.inputSize, layer.outputSize), length: Swift.max(layer.inputSize, layer.outputSize))
      let weights = parameters.valuePointer + offset + layer.offset
      frame.draw(using: &generator) { vector, elements in
        for index in elements.indices {
          weights[isWide ? vector * layer.inputSize + index : index * layer.inputSize + vector] =
            Float(gain * elements[index])
        }
      }
      for unit in 0..<layer.outputSize { parameters.values[offset + layer.biasOffset + unit] = 0 }
    }
  }
}
