/// A policy within a file that Foundation reads and writes is the text of a policy file.
extension PolicySnapshot: Codable {
  /// Reads the text by the rules of a policy file.
  public init(from decoder: any Decoder) throws {
    self = try PolicyFile.snapshot(Array(decoder.singleValueContainer().decode(String.self).utf8))
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(decoding: PolicyFile.encode(self), as: UTF8.self))
  }
}
