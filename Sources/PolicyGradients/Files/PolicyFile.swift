import Environments
import JSONLines

/// The bytes of a policy file: a ``PolicySnapshot`` in JSON (protocol/SPEC.md, "The policy file").
public enum PolicyFile {
  /// The name of the format.
  public static let formatName = "gymwire-policy"
  /// The versions of the format that are read.
  static let versions = 1...3
  /// The largest file that is read, in bytes.
  public static let largestSize = 1 << 30
  /// The most weights of a layer that are written as numbers; those of a larger one are written as base64.
  static let mostWeightsAsText = 1 << 16

  /// The bytes of a file; the same policy gives the same bytes.
  ///
  /// - Parameter withPlainWeights: whether weights are written as numbers, however many they are.
  public static func encode(_ snapshot: PolicySnapshot, withPlainWeights: Bool = false) -> [UInt8] {
    var writer = JSONWriter(capacity: 1 << 16)
    writer.write(snapshot, mostWeightsAsText: withPlainWeights ? .max : mostWeightsAsText)
    writer.newline()
    return [UInt8](writer.bytes)
  }

  /// Reads the bytes of a file; throws a sentence where they are not a usable policy.
  ///
  /// Nothing in a file can run code.
  public static func decode(_ bytes: [UInt8]) throws(TrainingError) -> any Policy {
    try snapshot(bytes).makePolicy()
  }

  /// Reads the bytes of a file without building its networks; what they hold is not checked against each other.
  public static func snapshot(_ bytes: [UInt8]) throws(TrainingError) -> PolicySnapshot {
    guard bytes.count <= largestSize else {
      throw .unusableFile(what: "policy file", reason: "it has \(bytes.count) bytes, more than \(largestSize)")
    }
    return try bytes.withUnsafeBytes { bytes in
      Result { () throws(TrainingError) in try PolicySnapshot(parsing: bytes) }
    }.get()
  }
}
