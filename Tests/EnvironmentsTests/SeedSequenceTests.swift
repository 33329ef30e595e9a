import Environments
import Testing

@Suite("Seeds are spread as NumPy spreads them")
struct SeedSequenceTests {
  @Test(
    "the pool of a small seed is NumPy's",
    arguments: [
      (0, [0xfe40_eb07, 0x4f36_3a36, 0x4eb2_009d, 0xc89a_7aa7]),
      (42, [0x631d_3606, 0x07ae_90ae, 0x6fc4_be28, 0x2ced_5c75]),
    ] as [(UInt64, [UInt32])]
  )
  func pool(seed: UInt64, expected: [UInt32]) {
    #expect(SeedSequence(seed: seed).pool == expected)
  }

  @Test("a seed of more words than the pool is mixed in whole")
  func longSeed() {
    #expect(SeedSequence(words: [1, 2, 3, 4, 5, 6]).words32(3) == [0x1d1b_ca21, 0xebcd_001d, 0xb202_608b])
  }

  @Test("64-bit words are pairs of 32-bit words, the low half first")
  func wordsAgree() {
    let sequence = SeedSequence(seed: 9_007_199_254_740_991)
    let halves = sequence.words32(8)
    #expect(sequence.words64(4) == (0..<4).map { UInt64(halves[2 * $0]) + UInt64(halves[2 * $0 + 1]) << 32 })
  }

  @Test("an integer seed is its 32-bit words, least significant first")
  func integerSeeds() {
    #expect(SeedSequence(seed: 0x1234_5678_9abc_def0) == SeedSequence(words: [0x9abc_def0, 0x1234_5678]))
    #expect(SeedSequence(seed: 0) == SeedSequence(words: []))
  }

  @Test("a spawn key is told apart from further words of the seed, and keys from one another")
  func spawnKeys() {
    let sequences = [
      SeedSequence(seed: 7), SeedSequence(seed: 7, spawnKey: [0]), SeedSequence(seed: 7, spawnKey: [1]),
      SeedSequence(seed: 7, spawnKey: [0, 1]), SeedSequence(words: [7, 1]), SeedSequence(seed: 8, spawnKey: [1]),
    ]
    for (index, sequence) in sequences.enumerated() {
      #expect(sequences.firstIndex(of: sequence) == index)
    }
  }
}
