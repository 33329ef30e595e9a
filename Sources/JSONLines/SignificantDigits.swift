/// The digits of a number of any length, without leading and trailing zeros: 0.digits… as an integer · 10^exponent.
///
/// At most 800 digits are kept. No Double and no midpoint between two Doubles has more than 767 significant digits, so
/// of the rest only "not all zero" matters, which one more digit 1 stands for.
struct SignificantDigits {
  static var maximumCount: Int { 800 }

  // Room behind the digits for the exponent that `nearestDouble` writes.
  private let storage: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0
  private(set) var exponent = 0

  /// ASCII digits; none for zero.
  var digits: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: storage[..<count]) }

  /// Calls `body` with the digits of a number, in memory of the stack.
  static func withDigits<Result>(of number: DecimalNumber, _ body: (SignificantDigits) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumCount + 32) { storage in
      body(SignificantDigits(number, storage))
    }
  }

  private init(_ number: DecimalNumber, _ storage: UnsafeMutableBufferPointer<UInt8>) {
    self.storage = storage
    var seen = 0  // digits since the first that is not zero
    var significant = 0  // of these, up to the last that is not zero
    var characters = UnsafeBufferPointer(start: number.first, count: number.last - number.first)[...]
    while let byte = characters.popFirst(), byte | 0x20 != UInt8(ascii: "e") {
      guard byte.isDigit, seen > 0 || byte != UInt8(ascii: "0") else { continue }
      if byte != UInt8(ascii: "0") { significant = seen + 1 }
      if seen < Self.maximumCount { storage[seen] = byte }
      seen += 1
    }
    count = min(significant, Self.maximumCount)
    exponent = number.exponent + (seen - count)
    if significant > count {
      storage[count] = UInt8(ascii: "1")
      count += 1
      exponent -= 1
    }
  }

  /// The nearest Double, by the standard library, which depends on no locale.
  var nearestDouble: Double {
    guard count > 0 else { return 0 }
    var length = count
    func put(_ byte: UInt8) {
      storage[length] = byte
      length += 1
    }
    put(UInt8(ascii: "e"))
    // Far beyond these limits everything is 0 or infinite.
    let limited = min(max(exponent, -9_999), 9_999)
    if limited < 0 { put(UInt8(ascii: "-")) }
    var unit = 1_000
    while unit > 0 {
      put(UInt8(ascii: "0") + UInt8(limited.magnitude / UInt(unit) % 10))
      unit /= 10
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: storage[..<length]), as: UTF8.self)
    return Double(text) ?? .nan
  }
}
