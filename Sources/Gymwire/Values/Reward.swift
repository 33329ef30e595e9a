import Environments
import JSONLines

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
