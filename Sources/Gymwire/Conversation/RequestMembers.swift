import Environments
import JSONLines
import SpaceCoding

// What single members of requests may hold; null is as good as nothing where a member is optional.
extension JSONScanner? {
  /// Whether the member is neither absent nor null.
  func isPresent(_ name: @autoclosure () -> String) throws(ErrorReply) -> Bool {
    guard var scanner = self else { return false }
    do throws(JSONError) { return try scanner.peek() != .null } catch { throw .unreadable(name(), error) }
  }

  /// The member's value as plain data; nil if it is absent, or null, which means the same.
  func plain(
    _ name: @autoclosure () -> String, otherwise code: ErrorCode = .badMessage
  ) throws(ErrorReply) -> PlainValue? {
    guard var scanner = self else { return nil }
    do throws(JSONError) {
      let value = try PlainValue(from: &scanner)
      return value == .null ? nil : value
    } catch { throw .unreadable(name(), error, code) }
  }
}

extension PlainValue {
  /// A seed, to which the numbers from 0 to `greatestIndex` will be added.
  ///
  /// - Throws: `bad_seed` unless it and every sum are integers from 0 to 2^53 - 1.
  func seed(plus greatestIndex: Int = 0) throws(ErrorReply) -> UInt64 {
    guard let seed = number.flatMap({ UInt64(exactly: $0) }), seed <= ProtocolConstants.greatestInteger else {
      throw ErrorReply(.badSeed, "a seed has to be an integer from 0 to \(ProtocolConstants.greatestInteger)")
    }
    guard seed + UInt64(greatestIndex) <= ProtocolConstants.greatestInteger else {
      throw ErrorReply(
        .badSeed, "seed \(seed) plus the index \(greatestIndex) is above \(ProtocolConstants.greatestInteger)")
    }
    return seed
  }
}

extension ErrorReply {
  fileprivate static func unreadable(
    _ name: String, _ error: JSONError, _ code: ErrorCode = .badMessage
  ) -> ErrorReply {
    ErrorReply(code, "\"\(name)\" cannot be read: \(error.description.trimmedFullStop)")
  }
}
