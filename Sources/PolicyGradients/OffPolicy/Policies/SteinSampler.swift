/// Amortised Stein variational gradient: how particles move so that they come to be distributed as exp(Q/α).
///
///     Δf(ξ) = E_a[ κ(a, f(ξ)) ∇_a Q(o, a)/α + ∇_a κ(a, f(ξ)) ],  κ(a, b) = exp(-|a - b|²/h),  h = med² / ln(M + 1)
///
/// Liu & Wang 2016 (arXiv 1608.04471); Haarnoja et al. 2017 (arXiv 1702.08165), equation 13. The median is that of the
/// distances between the M particles.
public struct SteinSampler {
  let particles: Int
  let width: Int
  private let distances: Memory<Float>

  /// Prepares for so many particles of so many numbers.
  public init(particles: Int, width: Int) {
    (self.particles, self.width) = (particles, width)
    distances = Memory(count: particles * particles, filledWith: 0)
  }

  /// Writes Δ of each of the M particles of one observation.
  ///
  /// - Parameters:
  ///   - actions: the particles, M × width.
  ///   - scores: ∇_a Q/α at each particle, M × width.
  ///   - moves: receives M × width.
  public func moves(
    _ actions: UnsafePointer<Float>, scores: UnsafePointer<Float>,
    into moves: UnsafeMutablePointer<Float>
  ) {
    let count = particles
    var pairs = 0
    for one in 0..<count {
      for other in 0..<one {
        var square: Float = 0
        for index in 0..<width {
          let difference = actions[one * width + index] - actions[other * width + index]
          square += difference * difference
        }
        distances[pairs] = square
        pairs += 1
      }
    }
    // The square is monotonic, so that the median of squares is the square of the median.
    let bandwidth = max(Self.median(distances.pointer, pairs) / logarithm(Float(count + 1)), 1e-6)
    moves.update(repeating: 0, count: count * width)
    for target in 0..<count {
      for source in 0..<count {
        var square: Float = 0
        for index in 0..<width {
          let difference = actions[source * width + index] - actions[target * width + index]
          square += difference * difference
        }
        let kernel = exponential(-square / bandwidth)
        for index in 0..<width {
          let difference = actions[source * width + index] - actions[target * width + index]
          // ∇ of κ with respect to the source particle: -2 (a - b) κ / h, which pushes particles apart.
          moves[target * width + index] +=
            kernel * (scores[source * width + index] - 2 * difference / bandwidth) / Float(count)
        }
      }
    }
  }

  /// The middle of some numbers, which are put into another order (Hoare's selection).
  private static func median(_ numbers: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
    guard count > 0 else { return 1 }
    let wanted = count / 2
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = numbers[(low + high) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while numbers[left] < pivot { left += 1 }
        while numbers[right] > pivot { right -= 1 }
        guard left <= right else { break }
        (numbers[left], numbers[right]) = (numbers[right], numbers[left])
        (left, right) = (left + 1, right - 1)
      }
      if wanted <= right { high = right } else if wanted >= left { low = left } else { break }
    }
    return numbers[wanted]
  }
}
