import Kernels

/// The gradients of one ``Parameters`` while two halves of the rows add to them at the same time.
public final class HalvedGradients {
  private let parameters: Parameters
  private let second: FloatStorage

  /// Makes room for a second gradient of `parameters`.
  public init(of parameters: Parameters) {
    self.parameters = parameters
    second = FloatStorage(count: parameters.count)
  }

  /// Sets both to zero.
  public func zero() {
    parameters.zeroGradients()
    second.pointer.update(repeating: 0, count: parameters.count)
  }

  /// Where half 0 or 1 adds its gradient.
  public func pointer(_ half: Int) -> UnsafeMutablePointer<Float> {
    half == 0 ? parameters.gradientPointer : second.pointer
  }

  /// Adds the second half's gradient to the parameters' own.
  public func join() {
    Kernel.accumulate(1, times: second.pointer, count: parameters.count, into: parameters.gradientPointer)
  }
}
