/// Carries the numbers of an environment out, to be kept, or back in.
///
/// An environment names each number once, in ``Environment/carryState(_:)``, for both ways. What comes in has been kept by
/// nobody knows whom: it is checked, and nothing is changed unless all of it can be used.
public struct StateCarrier {
  /// What has been carried out so far.
  public private(set) var words: [UInt64] = []
  private var incoming: ArraySlice<UInt64>?

  /// Carries numbers out.
  public init() {}

  /// Carries numbers in.
  public init(_ words: [UInt64]) { incoming = words[...] }

  /// Whether numbers are left that nobody has taken in.
  public var isLeft: Bool { incoming.map { !$0.isEmpty } ?? false }

  /// Carries bits.
  ///
  /// - Throws: `EnvironmentError.invalidValue` where nothing is left to come in.
  public mutating func carry(_ word: inout UInt64) throws(EnvironmentError) {
    guard incoming != nil else { return words.append(word) }
    guard let next = incoming?.popFirst() else { throw .invalidValue("the state is too short") }
    word = next
  }

  /// Carries a number, which has to be finite.
  public mutating func carry(_ number: inout Double) throws(EnvironmentError) {
    var bits = number.bitPattern
    try carry(&bits)
    guard incoming == nil || Double(bitPattern: bits).isFinite else {
      throw .invalidValue("the state has a number that is not finite")
    }
    number = Double(bitPattern: bits)
  }

  /// Carries a number, which has to be finite.
  public mutating func carry(_ number: inout Float) throws(EnvironmentError) {
    var wide = Double(number)
    try carry(&wide)
    guard Double(Float(wide)) == wide else { throw .invalidValue("the state has \(wide), which is no float32") }
    number = Float(wide)
  }

  /// Carries a truth value.
  public mutating func carry(_ flag: inout Bool) throws(EnvironmentError) {
    var number = flag ? 1 : 0
    try carry(&number, in: 0...1)
    flag = number == 1
  }

  /// Carries a count, which has to lie in a range.
  public mutating func carry(_ count: inout Int, in range: ClosedRange<Int>) throws(EnvironmentError) {
    var bits = UInt64(bitPattern: Int64(count))
    try carry(&bits)
    let number = Int(truncatingIfNeeded: bits)
    guard range.contains(number) else {
      throw .invalidValue("the state has \(number) where \(range.lowerBound) to \(range.upperBound) is expected")
    }
    count = number
  }

  /// Carries a generator of random numbers.
  public mutating func carry(_ generator: inout PCG64) throws(EnvironmentError) {
    var words = generator.words
    for index in words.indices { try carry(&words[index]) }
    guard let carried = PCG64(words: words) else {
      throw .invalidValue("the state of the random numbers cannot be used")
    }
    generator = carried
  }
}

extension StateCarrier {
  /// What has been carried out, as text: a name, a colon, and 16 hexadecimal digits for each word.
  func text(named name: String) -> String {
    name + ":"
      + words.map { word in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
      }.joined()
  }

  /// Carries in what ``text(named:)`` wrote.
  ///
  /// - Throws: `EnvironmentError.invalidValue` if the text has another name, or is not written so.
  init(_ text: String, named name: String) throws(EnvironmentError) {
    guard text.hasPrefix(name + ":") else { throw .invalidValue("the state is not one of \(name)") }
    let digits = Array(text.utf8.dropFirst(name.utf8.count + 1))
    var words: [UInt64] = []
    for start in stride(from: 0, to: digits.count, by: 16) {
      let end = min(start + 16, digits.count)
      guard end - start == 16, digits[start] != UInt8(ascii: "+"),
        let word = UInt64(String(decoding: digits[start..<end], as: UTF8.self), radix: 16)
      else { throw .invalidValue("the state is not written in groups of 16 hexadecimal digits") }
      words.append(word)
    }
    self.init(words)
  }
}
