import Kernels

/// Everything that one optimiser trains: a flat buffer of values and a flat buffer of their gradients.
///
/// Networks and free parameters (such as the log standard deviations of a Gaussian policy) live side by side in it, each at
/// its own offset; `values` and `gradients` are valid as long as this object.
public final class Parameters {
  /// The number of parameters.
  public let count: Int
  /// The parameters θ.
  public let values: UnsafeMutableBufferPointer<Float>
  /// The gradient of the loss with respect to θ, which backward passes add to.
  public let gradients: UnsafeMutableBufferPointer<Float>

  private let valueStorage: FloatStorage
  private let gradientStorage: FloatStorage

  /// Makes `count` parameters, all zero.
  public init(count: Int) {
    self.count = count
    valueStorage = FloatStorage(count: count)
    gradientStorage = FloatStorage(count: count)
    values = UnsafeMutableBufferPointer(start: valueStorage.pointer, count: count)
    gradients = UnsafeMutableBufferPointer(start: gradientStorage.pointer, count: count)
  }

  var valuePointer: UnsafeMutablePointer<Float> { valueStorage.pointer }
  var gradientPointer: UnsafeMutablePointer<Float> { gradientStorage.pointer }

  /// Sets every gradient to zero, before the backward passes of a new loss.
  public func zeroGradients() {
    gradientStorage.pointer.update(repeating: 0, count: count)
  }

  /// The Euclidean norm of the gradient.
  public var gradientNorm: Double {
    Kernel.norm(gradientStorage.pointer, count: count)
  }

  /// Scales the gradient so that its norm is at most `maximum`, and returns the norm that it had.
  ///
  /// The factor is Torch's, maximum / (norm + 1e-6), applied when below 1.
  @discardableResult
  public func clipGradients(toNorm maximum: Double) -> Double {
    let norm = gradientNorm
    let factor = maximum / (norm + 1e-6)
    if factor < 1 {
      Kernel.scale(gradientStorage.pointer, by: Float(factor), count: count)
    }
    return norm
  }

  /// Moves the values along a direction: θ ← θ + α d.
  public func move(along direction: UnsafePointer<Float>, by length: Double) {
    Kernel.accumulate(Float(length), times: direction, count: count, into: valueStorage.pointer)
  }

  /// A copy of the values, for a checkpoint or a policy file.
  public var array: [Float] { valueStorage.array }

  /// Replaces the values by `numbers`, which must be `count` finite numbers.
  public func load(_ numbers: [Float]) throws(NetworkError) {
    try valueStorage.load(numbers, what: "parameters")
  }
}
