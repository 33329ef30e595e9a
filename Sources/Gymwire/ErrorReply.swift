import Environments
import JSONLines

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
    writer.write(message)
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

  /// Reads the value of a reply's `error`.
  init(from scanner: inout JSONScanner) throws(JSONError) {
    self.init(.internal, "")
    try scanner.enterObject()
    while let name = try scanner.nextName() {
      if name == "code" {
        code = ErrorCode(reading: try scanner.readString())
      } else if name == "message" {
        message = try scanner.readString()
      } else if name == "fatal", try scanner.peek() == .boolean {
        isFatal = try scanner.readBool()
      } else if name == "data", case .object(let members) = try PlainValue(from: &scanner) {
        data = members
      } else {
        try scanner.skipValue()
      }
    }
  }
}
