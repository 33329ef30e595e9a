import Environments

/// Spoils texts that look like JSON, in ways that parsers and those who believe numbers stumble over.
struct Mutator {
  private var generator: PCG64
  private let material: [[UInt8]]

  /// - Parameter material: texts that pieces are taken from.
  init(seed: UInt64, stream: UInt32 = 0, material: [[UInt8]]) {
    generator = PCG64(seed: seed, stream: stream)
    self.material = material
  }

  private static let values = [
    "0", "-0", "1", "-1", "1.0", "1e0", "0.5", "1e400", "-1e400", "1e-400", "9007199254740991", "9007199254740992",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "123456789012345678901234567890", "2147483647", "2147483648", "-2147483649", "4294967295",
    "65536", "16777216", "1000000000", "1e39", "null", "true", "false", "[]", "{}", "\"\"", "\"NaN\"", "\"Infinity\"",
    "NaN", "[1]", "[[0]]", "{\"b64\":\"\"}", "{\"b64\":\"AAAA\"}", "\"\\u0000\"", "\"\\ud83d\\ude00\"",
    "\"\\ud800\"", "01", "+1", "--1", "1.", ".5", "0x10", "\"id\"", "{\"id\":1}",
  ].map { Array($0.utf8) }
  private static let bytes: [UInt8] =
    Array("\"\\{}[]:,0123456789-+.eE tfn\t\r/'".utf8) + [0, 1, 0x1B, 0x7F, 0x80, 0xC0, 0xED, 0xF5, 0xFF]
  private static let pieces = [
    "\u{FEFF}", "\u{2028}", "\u{85}", "\\u0022", "\\", "\"", "{\"", "\":", ",,", "}}", "]]", "/*", "//", "\u{1B}[31m",
    "\\u001b[31m",
    "\u{202E}", "\u{0}", "%s%n", "é", "🎈",
  ].map { Array($0.utf8) }

  /// A number from 0 up to and not including `count`.
  mutating func index(_ count: Int) -> Int { count < 2 ? 0 : Int.random(in: 0..<count, using: &generator) }

  mutating func happens(oneIn count: Int) -> Bool { index(count) == 0 }

  /// One of some things, of which there is at least one.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[index(elements.count)] }

  /// A number from 0 to 1.
  mutating func uniform() -> Double { generator.uniform() }

  /// The text after one to four changes.
  mutating func spoil(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0...index(4) { change(&text) }
    return text
  }

  /// A file of numbers after one to four changes; the first bytes, which say what follows, are changed most.
  mutating func spoil(numbers bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...index(4) {
      let place = index(happens(oneIn: 2) ? min(bytes.count, 160) : bytes.count)
      let end = min(bytes.count, place + 1 + index(64))
      switch index(8) {
      case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8(index(8)) }
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.removeSubrange(place...)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 4: bytes.append(contentsOf: repeatElement(pick(Self.bytes), count: 1 + index(80)))
      default:
        let number = pick(Self.words)
        let size = happens(oneIn: 2) ? 8 : 4
        for byte in 0..<size where place / size * size + byte < bytes.count {
          bytes[place / size * size + byte] = UInt8(truncatingIfNeeded: number >> UInt64(8 * byte))
        }
      }
    }
    return bytes
  }

  /// Counts that no file can have, and single and double precision numbers that none should.
  private static let words: [UInt64] =
    [0, 1, 2, 3, 255, 1 << 16, 1 << 20, 1 << 31, 1 << 32, 1 << 53, 1 << 62, 1 << 63, .max, .max - 1]
    + [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1, .leastNonzeroMagnitude].map {
      UInt64($0.bitPattern)
    }
    + [Double.nan, .infinity, -.greatestFiniteMagnitude].map(\.bitPattern)

  private mutating func change(_ text: inout [UInt8]) {
    let place = index(text.count + 1)
    switch index(14) {
    case 0: if place < text.count { text[place] ^= 1 << UInt8(index(8)) }
    case 1: if place < text.count { text[place] = pick(Self.bytes) }
    case 2: text.insert(pick(Self.bytes), at: place)
    case 3: text.removeSubrange(place..<min(text.count, place + 1 + index(4)))
    case 4: text.removeSubrange(place...)
    case 5: text.insert(contentsOf: pick(Self.pieces), at: place)
    case 6...8: replaceValue(&text, near: place)
    case 9: splice(&text, at: place)
    case 10:
      let end = min(text.count, place + 1 + index(24))
      text.insert(contentsOf: text[place..<end], at: place)
    case 11: addMember(&text)
    case 12: nest(&text, at: place)
    default:
      let length = happens(oneIn: 200) ? 70_000 : index(80)
      text.insert(contentsOf: repeatElement(pick(Self.bytes), count: length), at: place)
    }
  }

  /// Puts another value in the place of a number, a word or a string.
  private mutating func replaceValue(_ text: inout [UInt8], near place: Int) {
    func isPart(_ byte: UInt8) -> Bool {
      byte > 0x2C && byte < 0x3A || byte == 0x2B || byte >= 0x61 && byte <= 0x7A || byte >= 0x41 && byte <= 0x5A
    }
    guard let start = text[min(place, text.count)...].firstIndex(where: isPart) else { return }
    let end = text[start...].firstIndex { !isPart($0) } ?? text.count
    text.replaceSubrange(start..<end, with: pick(Self.values))
  }

  private mutating func splice(_ text: inout [UInt8], at place: Int) {
    let other = pick(material)
    text.replaceSubrange(place..., with: other[index(other.count + 1)...])
  }

  /// Puts a member, perhaps one that is there already, behind the opening brace.
  private mutating func addMember(_ text: inout [UInt8]) {
    guard let brace = text.firstIndex(of: UInt8(ascii: "{")) else { return }
    let names = ["id", "op", "seed", "envs", "options", "x", "obs", "reward", "session", "n", "action_mask", "error"]
    text.insert(contentsOf: Array("\"\(pick(names))\":".utf8) + pick(Self.values) + [0x2C], at: brace + 1)
  }

  private mutating func nest(_ text: inout [UInt8], at place: Int) {
    let depth = happens(oneIn: 50) ? 5_000 : 1 + index(70)
    let (open, close) = pick([("[", "]"), ("{\"a\":", "}")])
    let opening = repeatElement(Array(open.utf8), count: depth).joined()
    let closing = happens(oneIn: 3) ? [] : Array(repeatElement(Array(close.utf8), count: depth).joined())
    text.insert(contentsOf: Array(opening) + pick(Self.values) + closing, at: place)
  }
}
