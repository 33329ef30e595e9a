import NeuralNetworks

extension PolicyNetwork {
  /// J·v: how fast the distributions' parameters change where the policy's own move along a direction v.
  ///
  /// It belongs to the latest forward pass through `workspace`, of as many rows. The result is rows × parameterCount and
  /// lives in `tangents`.
  func tangents(
    along direction: UnsafePointer<Float>, _ observations: UnsafePointer<Float>, rows: Int,
    _ workspace: PolicyWorkspace, _ tangents: PolicyTangents
  ) -> UnsafePointer<Float> {
    let output = main.tangents(along: direction, input: observations, workspace.main, tangents.main)
    guard !sigmaColumns.isEmpty else { return output }
    let sigma = sigmaNetwork?.tangents(along: direction, input: observations, workspace.sigma, tangents.sigma)
    let free = direction + parameters.count - sigmaColumns.count
    let width = distribution.parameterCount
    tangents.assembled.reserve(rows * width)
    let assembled = tangents.assembled.pointer
    for row in 0..<rows {
      for (index, column) in mainColumns.enumerated() {
        assembled[row * width + column] = output[row * mainColumns.count + index]
      }
      for (index, column) in sigmaColumns.enumerated() {
        assembled[row * width + column] = sigma.map { $0[row * sigmaColumns.count + index] } ?? free[index]
      }
    }
    return UnsafePointer(assembled)
  }
}

/// The reusable memory of a policy's passes of tangents.
final class PolicyTangents {
  let main = Tangents()
  let sigma = Tangents()
  let assembled = Memory<Float>(filledWith: 0)
}
