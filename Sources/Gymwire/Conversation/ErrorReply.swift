import Environments
import JSONLines
import SpaceCoding

/// The reply that refuses a request: a code for programs and a sentence for people.
public struct ErrorReply: Error, Equatable, CustomStringConvertible {
  /// What kind of refusal it is.
  public var code: ErrorCode
  /// What happened, what was expected, and what to do.
  public var message: String
  /// Whether the server gives up altogether.
  public var isFatal: Bool
  /// Whatever else may help.
  public var data: [String: PlainValue]

  /// Creates a refusal.
  public init(_ code: ErrorCode, _ message: String, isFatal: Bool = false, data: [String: PlainValue] = [:]) {
    self.code = code
    self.message = message
    self.isFatal = isFatal
    self.data = data
  }

  /// The code and the sentence.
  public var description: String { "\(code.rawValue): \(message)" }

  /// The number of Unicode scalars that a message may have: every driver reads lines of 65,536 bytes.
  static let longestMessage = 4096

  /// Writes the whole reply to request `id`, with its line end.
  func write(id: Int64?, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("id")
    if let id { writer.write(id) } else { writer.writeNull() }
    writer.name("error")
    writer.beginObject()
    writer.name("code")
    writer.write(code.rawValue)
    writer.name("message")
    writer.write(message.abbreviated(to: Self.longestMessage))
    if isFatal {
      writer.name("fatal")
      writer.write(true)
    }
    if !data.isEmpty {
      writer.name("data")
      writer.write(.object(data))
    }
    writer.endObject()
    writer.endObject()
    writer.newline()
  }

  /// Reads the value of a reply's `error`, taking from it what is there.
  init(from scanner: inout JSONScanner) throws(JSONError) {
    self.init(.internal, "no message")
    try scanner.enterObject()
    while let name = try scanner.nextName() {
      switch name {
      case "code": code = ErrorCode(reading: try scanner.readStringOrSkip() ?? "")
      case "message": message = try scanner.readStringOrSkip() ?? message
      case "fatal": isFatal = try PlainValue(from: &scanner) == .boolean(true)
      case "data": if case .object(let members) = try PlainValue(from: &scanner) { data = members }
      default: try scanner.skipValue()
      }
    }
  }
}
