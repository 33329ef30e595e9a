import JSONLines

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
    case .malformed(let error): "the reply is not one JSON object: \(error.description.trimmedFullStop)"
    case .wrongIdentifier(let expected, let actual): "the reply has the id \(actual) instead of \(expected)"
    case .missing(let name): "the reply has no \"\(name)\""
    case .invalid(let member, let reason): "the reply's \"\(member)\" cannot be used: \(reason)"
    case .refused(let error): "the server refused the request with \(error)"
    }
  }
}
