/// A part of an agent on its way to a copy of it, or back: numbers under the part's name.
public struct PartNumbers: Equatable, Sendable {
  /// The name, which both agents have for the part.
  public var name: String
  /// Numbers that count something, from 0 to 2^53 - 1.
  public var counts: [Int] = []
  /// Arrays in double precision.
  public var doubles: [[Double]] = []
  /// Arrays in single precision.
  public var floats: [[Float]] = []
  /// The words of streams of random numbers.
  public var words: [[UInt64]] = []

  /// Creates a part without numbers.
  public init(_ name: String) { self.name = name }
}
