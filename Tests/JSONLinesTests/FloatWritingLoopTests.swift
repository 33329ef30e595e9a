import CText
import JSONLines
import Testing

@Suite("The loop that writes floats against the writer of single ones, with all instructions that this processor has")
struct FloatWritingLoopTests {
  /// What the loop makes of values, and of how many.
  static func write(_ values: [Float], _ instructions: Instructions) -> (text: String, count: Int) {
    var target = [UInt8](repeating: 0xEE, count: values.count * 20 + 16 + 8)
    var count = 0
    var length = 0
    target.withUnsafeMutableBufferPointer { target in
      var end: UnsafeMutablePointer<UInt8>?
      count = ctext_write_floats(values, values.count, target.baseAddress, &end, instructions.inC)
      if let start = target.baseAddress, let end { length = end - start }
    }
    #expect(target.suffix(8).allSatisfy { $0 == 0xEE })
    return (String(decoding: target[..<length], as: UTF8.self), count)
  }

  static func check(_ values: [Float]) {
    let usual = values.prefix { $0.magnitude >= 1e-4 && $0.magnitude < 1e8 }
    let expected = usual.map { value in written { $0.write(value) } }.joined(separator: ",")
    for instructions in Instructions.available {
      let found = write(values, instructions)
      #expect(found.count == usual.count && found.text == expected, "\(instructions), \(values)")
    }
  }

  @Test("lists of every length, with values of every magnitude")
  func lists() {
    var generator = Generator(seed: 60)
    for length in 0..<200 {
      Self.check(Self.values(length, &generator))
    }
  }

  @Test("lists that have zeros, tiny, huge and other values that are not for the loop")
  func oddLists() {
    var generator = Generator(seed: 61)
    for length in 1..<200 {
      var values = Self.values(length, &generator)
      let odd: [Float] = [0, -0, 9.999e-5, 1e8, .infinity, -.infinity, .nan, .leastNonzeroMagnitude]
      values[Int.random(in: 0..<length, using: &generator)] = odd.randomElement(using: &generator) ?? 0
      Self.check(values)
    }
  }

  @Test("values of one to nine digits at every exponent")
  func everyShape() {
    for digits in 1...9 {
      for exponent in -4...7 {
        // Nines may become a power of ten, ones do not.
        let texts = ["9", "1"].map { "\(String(repeating: $0, count: digits))e\(exponent - digits + 1)" }
        let values = texts.compactMap { Float($0) }
        Self.check(values + values.map { -$0 })
      }
    }
  }

  /// Values of either sign with random bits, whose digits are mostly eight or nine, and short ones in between.
  private static func values(_ length: Int, _ generator: inout Generator) -> [Float] {
    let bits = Float(1e-4).bitPattern..<Float(1e8).bitPattern
    return (0..<length).map { index in
      let any = Float(bitPattern: UInt32.random(in: bits, using: &generator))
      let short = Float(Int.random(in: 1...9999, using: &generator)) / 1000
      let value = index % 3 == 0 ? short : any
      return Bool.random(using: &generator) ? -value : value
    }
  }
}
