import Kernels

/// Solves A·x = b for a symmetric, positive definite A that is known by its products alone.
///
/// Source: M. R. Hestenes and E. Stiefel, "Methods of Conjugate Gradients for Solving Linear Systems" (1952).
public final class ConjugateGradient {
  private let count: Int
  private let solution: Memory<Float>
  private let residual: Memory<Float>
  private let direction: Memory<Float>
  private let product: Memory<Float>

  /// Makes room for systems of `count` equations.
  public init(count: Int) {
    self.count = count
    solution = Memory(count: count, filledWith: 0)
    residual = Memory(count: count, filledWith: 0)
    direction = Memory(count: count, filledWith: 0)
    product = Memory(count: count, filledWith: 0)
  }

  /// Returns x after at most `iterations` steps, or sooner where the residual is 1e-5 of what it was at first.
  ///
  /// `multiply` writes A times its first argument to its second. The result is valid until the next call.
  public func solve(
    _ target: UnsafePointer<Float>, iterations: Int,
    multiply: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> UnsafePointer<Float> {
    let (x, r, p, Ap) = (solution.pointer, residual.pointer, direction.pointer, product.pointer)
    x.update(repeating: 0, count: count)
    r.update(from: target, count: count)
    p.update(from: target, count: count)
    var rr = Kernel.dot(r, r, count: count)
    let goal = 1e-10 * rr
    for _ in 0..<iterations where rr > goal {
      multiply(p, Ap)
      let curvature = Kernel.dot(p, Ap, count: count)
      // Rounding can leave nothing of a direction along which A is nearly 0.
      guard curvature > 0 else { break }
      let step = Float(rr / curvature)
      Kernel.accumulate(step, times: p, count: count, into: x)
      Kernel.accumulate(-step, times: Ap, count: count, into: r)
      let next = Kernel.dot(r, r, count: count)
      Kernel.scale(p, by: Float(next / rr), count: count)
      Kernel.accumulate(1, times: r, count: count, into: p)
      rr = next
    }
    return UnsafePointer(x)
  }
}
