import ClassicControl
import Environments

extension CartPoleState {
  init(_ numbers: [Double]) {
    self.init(position: numbers[0], velocity: numbers[1], angle: numbers[2], angularVelocity: numbers[3])
  }

  var numbers: [Double] { [position, velocity, angle, angularVelocity] }

  /// The option that starts an episode here.
  var option: [String: PlainValue] { ["state": .list(numbers.map { .number($0) })] }
}

/// The greatest difference between numbers in the same place.
func greatestDifference<Number: BinaryFloatingPoint>(_ left: [Number], _ right: [Number]) -> Number {
  zip(left, right).map { abs($0 - $1) }.max() ?? .infinity
}

/// Whether whole recorded episodes can come out bit for bit: only with the sine and cosine of the recording, since one
/// unit in the last place grows to a radian within an episode. See Golden/README.md.
#if arch(x86_64) && canImport(Glibc)
  let hasRecordedSineAndCosine = true
#else
  let hasRecordedSineAndCosine = false
#endif
