import Environments
import Testing

@Suite("The rows whose episode has ended are found in order")
struct EndedRowsTests {
  @Test("whatever the number of rows and wherever looking begins", arguments: [1, 2, 7, 8, 9, 16, 23, 64, 100])
  func oddSizes(count: Int) {
    var generator = PCG64(seed: UInt64(count))
    let outcome = StepBatch(observationSpace: .discrete(Discrete(2)), count: count)
    for share in [0, 1, 5, 50, 100] as [UInt64] {
      for row in 0..<count {
        outcome.isTerminated[row] = generator.next(upperBound: 100) < share
        outcome.isTruncated[row] = generator.next(upperBound: 100) < share
      }
      for start in 0...count {
        let rows = start..<count
        #expect(endedRows(of: outcome, in: rows) == rows.filter { outcome.hasEnded($0) })
      }
      #expect(endedRows(of: outcome, in: 0..<count / 2) == (0..<count / 2).filter { outcome.hasEnded($0) })
    }
  }

  private func endedRows(of outcome: StepBatch, in rows: Range<Int>) -> [Int] {
    var found: [Int] = []
    outcome.forEachEndedRow(in: rows) { found.append($0) }
    return found
  }
}
