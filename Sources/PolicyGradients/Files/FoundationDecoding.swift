#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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
