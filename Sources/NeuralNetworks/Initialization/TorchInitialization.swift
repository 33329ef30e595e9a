extension MLP {
  /// Fills weights and biases as Torch's `nn.Linear` does by default: uniform within ±1/√fanIn.
  ///
  /// That is He et al. 2015 (arXiv 1502.01852), equation 10, with the slope a = √5 that Torch passes.
  public func initializeLikeTorch(using generator: inout some RandomNumberGenerator) {
    for layer in layers {
      let bound = 1 / Double(layer.inputSize).squareRoot()
      for index in layer.offset..<layer.offset + layer.parameterCount {
        let number = Float((2 * generator.unitUniform() - 1) * bound)
        parameters.values[offset + index] = number
      }
    }
  }
}
