/// Spreads a seed of any quality over as many well-mixed bits as are asked for, exactly as NumPy's `SeedSequence`.
///
/// Words of a `spawnKey` name independent streams of one seed: no two different keys share a sequence in practice.
/// Source: M. O'Neill, "Developing a seed_seq Alternative" (2015), with NumPy's constants and pool of four words.
public struct SeedSequence: Equatable, Sendable {
  /// The mixed entropy from which every output is made.
  public let pool: [UInt32]

  static let poolSize = 4

  /// Mixes the words of a seed, least significant first, and those of a spawn key.
  public init(words: [UInt32], spawnKey: [UInt32] = []) {
    var entropy = words
    if !spawnKey.isEmpty {
      // Without the padding a short seed with a key would equal a longer seed without one.
      entropy += repeatElement(0, count: max(0, Self.poolSize - words.count))
      entropy += spawnKey
    }
    var hash = Hash(multiplier: 0x43B0_D7E5, step: 0x931E_8875)
    var pool = (0..<Self.poolSize).map { hash($0 < entropy.count ? entropy[$0] : 0) }
    for source in 0..<Self.poolSize {
      for target in 0..<Self.poolSize where target != source {
        pool[target] = Self.mix(pool[target], hash(pool[source]))
      }
    }
    for word in entropy.dropFirst(Self.poolSize) {
      for target in 0..<Self.poolSize { pool[target] = Self.mix(pool[target], hash(word)) }
    }
    self.pool = pool
  }

  /// Mixes a seed as NumPy mixes a Python integer, and the words of a spawn key.
  public init(seed: UInt64, spawnKey: [UInt32] = []) {
    let low = UInt32(truncatingIfNeeded: seed)
    let high = UInt32(truncatingIfNeeded: seed >> 32)
    self.init(words: high == 0 ? [low] : [low, high], spawnKey: spawnKey)
  }

  /// The first `count` words of 32 bits: NumPy's `generate_state(count)`.
  public func words32(_ count: Int) -> [UInt32] {
    var hash = Hash(multiplier: 0x8B51_F9DD, step: 0x58F3_8DED)
    return (0..<count).map { hash(pool[$0 % Self.poolSize]) }
  }

  /// The first `count` words of 64 bits: NumPy's `generate_state(count, numpy.uint64)`.
  public func words64(_ count: Int) -> [UInt64] {
    let halves = words32(2 * count)
    return (0..<count).map { UInt64(halves[2 * $0]) | UInt64(halves[2 * $0 + 1]) << 32 }
  }

  /// A hash of one word whose multiplier moves on with every call.
  private struct Hash {
    var multiplier: UInt32
    let step: UInt32

    mutating func callAsFunction(_ word: UInt32) -> UInt32 {
      var value = word ^ multiplier
      multiplier &*= step
      value &*= multiplier
      return value ^ (value >> 16)
    }
  }

  private static func mix(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let value = 0xCA01_F9DD &* left &- 0x4973_F715 &* right
    return value ^ (value >> 16)
  }
}
