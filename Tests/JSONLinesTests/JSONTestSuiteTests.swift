import JSONLines
import TestSupport
import Testing

/// Every file of JSONTestSuite, in each of the ways in which a text is read.
@Suite("JSONTestSuite")
struct JSONTestSuiteTests {
  @Test("has all of its 318 files")
  func isWhole() {
    let verdicts = JSONTestSuite.texts.map(\.isLegal)
    #expect(verdicts.count == 318)
    #expect(verdicts.count { $0 == true } == 95 && verdicts.count { $0 == false } == 188)
  }

  @Test("is accepted where it has to be, and refused where it has to be", arguments: JSONTestSuite.texts)
  func verdict(text: JSONTestSuite.Text) {
    let (isSkipped, isRead) = (Self.skips(text.bytes), Self.reads(text.bytes))
    // A number beyond all doubles is grammar, and no value.
    let isTooGreat = isSkipped && !isRead && text.name.hasPrefix("i_number_")
    #expect(isSkipped == isRead || isTooGreat)
    if let isLegal = text.isLegal { #expect(isSkipped == isLegal && isRead == isLegal) }
  }

  private static func skips(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      do throws(JSONError) {
        try scanner.skipValue()
        try scanner.finish()
        return true
      } catch { return false }
    }
  }

  private static func reads(_ bytes: [UInt8]) -> Bool {
    (try? bytes.withUnsafeBytes { try JSONValue(parsing: $0) }) != nil
  }
}
