import JSONLines

/// A value on the wire that is not one of its space: what was found and what was expected.
public struct ValueError: Error, Equatable, CustomStringConvertible {
  /// The sentence, without its full stop.
  public let description: String
  /// The row of a batch that the fault is in, counted from the first that was read; nil where it is in none or in all.
  public internal(set) var row: Int?

  /// Creates an error about a value's meaning.
  public init(_ description: String, row: Int? = nil) {
    self.description = description
    self.row = row
  }

  /// Creates an error about the JSON itself, or about a number that its Swift type does not hold.
  init(_ error: JSONError) {
    self.init(error.description.trimmedFullStop)
  }
}

extension String {
  /// The sentence without its full stop, to go on within another one.
  var trimmedFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
