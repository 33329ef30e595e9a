import Testing

@Suite("A line that a page shows")
struct ShownLineTests {
  @Test(
    "fits what is the same but for a tenth, and for times and sizes",
    arguments: [
      ("mean return 500.00 ± 0.00, 100 episodes", "mean return 487.20 ± 21.31, 100 episodes"),
      (
        "epoch 48/48  steps 49,152  1,000 steps/s  0.1 s",
        "epoch 48/48  steps 49,152  7 steps/s  12 s"
      ),
      ("film of 501 pictures, 228 kB", "film of 501 pictures, 9 kB"), ("a ... b", "a 1 c"),
      ("run   12/12   done in 0.2 s", "run  12/12  done in 3 s"),
    ])
  func fits(shown: String, printed: String) { #expect(ShownLine(shown).fits(printed)) }

  @Test(
    "does not fit other words, other figures, or fewer of them",
    arguments: [
      ("mean return 500.00 ± 0.00", "mean return 350.00 ± 0.00"),
      ("mean return 500.00 ± 0.00", "mean return 500 ± 80"),
      ("72 passed, 0 failed", "72 passed, 1 failed"), ("policy written", "policy not written"),
      ("a 1 b 2", "a 1 b"),
    ])
  func differs(shown: String, printed: String) { #expect(!ShownLine(shown).fits(printed)) }
}
