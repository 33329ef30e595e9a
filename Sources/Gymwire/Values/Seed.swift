import Environments
import JSONLines

/// What fixes a sample: an integer from 0 to 2^53 - 1.
struct Seed: RequestValue {
  static let isReadLast = true
  let value: UInt64

  init(_ value: UInt64) { self.value = value }

  init(_ value: PlainValue, of member: RequestMember) throws(ErrorReply) { self.value = try value.seed() }

  /// Refuses a seed to which the numbers from 0 to `greatestIndex` cannot be added.
  func require(plus greatestIndex: Int) throws(ErrorReply) {
    _ = try PlainValue.number(Double(value)).seed(plus: greatestIndex)
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(value) }

  @inline(__always)
  static func readUsual(from scanner: inout JSONScanner) -> Seed? {
    guard let seed = scanner.usualInteger(), seed >= 0, seed <= ProtocolConstants.greatestInteger else { return nil }
    return Seed(UInt64(seed))
  }
}
