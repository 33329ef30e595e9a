extension MLP {
  /// The number of rows that ``accumulateGradients(_:rows:_:outputGradient:)`` works on at a time, so that a block's
  /// activations stay in the processor's nearest cache.
  public static let blockRows = 96

  /// Adds the gradient of a loss over many rows, block by block: forward, the loss's own gradient, backward.
  ///
  /// For any loss in which a row's ∂loss/∂output depends on that row alone. `outputGradient` is called with a range of
  /// rows, their outputs (range.count × outputSize) and the memory to write ∂loss/∂output to (the same shape); row r of
  /// the batch is row r - range.lowerBound of both. Blocks are always cut at the same rows, and summed in order.
  public func accumulateGradients(
    _ input: UnsafePointer<Float>,
    rows: Int,
    _ activations: Activations,
    outputGradient: (Range<Int>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    accumulateGradients(
      input,
      rows: rows,
      activations,
      into: parameters.gradientPointer + offset,
      outputGradient: outputGradient
    )
  }

  func accumulateGradients(
    _ input: UnsafePointer<Float>,
    rows: Int,
    _ activations: Activations,
    into gradients: UnsafeMutablePointer<Float>,
    outputGradient: (Range<Int>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    var first = 0
    while first < rows, first == 0 || !isInterrupted() {
      let block = first..<Swift.min(first + Self.blockRows, rows)
      let blockInput = input + first * inputSize
      let output = forward(blockInput, rows: block.count, activations)
      let gradient = activations.gradient(layers.count - 1)
      outputGradient(block, UnsafePointer(output), gradient)
      backward(gradient, input: blockInput, activations, into: gradients, inputGradient: nil)
      first = block.upperBound
    }
  }
}
