import Foundation
import JSONLines
import Testing

/// All 2^32 bit patterns take a quarter of an hour or longer: `GYMWIRE_EVERY_FLOAT=1 swift test -c release --filter EveryFloatTests`.
@Suite("Every float comes back from an array of text")
struct EveryFloatTests {
  /// A prime, so that a part of the patterns has every low bit pattern somewhere.
  private static let stride = ProcessInfo.processInfo.environment["GYMWIRE_EVERY_FLOAT"] == nil ? 4099 : 1

  @Test("bit for bit, all patterns of a sign and three bits of the exponent together", arguments: 0..<16)
  func slice(_ slice: Int) throws {
    var writer = JSONWriter()
    var values: [Float] = []
    var back = [Float](repeating: 0, count: 1 << 14)
    var pattern = slice << 28
    let end = (slice + 1) << 28
    while pattern < end {
      values.removeAll(keepingCapacity: true)
      while pattern < end, values.count < back.count {
        let value = Float(bitPattern: UInt32(pattern))
        if value.isFinite { values.append(value) }
        pattern += Self.stride
      }
      writer.removeAll()
      values.withUnsafeBufferPointer { writer.write(floats: $0) }
      var scanner = JSONScanner(writer.bytes)
      try back.withUnsafeMutableBufferPointer {
        try scanner.readFloats(into: UnsafeMutableBufferPointer(rebasing: $0[..<values.count]))
      }
      let wrong = values.indices.first { values[$0].bitPattern != back[$0].bitPattern }
      if let wrong { Issue.record("\(values[wrong]) came back as \(back[wrong])") }
    }
  }
}
