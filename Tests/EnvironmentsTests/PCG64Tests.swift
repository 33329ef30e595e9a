import Environments
import Testing

@Suite("PCG64 gives NumPy's numbers")
struct PCG64Tests {
  @Test("seeding gives NumPy's state and increment")
  func seededState() {
    #expect(
      PCG64(seed: 0).words == [
        0x1aa1_b534_5996_452d, 0x0958_5eb7_a695_61e3, 0x418d_dadb_3af7_1a82, 0x5881_33bc_4478_73a9,
      ]
    )
    #expect(
      PCG64(seed: 42).words == [
        0xcea4_4f67_9879_8f2a, 0xacbc_7c9d_6886_0ac8, 0xfa50_5436_c9a8_416e, 0x66ca_f2e2_8d25_abff,
      ]
    )
    #expect(
      PCG64(seed: 2_147_483_647).words.prefix(2) == [0xa5a5_4acf_28f1_a80d, 0x5731_60cb_fb3e_3d3a]
    )
  }

  @Test(
    "the first two outputs of a seed are NumPy's",
    arguments: [
      (0, 0xa30f_ebcf_d9c2_825f, 0x4510_bdf8_82d9_d721),
      (42, 0xc621_fbcd_16d9_2688, 0x705a_5661_a791_ffc1),
      (2_147_483_647, 0x4556_b1b9_d0d8_c66a, 0xef14_08cd_3177_cb2b),
    ] as [(UInt64, UInt64, UInt64)]
  )
  func firstOutputs(seed: UInt64, first: UInt64, second: UInt64) {
    var generator = PCG64(seed: seed)
    #expect(generator.next() == first)
    #expect(generator.next() == second)
  }

  @Test(
    "streams of a seed, and seeds of more than 32 bits, are NumPy's",
    arguments: [
      (0, [0], 0xf164_5aff_cd5f_76ee, 0x50fb_78bc_0167_5596),
      (42, [1], 0x77ad_79cb_131f_4097, 0x0be4_132b_2eb1_f48e),
      (42, [3, 0xdead_beef], 0x92cc_fcbb_9181_d9e8, 0xbff1_e016_9dca_14be),
      (9_007_199_254_740_991, [], 0xc948_dddc_0fcf_0895, 0x9b36_b064_d3d8_a891),
      (9_007_199_254_740_991, [7], 0x76b9_fd7f_3ffb_dd66, 0x7d01_b410_da81_52eb),
      (0x1234_5678_9abc_def0, [1, 2, 3, 4, 5], 0x5be7_9c95_ebfc_df15, 0xa862_661d_9e67_c782),
    ] as [(UInt64, [UInt32], UInt64, UInt64)]
  )
  func streamOutputs(seed: UInt64, key: [UInt32], first: UInt64, second: UInt64) {
    var generator = PCG64(SeedSequence(seed: seed, spawnKey: key))
    #expect(generator.next() == first)
    #expect(generator.next() == second)
  }

  @Test("uniform numbers between bounds are rounded as NumPy rounds them")
  func uniforms() {
    var generator = PCG64(seed: 42)
    let numbers = (0..<4).map { _ in generator.uniform(-0.05, 0.05) }
    #expect(numbers == [0.027395604855596334, -0.006112156024794771, 0.03585979199113824, 0.019736802905936393])
  }

  @Test("a generator saved in mid-stream continues where it was")
  func savedState() throws {
    var generator = PCG64(seed: 5, stream: 1, 2)
    for _ in 0..<100 { _ = generator.next() }
    var restored = try #require(PCG64(words: generator.words))
    #expect(restored == generator)
    for _ in 0..<100 { #expect(restored.next() == generator.next()) }
  }

  @Test(
    "words that are no state of the generator are refused",
    arguments: [[], [1, 2, 3], [1, 2, 3, 4], [1, 1, 1, 1, 1]]
  )
  func damagedState(words: [UInt64]) {
    #expect(PCG64(words: words) == nil)
  }

  @Test("streams of one seed differ, and generators from entropy differ")
  func streams() {
    #expect(PCG64(seed: 1) != PCG64(seed: 1, stream: 0))
    #expect(PCG64(seed: 1, stream: 0) != PCG64(seed: 1, stream: 1))
    #expect(PCG64() != PCG64())
  }

  @Test("uniform numbers lie in [0, 1) and have the moments of the uniform distribution")
  func uniformMoments() {
    var generator = PCG64(seed: 3)
    let numbers = (0..<200_000).map { _ in generator.uniform() }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(mean(numbers) - 0.5) < 0.003)
    #expect(abs(mean(numbers.map { ($0 - 0.5) * ($0 - 0.5) }) - 1.0 / 12) < 0.001)
  }

  @Test("normal numbers have the moments and the tail of the normal distribution")
  func normalMoments() {
    var generator = PCG64(seed: 4)
    let numbers = (0..<400_000).map { _ in generator.normal() }
    #expect(numbers.allSatisfy { $0.isFinite })
    #expect(abs(mean(numbers)) < 0.008)
    #expect(abs(mean(numbers.map { $0 * $0 }) - 1) < 0.012)
    #expect(abs(mean(numbers.map { $0 * $0 * $0 })) < 0.03)
    #expect(abs(mean(numbers.map { $0 * $0 * $0 * $0 }) - 3) < 0.08)
    let beyondTwo = Double(numbers.count { abs($0) > 2 }) / Double(numbers.count)
    #expect(abs(beyondTwo - 0.0455) < 0.002)
  }

  @Test("a normal number takes exactly two draws")
  func normalDraws() {
    var one = PCG64(seed: 6)
    var other = one
    for _ in 0..<10 {
      _ = one.normal()
      _ = other.next()
      _ = other.next()
      #expect(one == other)
    }
  }

  private func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
}
