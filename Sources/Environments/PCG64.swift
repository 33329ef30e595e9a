/// The generator of every random number here: PCG XSL-RR 128/64, with NumPy's seeding and NumPy's outputs.
///
/// `PCG64(seed: s)` gives the numbers of `numpy.random.Generator(numpy.random.PCG64(s))`. Period 2^128.
/// Source: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
/// Generation" (2014).
@frozen
public struct PCG64: RandomNumberGenerator, Equatable, Sendable {
  @usableFromInline var state: UInt128
  @usableFromInline var increment: UInt128

  /// Seeds a stream from the eight words of 32 bits that a seed sequence gives first.
  public init(_ sequence: SeedSequence) {
    let words = sequence.words64(4)
    increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
    state = 0
    advance()
    state &+= UInt128(words[0]) << 64 | UInt128(words[1])
    advance()
  }

  /// Seeds a stream; NumPy's `PCG64(SeedSequence(seed, spawn_key=stream))`.
  ///
  /// Different `stream` words give independent streams of one seed.
  public init(seed: UInt64, stream: UInt32...) {
    self.init(SeedSequence(seed: seed, spawnKey: stream))
  }

  /// Seeds a stream from the system's own entropy.
  public init() {
    var system = SystemRandomNumberGenerator()
    self.init(SeedSequence(words: (0..<4).map { _ in system.next() as UInt32 }))
  }

  /// The whole state: high and low half of the 128-bit state, high and low half of the 128-bit increment.
  public var words: [UInt64] {
    [state, increment].flatMap { [UInt64(truncatingIfNeeded: $0 >> 64), UInt64(truncatingIfNeeded: $0)] }
  }

  /// Continues a stream from its saved `words`; nil unless there are four and the increment is odd.
  public init?(words: [UInt64]) {
    guard words.count == 4, words[3] & 1 == 1 else { return nil }
    state = UInt128(words[0]) << 64 | UInt128(words[1])
    increment = UInt128(words[2]) << 64 | UInt128(words[3])
  }

  /// The next 64 random bits.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt64 {
    advance()
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let rotation = UInt64(truncatingIfNeeded: state >> 122)
    return folded &>> rotation | folded &<< (0 &- rotation)
  }

  @inlinable
  @inline(__always)
  mutating func advance() {
    state = state &* 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645 &+ increment
  }
}
