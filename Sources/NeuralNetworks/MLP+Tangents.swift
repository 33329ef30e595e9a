import Kernels

extension MLP {
  /// J·v: how fast the outputs change where the parameters move along a direction v, by a forward pass of tangents.
  ///
  /// It belongs to the latest forward pass through `activations`, and `input` is what was put forward. The result, rows ×
  /// outputSize, lives in `workspace` until the next pass through it. ẏ = W ẋ + V x + v_b, layer after layer.
  ///
  /// - Parameter direction: a number for each of ``parameters``, of which this network reads its own.
  public func tangents(
    along direction: UnsafePointer<Float>,
    input: UnsafePointer<Float>,
    _ activations: Activations,
    _ workspace: Tangents
  ) -> UnsafePointer<Float> {
    let rows = activations.rows
    workspace.prepare(for: self, rows: rows)
    let own = direction + offset
    for (index, layer) in layers.enumerated() {
      let layerInput = index == 0 ? input : UnsafePointer(activations.output(index - 1))
      let tangent = workspace.output(index)
      Kernel.affine(
        layerInput, rows: rows, inputSize: layer.inputSize, weights: own + layer.offset, bias: own + layer.biasOffset,
        outputSize: layer.outputSize, into: tangent)
      let count = rows * layer.outputSize
      if index > 0 {
        Kernel.affine(
          workspace.output(index - 1), rows: rows, inputSize: layer.inputSize,
          weights: parameters.valuePointer + offset + layer.offset, bias: workspace.zeros,
          outputSize: layer.outputSize, into: workspace.part)
        Kernel.accumulate(1, times: workspace.part, count: count, into: tangent)
      }
      if index < layers.count - 1 {
        activation.backpropagate(tangent, output: activations.output(index), count: count)
      }
    }
    return UnsafePointer(workspace.output(layers.count - 1))
  }
}
