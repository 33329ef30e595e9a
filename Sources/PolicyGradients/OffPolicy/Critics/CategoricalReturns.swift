import Kernels

/// Distributions of the return over evenly spaced atoms, whose logits a critic puts out.
///
/// Bellemare, Dabney & Munos 2017 (arXiv 1707.06887); Barth-Maron et al. 2018 (arXiv 1804.08617).
public struct CategoricalReturns: Sendable {
  /// The number of atoms.
  public let count: Int
  /// The least return.
  public let low: Float
  /// The greatest.
  public let high: Float

  /// Atoms from `low` to `high`, at least two.
  public init(count: Int, low: Double, high: Double) {
    (self.count, self.low, self.high) = (count, Float(low), Float(high))
  }

  /// The distance between two atoms.
  public var spacing: Float { (high - low) / Float(count - 1) }

  /// The return that atom `index` stands for.
  @inline(__always)
  public func atom(_ index: Int) -> Float { low + Float(index) * spacing }

  /// Σ z p(z) of a row of logits.
  public func mean(_ logits: UnsafePointer<Float>) -> Float {
    let greatest = maximum(logits)
    var (sum, weighted): (Float, Float) = (0, 0)
    for index in 0..<count {
      let weight = exponential(logits[index] - greatest)
      sum += weight
      weighted += weight * atom(index)
    }
    return weighted / sum
  }

  /// Adds the distribution of r + γZ to `projection`, which begins at zero: each atom's probability moves to where
  /// r + γz lies between two atoms, in proportion to how near each is; beyond the ends it stays at the end.
  public func project(
    _ logits: UnsafePointer<Float>, reward: Float, discount: Float, into projection: UnsafeMutablePointer<Float>
  ) {
    let greatest = maximum(logits)
    var sum: Float = 0
    for index in 0..<count { sum += exponential(logits[index] - greatest) }
    projection.update(repeating: 0, count: count)
    for index in 0..<count {
      let probability = exponential(logits[index] - greatest) / sum
      let moved = max(low, min(high, reward + discount * atom(index)))
      let position = min(max((moved - low) / spacing, 0), Float(count - 1))
      let below = min(Int(position), count - 2)
      let share = position - Float(below)
      projection[below] += probability * (1 - share)
      projection[below + 1] += probability * share
    }
  }

  /// The cross-entropy -Σ p ln q of a row, q being softmax of `logits`, and the mean of q; writes weight · (q - p).
  func crossEntropy(
    _ logits: UnsafePointer<Float>, target: UnsafePointer<Float>, weight: Float,
    gradient: UnsafeMutablePointer<Float>
  ) -> (entropy: Float, mean: Float) {
    Kernel.logSoftmax(logits, rows: 1, columns: count, into: gradient)
    var (entropy, mean): (Float, Float) = (0, 0)
    for index in 0..<count {
      let probability = exponential(gradient[index])
      entropy -= target[index] * gradient[index]
      mean += probability * atom(index)
      gradient[index] = weight * (probability - target[index])
    }
    return (entropy, mean)
  }

  /// Writes -weight · ∂(Σ z p(z))/∂logits = -weight · p(z) (z - mean), and returns the mean.
  public func meanGradient(
    _ logits: UnsafePointer<Float>, weight: Float, into gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    Kernel.logSoftmax(logits, rows: 1, columns: count, into: gradient)
    var mean: Float = 0
    for index in 0..<count { mean += exponential(gradient[index]) * atom(index) }
    for index in 0..<count { gradient[index] = -weight * exponential(gradient[index]) * (atom(index) - mean) }
    return mean
  }

  private func maximum(_ logits: UnsafePointer<Float>) -> Float {
    var greatest = logits[0]
    for index in 1..<count { greatest = max(greatest, logits[index]) }
    return greatest
  }
}
