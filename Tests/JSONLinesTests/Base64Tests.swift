import JSONLines
import Testing

@Suite("Base64")
struct Base64Tests {
  static func encode(_ bytes: [UInt8]) -> String {
    let quoted = written { writer in bytes.withUnsafeBytes { Base64.encode($0, into: &writer) } }
    return String(quoted.dropFirst().dropLast())
  }

  static func decode(_ text: String, count: Int) throws(Base64Error) -> [UInt8] {
    var target = [UInt8](repeating: 0xEE, count: count)
    var failure: Base64Error?
    target.withUnsafeMutableBytes { target in
      Array(text.utf8).withUnsafeBytes { text in
        do throws(Base64Error) { try Base64.decode(text, into: target) } catch { failure = error }
      }
    }
    if let failure { throw failure }
    return target
  }

  @Test(
    "the vectors of RFC 4648, section 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]
  )
  func vectors(plain: String, coded: String) throws {
    #expect(Self.encode(Array(plain.utf8)) == coded)
    #expect(try Self.decode(coded, count: plain.utf8.count) == Array(plain.utf8))
    #expect(Base64.encodedCount(of: plain.utf8.count) == coded.utf8.count)
  }

  @Test("bytes of every length come back")
  func roundTrip() throws {
    var generator = Generator(seed: 3)
    for count in 0..<300 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      #expect(try Self.decode(Self.encode(bytes), count: count) == bytes)
    }
  }

  @Test("every character outside the alphabet is found, wherever it is")
  func invalidCharacters() {
    let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let coded = [UInt8](repeating: UInt8(ascii: "A"), count: 64)
    for byte in UInt8.min ... .max where !alphabet.contains(byte) {
      for offset in 0..<64 {
        var broken = coded
        broken[offset] = byte
        var target = [UInt8](repeating: 0, count: 48)
        #expect(throws: Base64Error.invalidCharacter(offset: offset)) {
          try broken.withUnsafeBytes { broken in
            try target.withUnsafeMutableBytes { try Base64.decode(broken, into: $0) }
          }
        }
      }
    }
  }

  @Test("another length, missing padding and spare bits are refused")
  func malformed() {
    #expect(throws: Base64Error.wrongLength(expected: 4, found: 8)) { try Self.decode("Zm9vZm9v", count: 3) }
    #expect(throws: Base64Error.wrongLength(expected: 4, found: 3)) { try Self.decode("Zg=", count: 1) }
    #expect(throws: Base64Error.missingPadding) { try Self.decode("Zg=A", count: 1) }
    #expect(throws: Base64Error.missingPadding) { try Self.decode("Zm9v", count: 2) }
    #expect(throws: Base64Error.missingPadding) { try Self.decode("Zm9v", count: 1) }
    #expect(throws: Base64Error.spareBitsSet) { try Self.decode("Zh==", count: 1) }
    #expect(throws: Base64Error.spareBitsSet) { try Self.decode("Zm9=", count: 2) }
    #expect(throws: Base64Error.invalidCharacter(offset: 2)) { try Self.decode("Zg==", count: 3) }
  }
}
