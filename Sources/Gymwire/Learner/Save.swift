import JSONLines

/// The order to a learner to write down what it has learned (protocol/SPEC.md, "save").
struct SaveRequest {
  /// Writes the request with its line end.
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .save)
    writer.endLine()
  }
}

/// Where it is written down.
public struct SaveReply: ReplyBody {
  /// The place, for people; empty until it has been read.
  public var path = ""
  private var hasPath = false

  /// Creates a reply to be read.
  public init() {}

  init(path: String) { (self.path, hasPath) = (path, true) }

  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.name("path")
    writer.write(path)
    writer.endLine()
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    guard name == "path" else { return false }
    self = SaveReply(path: try scanner.text())
    return true
  }

  func missingMember() -> String? { hasPath ? nil : "path" }
}
