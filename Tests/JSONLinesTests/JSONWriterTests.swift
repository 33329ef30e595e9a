import JSONLines
import Testing

@Suite("JSONWriter")
struct JSONWriterTests {
  @Test("commas appear by themselves")
  func commasAppear() {
    let text = written { writer in
      for id in 0..<2 {
        writer.beginObject()
        writer.name("id")
        writer.write(id)
        writer.name("list")
        writer.beginArray()
        writer.beginArray()
        writer.endArray()
        writer.write(true)
        writer.writeNull()
        writer.beginObject()
        writer.endObject()
        writer.write("[")
        writer.write("x")
        writer.endArray()
        writer.name("n\"" as String)
        writer.write(false)
        writer.endObject()
        writer.newline()
      }
    }
    let line = #"{"id":0,"list":[[],true,null,{},"[","x"],"n\"":false}"#
    #expect(text == line + "\n" + line.replacing("0", with: "1") + "\n")
  }

  @Test("what JSON has no number for becomes a string")
  func nonFiniteNumbers() {
    #expect(written { $0.write(Double.nan) } == "\"NaN\"")
    #expect(written { $0.write(Double.infinity) } == "\"Infinity\"")
    #expect(written { $0.write(-Float.infinity) } == "\"-Infinity\"")
    #expect(written { $0.write(-Float.nan) } == "\"NaN\"")
  }

  @Test(
    "doubles are short and are JSON",
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-1, "-1"), (0.5, "0.5"), (0.1, "0.1"), (-4.8, "-4.8"), (0.3, "0.3"),
      (0.1 + 0.2, "0.30000000000000004"), (123_456_789, "123456789"), (1e15, "1000000000000000"),
      (9_007_199_254_740_991, "9007199254740991"), (9_007_199_254_740_992, "9007199254740992"), (1e16, "1e16"),
      (123_456_789_012_345_680, "1.2345678901234568e17"), (0.0001, "0.0001"), (0.00001, "1e-5"),
      (0.00012345678901234567, "0.00012345678901234567"), (1.5e300, "1.5e300"), (-.leastNonzeroMagnitude, "-5e-324"),
      (2.2250738585072014e-308, "2.2250738585072014e-308"), (1.7976931348623157e308, "1.7976931348623157e308"),
      (8_887_055_249_355_788 * 0x1p664, "6.802601037806062e215"), (12.5, "12.5"),
      (1_234_567_890_123.25, "1234567890123.25"),
      (123_456_789_012_345.67, "123456789012345.67"), (1.0000000000000002, "1.0000000000000002"),
    ] as [(Double, String)])
  func doubles(value: Double, text: String) { #expect(written { $0.write(value) } == text) }

  @Test(
    "floats are short and are JSON",
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-4.8, "-4.8"), (0.027395604, "0.027395604"), (-0.006112156, "-0.006112156"),
      (0.1, "0.1"), (16_777_216, "16777216"), (100, "100"), (-0.41887903, "-0.41887903"), (0.5, "0.5"),
      (0.001, "0.001"),
      (0.0001, "0.0001"), (0.00012345679, "0.00012345679"), (0.00001, "1e-5"), (1.2345679e-5, "1.2345679e-5"),
      (1e8, "100000000"), (-1.5e9, "-1500000000"), (1e15, "1000000000000000"), (1e16, "1e16"), (1.0000001, "1.0000001"),
      (12_345_678, "12345678"), (1_234_567.9, "1234567.9"), (123_456_792, "123456790"),
      (.leastNonzeroMagnitude, "1e-45"),
      (.greatestFiniteMagnitude, "3.4028235e38"), (.leastNormalMagnitude, "1.1754944e-38"),
    ] as [(Float, String)])
  func floats(value: Float, text: String) { #expect(written { $0.write(value) } == text) }

  @Test("integers beyond 2^53 - 1 are strings")
  func integers() {
    #expect(written { $0.write(9_007_199_254_740_991) } == "9007199254740991")
    #expect(written { $0.write(-9_007_199_254_740_992) } == "\"-9007199254740992\"")
    #expect(written { $0.write(Int64.min) } == "\"-9223372036854775808\"")
    #expect(written { $0.write(UInt64.max) } == "\"18446744073709551615\"")
    #expect(written { $0.write(0) } == "0")
    #expect(written { $0.write(-10) } == "-10")
  }

  @Test("strings are escaped no more than needed and read back")
  func strings() throws {
    #expect(written { $0.write("a\"b\\c/d\u{7F}é\u{2028}") } == "\"a\\\"b\\\\c/d\u{7F}é\u{2028}\"")
    #expect(written { $0.write("\u{08}\u{0C}\n\r\t\u{00}\u{1F}") } == #""\b\f\n\r\t\u0000\u001f""#)
    var generator = Generator(seed: 1)
    for _ in 0..<2000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<30, using: &generator) {
        let range: ClosedRange<UInt32> = [0...0x7F, 0...0x7FF, 0...0xFFFF, 0...0x10FFFF].randomElement(
          using: &generator
        )!
        if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { text.append(scalar) }
      }
      let string = String(text)
      let json = written { $0.write(string) }
      let back = try scan(json) { try $0.readString() }
      #expect(back.unicodeScalars.elementsEqual(string.unicodeScalars))
    }
  }

  @Test("a text sent in pieces is the text written at once")
  func piecesJoin() {
    let values = (0..<100).map { Float($0) / 8 }
    let whole = written { writer in values.withUnsafeBufferPointer { writer.write(floats: $0) } }
    var writer = JSONWriter()
    var sent = ""
    writer.beginArray()
    for start in stride(from: 0, to: 100, by: 7) {
      values[start..<min(start + 7, 100)].withUnsafeBufferPointer { writer.writeElements(floats: $0) }
      sent += String(decoding: writer.bytes, as: UTF8.self)
      writer.removeSent()
      #expect(writer.count == 0)
    }
    writer.endArray()
    sent += String(decoding: writer.bytes, as: UTF8.self)
    #expect(sent == whole)
  }

  @Test("a writer that is emptied starts afresh")
  func removeAllStartsAfresh() {
    var writer = JSONWriter(capacity: 64)
    writer.write(1)
    writer.removeAll()
    writer.write(String(repeating: "x", count: 1000))
    #expect(writer.count == 1002)
    writer.removeAll()
    Array("[1]".utf8).withUnsafeBytes { writer.writeVerbatim($0) }
    writer.write(2)
    #expect(writer.bytes.elementsEqual("[1],2".utf8))
  }
}
