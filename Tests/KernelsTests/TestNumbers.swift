import Kernels

/// SplitMix64 (Steele, Lea & Flood 2014), so that the tests see the same numbers each time.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// The largest absolute difference between two arrays, NaN if any is NaN.
func largestDifference(_ left: [Float], _ right: [Float]) -> Float {
  zip(left, right).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN || difference > largest ? difference : largest
  }
}

func bits(_ numbers: some Sequence<Float>) -> [UInt32] {
  numbers.map(\.bitPattern)
}

extension KernelVariant {
  /// Those that this processor runs.
  static let available = allCases.filter(\.isAvailable)
}
