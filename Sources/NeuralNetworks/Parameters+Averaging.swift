import Kernels

extension Parameters {
  /// θ ← θ + τ (θ′ - θ): the slow copy that a target network is, after Polyak.
  ///
  /// With τ = 1 it is an exact copy. `source` must have as many parameters.
  public func move(towards source: Parameters, rate: Float) {
    precondition(source.count == count, "a target has as many parameters as what it follows")
    if rate == 1 {
      valuePointer.update(from: source.valuePointer, count: count)
    } else {
      Kernel.move(valuePointer, towards: source.valuePointer, rate: rate, count: count)
    }
  }
}
