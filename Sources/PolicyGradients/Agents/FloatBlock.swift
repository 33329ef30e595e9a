#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Floats of a checkpoint: the bytes of little-endian binary32 in base64, or the number of them that another file has.
public struct FloatBlock: Codable, Equatable, Sendable {
  /// The numbers.
  public internal(set) var numbers: [Float]
  /// How many numbers ``LongArrays`` has instead; nil where they are here.
  var storedCount: Int?

  private enum CodingKeys: String, CodingKey {
    case storedCount = "stored"
  }

  /// Wraps numbers.
  public init(_ numbers: [Float]) {
    self.numbers = numbers
  }

  /// Reads either form; bytes behind the last whole number are ignored.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CodingKeys.self) {
      (numbers, storedCount) = ([], try container.decode(Int.self, forKey: .storedCount))
      return
    }
    let data = try decoder.singleValueContainer().decode(Data.self)
    numbers = Array(repeating: 0, count: data.count / 4)
    data.withUnsafeBytes { bytes in
      for index in numbers.indices {
        let word = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        numbers[index] = Float(bitPattern: UInt32(littleEndian: word))
      }
    }
  }

  /// Writes either form.
  public func encode(to encoder: any Encoder) throws {
    if let storedCount {
      var container = encoder.container(keyedBy: CodingKeys.self)
      return try container.encode(storedCount, forKey: .storedCount)
    }
    var container = encoder.singleValueContainer()
    try container.encode(numbers.littleEndianWords.withUnsafeBytes { Data($0) })
  }
}

extension [Float] {
  /// The numbers as the words of little-endian binary32.
  var littleEndianWords: [UInt32] {
    // A closure and no key path, which would be looked up for each number.
    map { $0.bitPattern.littleEndian }
  }
}
