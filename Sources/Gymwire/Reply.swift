import Environments
import JSONLines

/// The members of one kind of reply, read one by one as they come.
protocol ReplyBody {
  /// Reads the value of a member; false, having read nothing, for a name that this reply does not know.
  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool
  /// The name of a required member that has not come.
  func missingMember() -> String?
}

/// A line from a server that the driver cannot accept.
public enum ReplyError: Error, Equatable, CustomStringConvertible {
  /// The line is not one JSON object.
  case malformed(JSONError)
  /// The reply has another id than the request.
  case wrongIdentifier(expected: Int64, actual: String)
  /// A required member is missing.
  case missing(String)
  /// A member's value is not what the protocol or the space demands.
  case invalid(member: String, reason: String)
  /// The server refused the request.
  case refused(ErrorReply)

  /// What is wrong, as a clause without its full stop.
  public var description: String {
    switch self {
    case .malformed(let error): "the reply is not one JSON object: \(error)"
    case .wrongIdentifier(let expected, let actual): "the reply has the id \(actual) instead of \(expected)"
    case .missing(let name): "the reply has no \"\(name)\""
    case .invalid(let member, let reason): "the reply's \"\(member)\" cannot be used: \(reason)"
    case .refused(let error): "the server refused the request with \(error)"
    }
  }
}

/// What one line from a server is.
public enum ServerLine: Equatable {
  /// The reply to the outstanding request; its members have been read.
  ///
  /// `isLax` tells that it had Python's bare NaN or Infinity in it, or nested lists (protocol/SPEC.md 8.5).
  case reply(isLax: Bool)
  /// Something told on the way; the reply is still to come.
  case notification(Notification)
}

/// Reads one line from a server into the body of the reply that is expected.
///
/// - Throws: ``ReplyError``; after anything but `refused` the two sides no longer agree, and the connection is useless.
func readServerLine(
  _ line: UnsafeRawBufferPointer,
  expecting id: Int64,
  into body: inout some ReplyBody
) throws(ReplyError) -> ServerLine {
  var scanner = JSONScanner(
    line,
    maximumDepth: ProtocolConstants.maximumDepth,
    toleratesNonFinite: true,
    toleratesNestedArrays: true
  )
  var identifier = ReplyIdentifier.absent
  var refusal: ErrorReply?
  var operation: String?
  var text = ""
  var failure: ReplyError?
  do throws(JSONError) {
    try scanner.enterObject()
    while failure == nil, let name = try scanner.nextName() {
      if name == "id" {
        identifier = try ReplyIdentifier(from: &scanner, expecting: id)
      } else if name == "error" {
        refusal = try ErrorReply(from: &scanner)
      } else if name == "op" {
        operation = try scanner.readString()
      } else if name == "text" {
        text = try scanner.readString()
      } else {
        do throws(ValueError) {
          if try body.read(name, from: &scanner) { continue }
        } catch {
          failure = .invalid(member: name.string, reason: error.description)
          continue
        }
        try scanner.skipValue()
      }
    }
    if failure == nil { try scanner.finish() }
  } catch {
    throw .malformed(error)
  }
  if let failure { throw failure }
  switch identifier {
  case .absent:
    guard let operation else { throw .missing("id") }
    return .notification(Notification(operation: operation, text: text))
  case .other(let actual): throw .wrongIdentifier(expected: id, actual: actual)
  case .expected, .null:
    if let refusal { throw .refused(refusal) }
    guard case .expected = identifier else { throw .wrongIdentifier(expected: id, actual: "null") }
    if let missing = body.missingMember() { throw .missing(missing) }
    return .reply(isLax: scanner.sawNonFinite || scanner.sawNestedArray)
  }
}

/// Whose reply a line is.
private enum ReplyIdentifier {
  case absent
  case expected
  case null
  case other(String)

  init(from scanner: inout JSONScanner, expecting id: Int64) throws(JSONError) {
    if try scanner.peek() == .null {
      try scanner.readNull()
      self = .null
      return
    }
    let start = scanner
    if let actual = try scanner.readIdentifier(), actual == id {
      self = .expected
      return
    }
    scanner = start
    var text = JSONWriter(capacity: 64)
    text.write(try PlainValue(from: &scanner))
    self = .other(String(decoding: text.bytes.prefix(40), as: UTF8.self))
  }
}
