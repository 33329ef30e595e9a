import JSONLines
import Testing

@Suite("Floats and doubles come back from text")
struct FloatRoundTripTests {
  /// The digits of a decimal without sign, point, exponent and the zeros around them.
  static func significantDigits(_ text: some StringProtocol) -> String {
    let digits = text.prefix { $0 != "e" }.filter(\.isNumber)
    return String(digits.trimmingZeros)
  }

  static func readBack(_ value: Float) throws -> Float {
    try scan(written { $0.write(value) }) { try $0.readFloat() }
  }

  static func readBack(_ value: Double) throws -> Double {
    try scan(written { $0.write(value) }) { try $0.readDouble() }
  }

  @Test("random bit patterns of Float, bit for bit, one by one and as an array")
  func randomFloats() throws {
    var generator = Generator(seed: 20)
    var values: [Float] = []
    while values.count < 200_000 {
      let value = Float(bitPattern: UInt32.random(in: .min ... .max, using: &generator))
      if value.isFinite { values.append(value) }
    }
    var writer = JSONWriter()
    values.withUnsafeBufferPointer { writer.write(floats: $0) }
    var back = [Float](repeating: 0, count: values.count)
    var scanner = JSONScanner(writer.bytes)
    try back.withUnsafeMutableBufferPointer { try scanner.readFloats(into: $0) }
    #expect(zip(values, back).allSatisfy { $0.bitPattern == $1.bitPattern })
    #expect(refusal(Array(writer.bytes)) == nil)
    for value in values.prefix(20_000) {
      let text = written { $0.write(value) }
      #expect(try scan(text) { try $0.readFloat() }.bitPattern == value.bitPattern, "\(text)")
      #expect(Float(text)?.bitPattern == value.bitPattern, "\(text)")
      #expect(Self.significantDigits(text) == Self.significantDigits(value.description), "\(text)")
    }
  }

  @Test("every exponent of Float with its extreme significands")
  func edgesOfFloat() throws {
    for exponent in UInt32(0)..<255 {
      for fraction in [0, 1, 2, 0x3F_FFFF, 0x40_0000, 0x7F_FFFE, 0x7F_FFFF] as [UInt32] {
        let value = Float(bitPattern: exponent << 23 | fraction)
        let text = written { $0.write(-value) }
        #expect(try scan(text) { try $0.readFloat() }.bitPattern == (-value).bitPattern, "\(text)")
        #expect(Self.significantDigits(text) == Self.significantDigits(value.description), "\(text)")
        #expect(refusal(text) == nil)
      }
    }
  }

  @Test("random doubles, bit for bit")
  func randomDoubles() throws {
    var generator = Generator(seed: 21)
    for index in 0..<50_000 {
      let random = UInt64.random(in: .min ... .max, using: &generator)
      // Every bit pattern half of the time, and the magnitudes of daily life.
      let value = index % 2 == 0 ? Double(bitPattern: random) : Double(Int64(bitPattern: random)) * 0x1p-60
      guard value.isFinite else { continue }
      let text = written { $0.write(value) }
      #expect(try scan(text) { try $0.readDouble() }.bitPattern == value.bitPattern, "\(text)")
      #expect(Self.significantDigits(text) == Self.significantDigits(value.description), "\(text)")
    }
  }

  @Test("every exponent of Double with its extreme significands")
  func edgesOfDouble() throws {
    for exponent in UInt64(0)..<2047 {
      for fraction in [0, 1, 1 << 51, 1 << 52 - 1] as [UInt64] {
        let value = Double(bitPattern: exponent << 52 | fraction)
        #expect(try Self.readBack(value).bitPattern == value.bitPattern)
        #expect(try Self.readBack(-value).bitPattern == (-value).bitPattern)
      }
    }
  }

  @Test("random decimals are read as the standard library reads them")
  func randomDecimals() throws {
    var generator = Generator(seed: 22)
    for _ in 0..<50_000 {
      let digits = (0..<Int.random(in: 1...22, using: &generator)).map { _ in
        String(Int.random(in: 0...9, using: &generator))
      }.joined()
      let exponent = Int.random(in: -345...310, using: &generator)
      let range = Bool.random(using: &generator) ? -30...30 : -345...(309 - digits.count)
      let text = "\(Int.random(in: 0...9, using: &generator)).\(digits)e\(exponent.clamped(to: range))"
      let expected = try #require(Double(text))
      guard expected.isFinite else { continue }
      #expect(try scan(text) { try $0.readDouble() }.bitPattern == expected.bitPattern, "\(text)")
      guard Float(expected).isFinite else { continue }
      #expect(try scan(text) { try $0.readFloat() }.bitPattern == Float(expected).bitPattern, "\(text)")
    }
  }

  @Test("midpoints between neighbouring doubles go to the even one, and the least digit more goes up")
  func midpoints() throws {
    // 1 + 2^-53, exactly: half-way between 1 and 1 + 2^-52.
    let middle = "1.00000000000000011102230246251565404236316680908203125"
    #expect(try scan(middle) { try $0.readDouble() } == 1)
    #expect(try scan(middle + "e0") { try $0.readDouble() } == 1)
    let zeros = String(repeating: "0", count: 2000)
    #expect(try scan(middle + zeros + "1") { try $0.readDouble() } == 1.0.nextUp)
    #expect(try scan(middle + zeros) { try $0.readDouble() } == 1)
    // 9007199254740993 = 2^53 + 1 lies between two doubles; the same with many spellings.
    for text in ["9007199254740993", "9007199254740993.0", "900719925474099.3e1", "9007199254740993000e-3"] {
      #expect(try scan(text) { try $0.readDouble() } == 9_007_199_254_740_992, "\(text)")
    }
    #expect(try scan("9007199254740993.0000000001") { try $0.readDouble() } == 9_007_199_254_740_994)
    #expect(try scan("9007199254740995") { try $0.readDouble() } == 9_007_199_254_740_996)
    // Half of the least subnormal, and a little more.
    #expect(try scan("2.4703282292062327e-324") { try $0.readDouble() } == 0)
    #expect(try scan("2.4703282292062328e-324") { try $0.readDouble() } == .leastNonzeroMagnitude)
  }

  @Test("a float is the nearest double, converted, even where that rounds twice")
  func floatsRoundTwice() throws {
    // A little above the middle of 1 and its upper neighbour, by less than a double can show: the double is the middle.
    #expect(try scan("1.00000005960464477539062500000000001") { try $0.readFloat() } == 1)
    #expect(try scan("1.0000000596046448") { try $0.readFloat() } == Float(1.0000000596046448 as Double))
  }

  @Test("the one float whose shortest decimal a reader rounds twice gets a digit more")
  func theFloatThatRoundsTwice() throws {
    let value = Float(bitPattern: 0x15AE_43FD)
    #expect(Float("7.038531e-26") == value)
    #expect(Double("7.038531e-26").map { Float($0) } == value.nextUp)
    for value in [value, -value] { #expect(try Self.readBack(value) == value) }
    #expect(written { $0.write(value) } == "7.0385307e-26")
  }

  @Test("digits without end cost time in proportion, and are read rightly")
  func veryLongNumbers() throws {
    let digits = String(repeating: "7", count: 1_000_000)
    #expect(try scan("0." + digits) { try $0.readDouble() } == 7.0 / 9)
    #expect(try scan(digits + "e-1000000") { try $0.readDouble() } == 7.0 / 9)
    #expect(try scan("0." + String(repeating: "0", count: 1_000_000) + "5e1000000") { try $0.readDouble() } == 0.5)
  }
}

extension Collection where Element == Character {
  fileprivate var trimmingZeros: [Character] {
    Array(drop { $0 == "0" }.reversed().drop { $0 == "0" }.reversed())
  }
}

extension Int {
  fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
