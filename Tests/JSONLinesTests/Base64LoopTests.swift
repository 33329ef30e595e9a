import CText
import Testing

@Suite("The loops of base64 against naive ones, with all instructions that this processor has")
struct Base64LoopTests {
  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Three bytes to four characters, as RFC 4648 has it; bytes that are left over are left out.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, through: bytes.count - 3, by: 3).flatMap { start in
      let group = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
      return [18, 12, 6, 0].map { alphabet[group >> $0 & 63] }
    }
  }

  @Test("whole groups are encoded as far as the loop goes, and all but the last few")
  func encoding() {
    var generator = Generator(seed: 50)
    for instructions in Instructions.available {
      for count in 0..<400 {
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        var text = [UInt8](repeating: 0, count: count / 3 * 4 + 64)
        let read = ctext_encode_base64(bytes, count, &text, instructions.inC)
        #expect(read % 3 == 0 && read <= count)
        if instructions != .portable { #expect(read > count - 96, "\(instructions), \(count)") }
        #expect(Array(text[..<(read / 3 * 4)]) == Self.encode(Array(bytes[..<read])), "\(instructions), \(count)")
      }
    }
  }

  @Test("whole groups are decoded as far as the loop goes, inside the target")
  func decoding() {
    var generator = Generator(seed: 51)
    for instructions in Instructions.available {
      for groups in 0..<150 {
        let bytes = (0..<3 * groups).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = Self.encode(bytes)
        for capacity in [bytes.count, max(0, bytes.count - 1)] {
          var target = [UInt8](repeating: 0xEE, count: capacity + 64)
          let read = ctext_decode_base64(text, text.count, &target, capacity, instructions.inC)
          #expect(read % 4 == 0 && read / 4 * 3 <= capacity)
          if instructions != .portable { #expect(read > text.count - 128, "\(instructions), \(groups)") }
          #expect(target[..<(read / 4 * 3)] == bytes[..<(read / 4 * 3)], "\(instructions), \(groups)")
          #expect(target[capacity...].allSatisfy { $0 == 0xEE }, "\(instructions), \(groups)")
        }
      }
    }
  }

  @Test("the loop stops before a character outside the alphabet, whichever it is and wherever it stands")
  func otherCharacters() {
    let text = [UInt8](repeating: UInt8(ascii: "q"), count: 256)
    for instructions in Instructions.available {
      for byte in UInt8.min ... .max where !Self.alphabet.contains(byte) {
        for offset in stride(from: Int(byte % 3), to: 256, by: 3) {
          var broken = text
          broken[offset] = byte
          var target = [UInt8](repeating: 0, count: 192)
          let read = ctext_decode_base64(broken, 256, &target, 192, instructions.inC)
          #expect(read <= offset, "\(instructions), \(byte) at \(offset)")
        }
      }
    }
  }
}
