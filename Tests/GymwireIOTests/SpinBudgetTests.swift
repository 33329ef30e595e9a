import Testing

@testable import GymwireIO

@Suite("Waiting awake")
struct SpinBudgetTests {
  @Test("on one processor a wait looks once if the partner has answered, and otherwise twice")
  func oneProcessor() {
    var budget = SpinBudget(.always, processors: 1)
    #expect(looks(&budget, findingBytes: 5) == 1)
    #expect(looks(&budget, findingBytes: 0) == 2)
  }

  @Test("a partner who is never in time is soon waited for asleep", arguments: [1, 2])
  func neverInTime(processors: Int) {
    var budget = SpinBudget(.automatic, processors: processors)
    let waits = (0..<1000).count { _ in looks(&budget, findingBytes: 0) > 0 }
    #expect(waits > 0 && waits < 500)
  }

  @Test("whoever is told never to wait awake does not look", arguments: [1, 2])
  func never(processors: Int) {
    var budget = SpinBudget(.never, processors: processors)
    #expect(looks(&budget, findingBytes: 0) == 0)
    #expect(budget.wait { 5 } == 0)
  }

  /// How often a wait looks whose every look finds so many bytes.
  private func looks(_ budget: inout SpinBudget, findingBytes count: Int) -> Int {
    var looks = 0
    let found = budget.wait {
      looks += 1
      return count
    }
    #expect(found == count)
    return looks
  }
}
