import Environments

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The bytes of a policy file: a ``PolicySnapshot`` in JSON.
public enum PolicyFile {
  /// The largest file that is read, in bytes.
  public static let largestSize = 1 << 30

  /// The bytes of a file; the same policy gives the same bytes.
  public static func encode(_ snapshot: PolicySnapshot) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(snapshot)) + [0x0A]
  }

  /// Reads the bytes of a file; throws a sentence where they are not a usable policy.
  ///
  /// Nothing in a file can run code.
  public static func decode(_ bytes: [UInt8]) throws(TrainingError) -> any Policy {
    try snapshot(bytes).makePolicy()
  }

  /// Reads the bytes of a file without building its networks; what they hold is not checked against each other.
  public static func snapshot(_ bytes: [UInt8]) throws(TrainingError) -> PolicySnapshot {
    try decodeJSON(PolicySnapshot.self, bytes, what: "policy file", largestSize: largestSize)
  }
}

/// Decodes JSON, with sentences for people in the place of Foundation's errors.
func decodeJSON<Value: Decodable>(
  _: Value.Type,
  _ bytes: [UInt8],
  what: String,
  largestSize: Int
) throws(TrainingError) -> Value {
  guard bytes.count <= largestSize else {
    throw .unusableFile(what: what, reason: "it has \(bytes.count) bytes, more than \(largestSize)")
  }
  do {
    return try JSONDecoder().decode(Value.self, from: Data(bytes))
  } catch let error as TrainingError {
    throw error
  } catch let error as DecodingError {
    throw .unusableFile(what: what, reason: sentence(error))
  } catch {
    throw .unusableFile(what: what, reason: "\(error)")
  }
}

private func sentence(_ error: DecodingError) -> String {
  func place(_ context: DecodingError.Context) -> String {
    context.codingPath.isEmpty
      ? "the top level"
      : context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
  switch error {
  case .keyNotFound(let key, let context): return "\(key.stringValue) is missing at \(place(context))"
  case .valueNotFound(_, let context): return "there is null at \(place(context))"
  case .typeMismatch(_, let context): return "there is a value of another type at \(place(context))"
  case .dataCorrupted(let context):
    return context.codingPath.isEmpty
      ? "it is not valid JSON, or it was cut off" : "there is a value that cannot be used at \(place(context))"
  @unknown default: return "it does not have the expected structure"
  }
}
