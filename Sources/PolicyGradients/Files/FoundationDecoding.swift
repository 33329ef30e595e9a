#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import JSONLines

/// Decodes JSON, and turns Foundation's errors into sentences for people.
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
    throw .unusableFile(what: what, reason: sentence(error, bytes))
  } catch {
    throw .unusableFile(what: what, reason: "\(error)")
  }
}

private func sentence(_ error: DecodingError, _ bytes: [UInt8]) -> String {
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
    guard context.codingPath.isEmpty else { return "there is a value that cannot be used at \(place(context))" }
    return "it is not valid JSON, or it was cut off" + (fault(of: bytes).map { ". \($0.dropLast())" } ?? "")
  @unknown default: return "it does not have the expected structure"
  }
}

/// What our own scanner makes of a text that Foundation refuses, and where; nil if it finds nothing wrong.
private func fault(of bytes: [UInt8]) -> String? {
  bytes.withUnsafeBytes { bytes in
    var scanner = JSONScanner(bytes)
    do throws(JSONError) {
      try scanner.skipValue()
      try scanner.finish()
      return nil
    } catch {
      return error.description
    }
  }
}
