import Environments
import JSONLines

/// How many observations a request is about with the feature batch: at least 1.
struct RowCount: RequestValue {
  let value: Int

  init(_ value: Int) { self.value = value }

  init(_ value: PlainValue, of member: RequestMember) throws(ErrorReply) {
    guard let integer = value.number.flatMap({ Int(exactly: $0) }), integer >= 1 else {
      throw ErrorReply(.badMessage, "\"\(member.name)\" has to be an integer of at least 1")
    }
    self.value = integer
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(value) }

  @inline(__always)
  static func readUsual(from scanner: inout JSONScanner) -> RowCount? {
    guard let integer = scanner.usualInteger(), integer >= 1 else { return nil }
    return RowCount(Int(integer))
  }
}

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

/// The name of a session, which the driver chooses: 1 to 64 bytes (protocol/SPEC.md 17.1).
struct SessionName: RequestValue, Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  init(_ value: PlainValue, of member: RequestMember) throws(ErrorReply) {
    guard let text = value.string, (1...ProtocolConstants.longestSessionName).contains(text.utf8.count) else {
      throw ErrorReply(
        .badMessage, "\"\(member.name)\" has to be a string of 1 to \(ProtocolConstants.longestSessionName) bytes")
    }
    self.text = text
  }

  func write(to writer: inout JSONWriter) { writer.write(text) }
}

/// What was earned in a session: a number that is finite also as a float32 (protocol/SPEC.md 17.3).
struct Reward: RequestValue {
  let value: Double

  init(_ value: Double) { self.value = value }

  init(_ value: PlainValue, of member: RequestMember) throws(ErrorReply) {
    guard let number = value.number, Float(number).isFinite else {
      throw ErrorReply(.badMessage, "\"\(member.name)\" has to be a finite number, in the range of float32")
    }
    self.value = number
  }

  func write(to writer: inout JSONWriter) { writer.write(value) }
}

extension Bool: RequestValue {
  init(_ value: PlainValue, of member: RequestMember) throws(ErrorReply) {
    guard case .boolean(let flag) = value else {
      throw ErrorReply(.badMessage, "\"\(member.name)\" has to be true or false")
    }
    self = flag
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(self) }

  @inline(__always)
  static func readUsual(from scanner: inout JSONScanner) -> Bool? { scanner.usualFlag() }
}
