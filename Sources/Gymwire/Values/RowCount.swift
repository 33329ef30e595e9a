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
