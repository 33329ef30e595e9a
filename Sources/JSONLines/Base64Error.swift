/// Why a base64 text was refused.
public enum Base64Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text codes another number of bytes than its reader needs.
  case wrongLength(expected: Int, found: Int)
  case invalidCharacter(offset: Int)
  case missingPadding
  case spareBitsSet

  /// The error as a sentence.
  public var description: String {
    switch self {
    case .wrongLength(let expected, let found):
      "Expected \(expected) base64 characters, padding included, found \(found)."
    case .invalidCharacter(let offset): "Character \(offset) is not in the base64 alphabet."
    case .missingPadding: "The base64 text must end in '=' to fill its last group of four."
    case .spareBitsSet: "The last base64 character has bits set that belong to no byte."
    }
  }
}
