import Environments
import JSONLines

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
