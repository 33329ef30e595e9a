import CText
import JSONLines
import Testing

@Suite("The loop that reads floats against the reader of single ones, with all instructions that this processor has")
struct FloatLoopTests {
  static let vectorized = Instructions.available.filter { $0 != .portable }

  /// What the loop reads of a text that ends at `end`, and where it stops.
  static func read(
    _ text: [UInt8], end: Int, count: Int, _ instructions: Instructions
  ) -> (values: [Float], position: Int) {
    // One more, which must stay as it is.
    var values = [Float](repeating: -77, count: count + 1)
    var found = 0
    var position = 0
    text.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return }
      var cursor: UnsafePointer<UInt8>? = start
      found = ctext_read_floats(&cursor, start + end, &values, count, instructions.inC)
      if let cursor { position = cursor - start }
    }
    #expect(values[count] == -77)
    return (Array(values[..<found]), position)
  }

  /// Whether an element is for the loop, by the letter of its contract.
  static func isPlain(_ element: Substring) -> Bool {
    let parts = element.dropFirst(element.hasPrefix("-") ? 1 : 0).utf8.split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let areDigits = parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
    let hasLeadingZero = parts[0].count > 1 && parts[0].first == UInt8(ascii: "0")
    return element.utf8.count <= 15 && parts.count <= 2 && areDigits && !hasLeadingZero
  }

  /// What the loop is to read: the plain elements before the first other one, as the reader of single floats does.
  static func expected(_ text: Substring, count: Int) throws -> (values: [Float], position: Int) {
    var values: [Float] = []
    var position = 0
    var rest = text
    while values.count < count, let end = rest.firstIndex(where: { $0 == "," || $0 == "]" }), isPlain(rest[..<end]) {
      if !values.isEmpty { position += 1 }
      position += rest[..<end].utf8.count
      values.append(try scan(String(rest[..<end])) { try $0.readFloat() })
      if rest[end] == "]" { break }
      rest = rest[rest.index(after: end)...]
    }
    return (values, position)
  }

  static func check(_ text: String, end: Int, count: Int) throws {
    let bytes = Array(text.utf8)
    let expected = try expected(text.prefix(end), count: count)
    for instructions in vectorized {
      let found = read(bytes, end: end, count: count, instructions)
      let isSame = zip(found.values, expected.values).allSatisfy { $0.bitPattern == $1.bitPattern }
      let isAll = found.values.count == expected.values.count && found.position == expected.position
      #expect(isSame && isAll, "\(instructions), \(count) of \(text.prefix(end)): \(found), not \(expected)")
    }
  }

  static func digits(_ count: Int, using generator: inout Generator) -> String {
    String((0..<count).map { _ in "0123456789".randomElement(using: &generator) ?? "0" })
  }

  /// A plain decimal of 1 to 15 characters, or now and then something like one.
  static func element(oddities: Int, using generator: inout Generator) -> String {
    let sign = Bool.random(using: &generator) ? "-" : ""
    let whole = Bool.random(using: &generator) ? "0" : String(Int.random(in: 1...99_999_999, using: &generator))
    let fraction = digits(Int.random(in: 1...(14 - whole.count - sign.count), using: &generator), using: &generator)
    let plain = [sign + whole, sign + whole + "." + fraction].randomElement(using: &generator) ?? "0"
    guard oddities > 0, Int.random(in: 0..<100, using: &generator) < oddities else { return plain }
    let longer = digits(Int.random(in: 1...17, using: &generator), using: &generator)
    let odd = [
      "", "-", ".", "-.5", "5.", ".5", "00", "01", "-01.5", "00.5", "1.2.3", "1..2", "--1", "1-2", "1-", "1e5", "1e-05",
      "1.5E+3", "1 ", " 1", "\"NaN\"", "null", "[1", "1]2", "+1", "1/2", "1:", "0x1", "é", "-" + longer, longer,
      "1." + longer, "-0." + longer, "1" + longer + ".5",
    ]
    return odd.randomElement(using: &generator) ?? ""
  }

  @Test("lists of every length and count, ended by a bracket")
  func lists() throws {
    var generator = Generator(seed: 40)
    for length in 0..<200 {
      let list = (0..<length).map { _ in Self.element(oddities: 0, using: &generator) }.joined(separator: ",")
      let text = list + "],1,2,3,4,5]" + String(repeating: " ", count: length % 3 * 50)
      for count in [length, max(0, length - 1), length / 2, length + 5] {
        try Self.check(text, end: text.utf8.count, count: count)
      }
    }
  }

  @Test("lists that are cut at every byte")
  func cutLists() throws {
    var generator = Generator(seed: 41)
    for _ in 0..<3 {
      let text = (0..<40).map { _ in Self.element(oddities: 0, using: &generator) }.joined(separator: ",") + "],7"
      for end in 0...text.utf8.count { try Self.check(text, end: end, count: 40) }
    }
  }

  @Test("lists with elements that are not plain, now and then or often", arguments: [1, 5, 50])
  func oddLists(oddities: Int) throws {
    var generator = Generator(seed: 42)
    for _ in 0..<1500 {
      let length = Int.random(in: 1...100, using: &generator)
      let elements = (0..<length).map { _ in Self.element(oddities: oddities, using: &generator) }
      let text = elements.joined(separator: ",") + "]"
      try Self.check(text, end: text.utf8.count, count: length)
    }
  }

  @Test("every pair of characters inside a list, wherever it stands in a window")
  func strangePairs() throws {
    let characters = Array("0159.,-]e+ /:")
    for before in ["", "0.25,-1,", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,"] {
      for first in characters {
        for second in characters {
          let text = before + "3\(first)\(second)4,0.5,-0.25,1000,2]" + String(repeating: " ", count: 90)
          try Self.check(text, end: text.utf8.count, count: 60)
        }
      }
    }
  }

  @Test("numbers of every number of digits before and behind the point, all alike")
  func everyShape() throws {
    var generator = Generator(seed: 43)
    for whole in 1...17 {
      for fraction in 0...17 {
        for sign in ["", "-"] {
          let elements = (0..<30).map { _ in
            let first = whole == 1 ? "0" : "9"
            let point = fraction == 0 ? "" : "." + Self.digits(fraction, using: &generator)
            return sign + first + Self.digits(whole - 1, using: &generator) + point
          }
          let text = elements.joined(separator: ",") + "]"
          try Self.check(text, end: text.utf8.count, count: 30)
        }
      }
    }
  }
}
