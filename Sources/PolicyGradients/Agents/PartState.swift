#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The state of a ``Part``: a few arrays of numbers.
public struct PartState: Codable, Equatable, Sendable {
  /// What the part is, where it could be one of several things.
  public var kind: String?
  /// Numbers that count something, from 0 to 2^53.
  public var counts: [Int]?
  /// Few numbers in double precision.
  public var doubles: [[Double]]?
  /// Many numbers in single precision.
  public var floats: [FloatBlock]?
  /// The words of streams of random numbers.
  public var words: [[UInt64]]?

  /// Creates a state from its arrays.
  public init(
    kind: String? = nil, counts: [Int]? = nil, doubles: [[Double]]? = nil, floats: [FloatBlock]? = nil,
    words: [[UInt64]]? = nil
  ) {
    (self.kind, self.counts, self.doubles, self.floats, self.words) = (kind, counts, doubles, floats, words)
  }

  /// The counts, which have to be so many; none can make a sum overflow.
  public func counts(count: Int, of name: String) throws(TrainingError) -> [Int] {
    let counts = self.counts ?? []
    guard counts.count == count, counts.allSatisfy(Self.countRange.contains) else {
      throw .unusablePart(name, "it has the counts \(counts), and \(count) from 0 to 2^53 are needed")
    }
    return counts
  }

  /// The arrays in double precision, which have to have these lengths and finite numbers.
  public func doubles(lengths: [Int], of name: String) throws(TrainingError) -> [[Double]] {
    let doubles = self.doubles ?? []
    guard doubles.map(\.count) == lengths, doubles.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .unusablePart(
        name, "it has arrays of \(doubles.map(\.count)) numbers, and finite ones of \(lengths) are needed")
    }
    return doubles
  }

  /// The arrays in single precision, which have to be so many.
  public func floats(count: Int, of name: String) throws(TrainingError) -> [FloatBlock] {
    let floats = self.floats ?? []
    guard floats.count == count else {
      throw .unusablePart(name, "it has \(floats.count) arrays, and \(count) are needed")
    }
    return floats
  }

  /// What a number that counts something can be in a file, so that no sum of them overflows.
  public static let countRange = 0...(1 << 53)
}
