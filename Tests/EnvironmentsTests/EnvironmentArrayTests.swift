import Environments
import Testing

@Suite("Environments of one type stand side by side")
struct EnvironmentArrayTests {
  private func outcome(of array: some EnvironmentBatch) -> StepBatch {
    StepBatch(observationSpace: array.observationSpace, count: array.count)
  }

  private func actions(_ values: [Int], _ array: some EnvironmentBatch) throws -> ValueBatch {
    let batch = ValueBatch(array.actionSpace, count: values.count)
    for (row, value) in values.enumerated() { try value.store(in: batch, row: row) }
    return batch
  }

  @Test("there are as many as wished for, but never none", arguments: [(1, 1), (7, 7), (0, 1), (-3, 1), (2, 2)])
  func resize(wanted: Int, granted: Int) {
    let array = EnvironmentArray(count: 4) { Countdown(length: 3) }
    #expect(array.count == 4)
    #expect(array.resize(to: wanted) == granted)
    #expect(array.count == granted)
  }

  @Test("each is stepped by its own row, and only rows that tell anything have an info")
  func rows() throws {
    var made = 0
    let array = EnvironmentArray(count: 3) {
      made += 1
      return Countdown(length: made)
    }
    let outcome = outcome(of: array)
    for index in 0..<3 { try array.reset(index, seed: nil, options: [:], into: outcome.observations, row: index) }
    try array.step(0..<3, actions: actions([0, 8, 0], array), into: outcome)
    #expect((0..<3).map { outcome.isTerminated[$0] } == [true, false, false])
    try array.step(1..<3, actions: actions([0, 0, 0], array), into: outcome)
    #expect((0..<3).map { outcome.isTerminated[$0] } == [true, true, false])
    #expect((0..<3).map { outcome.rewards[$0] } == [1, 2, 2])
    #expect(try [Double].load(from: outcome.observations, row: 2) == [1, 2, 0])
    #expect(outcome.infos == [1: ["step": .number(1)]])
  }

  @Test("any row can receive a reset observation")
  func resetRow() throws {
    let array = EnvironmentArray(count: 2) { Countdown(length: 3) }
    let observations = ValueBatch(array.observationSpace, count: 5)
    try array.reset(1, seed: nil, options: [:], into: observations, row: 4)
    #expect(try [Double].load(from: observations, row: 4)[0] == 1)
    #expect(try [Double].load(from: observations, row: 1)[0] == 0)
  }

  @Test("an error in the middle leaves the rows before it stepped")
  func failure() throws {
    let array = EnvironmentArray(count: 3) { Countdown(length: 9) }
    let outcome = outcome(of: array)
    for index in 0..<3 { try array.reset(index, seed: nil, options: [:], into: outcome.observations, row: index) }
    #expect(throws: EnvironmentError.failed("the environment broke")) {
      try array.step(0..<3, actions: actions([0, 9, 0], array), into: outcome)
    }
    #expect((0..<3).map { outcome.rewards[$0] } == [1, 0, 0])
  }
}
