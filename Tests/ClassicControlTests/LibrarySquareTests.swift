import Environments
import Foundation
import Testing

@testable import ClassicControl

@Suite("x ** 2 as Gymnasium computes it")
struct LibrarySquareTests {
  // Not a constant, for which compilers put x * x.
  private let two = [2.0, 3.0].min() ?? 0

  @Test("every square has the bits of the library's power, those that are not x * x too")
  func doubles() {
    var generator = PCG64(seed: 7)
    var unlike = 0
    for exponent in [0, -1, 1, 3, -20, 40, -449, -450, -500, 449, 450, 511] {
      for _ in 0..<20_000 {
        let x = (1 + generator.uniform(0, 1)) * (generator.uniform(0, 1) < 0.5 ? -1 : 1) * exp2(Double(exponent))
        let expected = pow(x, two)
        if expected != x * x { unlike += 1 }
        #expect(librarySquare(x).bitPattern == expected.bitPattern, "\(x)")
      }
    }
    #if canImport(Glibc)
      #expect(unlike > 0)
    #endif
  }

  @Test("so has every square of a float")
  func floats() {
    var generator = PCG64(seed: 8)
    for exponent in [0, -1, 1, 3, -20, 40, -49, -50, -70, 49, 50, 63] {
      for _ in 0..<20_000 {
        let x = Float(1 + generator.uniform(0, 1)) * Float(exp2(Double(exponent)))
        #expect(librarySquare(x).bitPattern == powf(x, Float(two)).bitPattern, "\(x)")
      }
    }
  }

  @Test(
    "zero, powers of two, infinities, and numbers at both ends of the range",
    arguments: [
      0, -0.0, 1, 2, -4, 0.5, .infinity, -.infinity, .leastNonzeroMagnitude, .leastNormalMagnitude, 1.5e-162,
      .greatestFiniteMagnitude, 1.34e154,
    ])
  func ends(x: Double) {
    #expect(librarySquare(x).bitPattern == pow(x, two).bitPattern)
    #expect(librarySquare(Float(x)).bitPattern == powf(Float(x), Float(two)).bitPattern)
  }
}
