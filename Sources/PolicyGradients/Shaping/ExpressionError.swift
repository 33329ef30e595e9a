/// A formula that cannot be read, and where.
public struct ExpressionError: Error, Equatable, CustomStringConvertible {
  /// The formula.
  public let text: String
  /// The place, in characters from the start.
  public let position: Int
  /// What is wrong there and what would be right, a sentence without its full stop.
  public let problem: String

  /// The problem, and below it the formula with a mark under the place.
  public var description: String {
    "\(problem), at character \(position + 1):\n  \(text)\n  \(String(repeating: " ", count: position))^"
  }
}
