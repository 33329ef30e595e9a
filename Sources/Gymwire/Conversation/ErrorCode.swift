/// Why a server refuses a request, in the order in which it looks (protocol/SPEC.md, "Errors").
public enum ErrorCode: String, CaseIterable, Sendable {
  case badJSON = "bad_json"
  case tooLarge = "too_large"
  case badMessage = "bad_message"
  case unknownOperation = "unknown_op"
  case notReady = "not_ready"
  case needsReset = "needs_reset"
  case badAction = "bad_action"
  case badSeed = "bad_seed"
  case badOptions = "bad_options"
  case unsupportedVersion = "unsupported_version"
  case unsupportedSpace = "unsupported_space"
  case environmentError = "env_error"
  case `internal` = "internal"
  case busy = "busy"

  /// The code of that name; unknown names are read as ``internal``.
  public init(reading name: String) { self = ErrorCode(rawValue: name) ?? .internal }
}
