import Environments
import Testing

/// IEEE 754 binary16, all 65,536 of its bit patterns.
@Suite("float16 is converted exactly")
struct HalfPrecisionTests {
  private let array = FlatArray(.float16, count: 1)
  private var bits: UnsafeMutableBufferPointer<UInt16> { array.numbers(as: UInt16.self) }

  private func value(_ pattern: UInt16) -> Double {
    bits[0] = pattern
    return array.double(at: 0)
  }

  private func pattern(_ value: Double) -> UInt16 {
    array.set(value, at: 0)
    return bits[0]
  }

  @Test("every pattern has the value of the standard's formula")
  func values() {
    for pattern in 0...UInt16.max {
      let sign: Double = pattern >> 15 == 0 ? 1 : -1
      let exponent = Int(pattern >> 10 & 31)
      let fraction = Double(pattern & 1023) / 1024
      let power = Double(sign: .plus, exponent: max(exponent, 1) - 15, significand: 1)
      switch (exponent, fraction) {
      case (31, 0): #expect(value(pattern) == sign * .infinity)
      case (31, _): #expect(value(pattern).isNaN)
      default: #expect(value(pattern) == sign * power * (exponent == 0 ? fraction : 1 + fraction))
      }
    }
    #expect(value(0x8000).sign == .minus)
  }

  @Test("every finite or infinite pattern comes back from its value")
  func roundTrip() {
    for pattern in 0...UInt16.max where !value(pattern).isNaN {
      #expect(self.pattern(value(pattern)) == pattern)
    }
    #expect(value(pattern(.nan)).isNaN)
  }

  @Test("between neighbours the nearer one is taken, and of two equally near ones the even one")
  func rounding() {
    for low in 0..<UInt16(0x7BFF) {
      let (below, above) = (value(low), value(low + 1))
      let middle = (below + above) / 2
      #expect(pattern(middle.nextDown) == low)
      #expect(pattern(middle.nextUp) == low + 1)
      #expect(pattern(middle) == (low % 2 == 0 ? low : low + 1))
      #expect(pattern(-middle) == (low % 2 == 0 ? low : low + 1) | 0x8000)
    }
  }

  @Test("what rounds beyond the greatest number is infinite, what rounds below the least is zero")
  func ends() {
    #expect(pattern((65520.0).nextDown) == 0x7BFF)
    #expect(pattern(65520) == 0x7C00)
    #expect(pattern(-.greatestFiniteMagnitude) == 0xFC00)
    #expect(pattern(0x1p-25) == 0)
    #expect(pattern((0x1p-25).nextUp) == 1)
    #expect(pattern(-.leastNonzeroMagnitude) == 0x8000)
  }
}
