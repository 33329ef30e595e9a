import JSONLines

/// A value on the wire that is not one of its space: what was found and what was expected.
public struct ValueError: Error, Equatable, CustomStringConvertible {
  /// The sentence, without its full stop.
  public let description: String
  /// Whether the text was not JSON at all.
  public let isMalformed: Bool

  /// Creates an error about a value's meaning.
  public init(_ description: String) {
    self.description = description
    isMalformed = false
  }

  /// Creates an error about the JSON itself.
  public init(_ error: JSONError) {
    description = error.description
    isMalformed = true
  }

  /// Runs the body, and turns an error of the JSON text into one of this type.
  static func wrap<Result>(_ body: () throws(JSONError) -> Result) throws(ValueError) -> Result {
    do { return try body() } catch { throw ValueError(error) }
  }
}
