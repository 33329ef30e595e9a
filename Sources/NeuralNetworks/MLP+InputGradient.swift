import Kernels

extension MLP {
  /// ∂loss/∂input of the latest forward pass through `activations`, without the gradients of the parameters.
  ///
  /// What a policy needs of a critic: ∂Q/∂a. `outputGradient` is rows × outputSize, as many rows as were put forward;
  /// `inputGradient` receives rows × columns.count, the inputs of `columns` or, without it, all of them.
  public func inputGradient(
    _ outputGradient: UnsafePointer<Float>, _ activations: Activations, columns: Range<Int>? = nil,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    guard activations.rows > 0 else { return }
    var gradient = outputGradient
    for index in layers.indices.dropFirst().reversed() {
      gradient = UnsafePointer(hiddenGradient(below: index, gradient, activations))
    }
    Kernel.affineInputGradient(
      gradient, rows: activations.rows, outputSize: layers[0].outputSize, weights: values(layers[0].offset),
      inputSize: inputSize, columns: columns ?? 0..<inputSize, into: inputGradient)
  }

  /// The outputs of the latest forward pass through `activations`, rows × outputSize.
  public func outputs(of activations: Activations) -> UnsafeMutablePointer<Float> {
    activations.output(layers.count - 1)
  }
}
