import Testing

@testable import GymwireIO

@Suite("Waiting awake")
struct SpinBudgetTests {
  @Test("on one processor a wait looks once if the partner has answered, and otherwise twice")
  func oneProcessor() {
    var budget = SpinBudget(.always, processors: 1)
    var looks = 0
    #expect(
      budget.wait {
        looks += 1
        return 5
      } == 5)
    #expect(looks == 1)
    #expect(
      budget.wait {
        looks += 1
        return 0
      } == 0)
    #expect(looks == 3)
  }

  @Test("a partner who is never in time is soon waited for asleep", arguments: [1, 2])
  func neverInTime(processors: Int) {
    var budget = SpinBudget(.automatic, processors: processors)
    var (looks, waits) = (0, 0)
    for _ in 0..<1000 {
      let before = looks
      _ = budget.wait {
        looks += 1
        return 0
      }
      if looks > before { waits += 1 }
    }
    #expect(waits > 0 && waits < 500)
  }

  @Test("whoever is told never to wait awake does not look", arguments: [1, 2])
  func never(processors: Int) {
    var budget = SpinBudget(.never, processors: processors)
    #expect(budget.wait { 5 } == 0)
  }
}
