/// Why a text was refused, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was wrong.
  public enum Reason: Equatable, Sendable {
    case unexpectedEnd
    case expectedValue
    case expectedName
    case expectedColon
    case expectedCommaOrBrace
    case expectedCommaOrBracket
    case trailingBytes
    /// The text is fine so far, but its reader needs another kind of value here.
    case wrongKind(expected: JSONKind, found: JSONKind)
    case invalidNumber
    /// The number has a fraction where an integer is needed, such as 0.5.
    case notAnInteger
    /// The number is an integer that the integer type does not hold.
    case integerOutOfRange
    case controlCharacter
    case invalidEscape
    case loneSurrogate
    case invalidUTF8
    case tooDeep(maximum: Int)
    /// An array has another length than its reader needs.
    case wrongCount(expected: Int, found: Int)
  }

  /// What was wrong.
  public let reason: Reason
  /// Where: the number of bytes before the trouble.
  public let offset: Int

  /// Makes an error at a byte offset.
  public init(_ reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The error as a sentence.
  public var description: String {
    switch reason {
    case .unexpectedEnd: "The JSON text ends too early, at byte \(offset)."
    case .expectedValue: "Expected a JSON value at byte \(offset)."
    case .expectedName: "Expected a member name in quotes at byte \(offset)."
    case .expectedColon: "Expected ':' after the member name, at byte \(offset)."
    case .expectedCommaOrBrace: "Expected ',' or '}' after the member, at byte \(offset)."
    case .expectedCommaOrBracket: "Expected ',' or ']' after the element, at byte \(offset)."
    case .trailingBytes: "Something follows the JSON value at byte \(offset)."
    case .wrongKind(let expected, let found):
      "Expected \(expected.phrase) at byte \(offset), found \(found.phrase)."
    case .invalidNumber: "The number at byte \(offset) is not written as JSON writes numbers."
    case .notAnInteger: "Expected an integer at byte \(offset), found a number with a fraction."
    case .integerOutOfRange: "The integer at byte \(offset) is too large for its type."
    case .controlCharacter: "A control character at byte \(offset) must be escaped inside a string."
    case .invalidEscape: "The escape sequence at byte \(offset) is not one that JSON has."
    case .loneSurrogate: "The \\u escape at byte \(offset) is half of a surrogate pair without the other half."
    case .invalidUTF8: "The bytes at byte \(offset) are not UTF-8."
    case .tooDeep(let maximum): "Nesting exceeds \(maximum) levels at byte \(offset)."
    case .wrongCount(let expected, let found):
      "Expected \(expected) numbers in the array at byte \(offset), found \(found)."
    }
  }
}
