/// What an environment refuses or reports; each message is a sentence without its full stop.
public enum EnvironmentError: Error, Equatable, CustomStringConvertible {
  /// The options of a reset cannot be used; nothing has changed.
  case invalidOptions(String)
  /// A value does not fit its space.
  case invalidValue(String)
  /// The environment broke while it worked.
  case failed(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .invalidOptions(let text), .invalidValue(let text), .failed(let text): text
    }
  }
}
