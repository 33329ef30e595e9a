/// A string of `minimumLength ... maximumLength` Unicode scalars of an alphabet.
public struct Text: Equatable, Sendable {
  /// The greatest length, in Unicode scalars.
  public let maximumLength: Int
  /// The least length, in Unicode scalars.
  public let minimumLength: Int
  /// The alphabet, each scalar once.
  public let alphabet: String

  /// ASCII letters and digits, the alphabet where none is given.
  public static let alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

  /// Creates a space of strings.
  public init(maximumLength: Int, minimumLength: Int = 1, alphabet: String = Text.alphanumeric) {
    self.maximumLength = maximumLength
    self.minimumLength = minimumLength
    self.alphabet = alphabet
  }
}
