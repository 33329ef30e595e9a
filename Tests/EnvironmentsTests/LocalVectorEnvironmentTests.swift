import Environments
import Testing

@Suite("A local vector environment resets within the step")
struct LocalVectorEnvironmentTests {
  private func vector(lengths: [Int], limit: Int = 100) throws -> (LocalVectorEnvironment, ValueBatch) {
    var rest = lengths
    let batch = EnvironmentArray(count: lengths.count) {
      TimeLimit(Countdown(length: rest.removeFirst()), steps: limit)
    }
    let vector = LocalVectorEnvironment(batch)
    return (vector, ValueBatch(vector.actionSpace, count: vector.count))
  }

  @Test("an ended episode's last observation is kept, and the new episode's first one comes next")
  func sameStepReset() throws {
    let (vector, actions) = try vector(lengths: [1, 2, 5], limit: 3)
    try vector.reset(seed: 0, options: [:])
    var ends: [[Int]] = []
    for _ in 1...6 {
      try vector.step(actions)
      var ended: [Int] = []
      for row in 0..<3 {
        let next = try [Double].load(from: vector.outcome.observations, row: row)
        guard vector.outcome.hasEnded(row) else { continue }
        ended.append(row)
        let final = try [Double].load(from: vector.outcome.finalObservations, row: row)
        #expect(final[1] == vector.outcome.rewards[row])
        #expect(final[1] == Double([1, 2, 3][row]))
        #expect(next.prefix(2) == [final[0] + 1, 0])
        #expect(vector.outcome.isTerminated[row] == (row < 2))
        #expect(vector.outcome.isTruncated[row] == (row == 2))
      }
      ends.append(ended)
    }
    #expect(ends == [[0], [0, 1], [0, 2], [0, 1], [0], [0, 1, 2]])
  }

  @Test("sub-environment i gets seed s + i, and resets after an end continue its generator")
  func seeds() throws {
    let (vector, actions) = try vector(lengths: [1, 1, 1])
    try vector.reset(seed: 100, options: [:])
    var generators = (0..<3).map { PCG64(seed: 100 + UInt64($0)) }
    for _ in 0..<4 {
      for row in 0..<3 {
        let observation = try [Double].load(from: vector.outcome.observations, row: row)
        #expect(observation[2] == generators[row].uniform())
      }
      try vector.step(actions)
    }
  }

  @Test("the info of an ended episode goes with its final observation")
  func infos() throws {
    let (vector, actions) = try vector(lengths: [1, 2])
    try vector.reset(seed: nil, options: [:])
    for row in 0..<2 { try 8.store(in: actions, row: row) }
    try vector.step(actions)
    #expect(vector.outcome.finalInfos == [0: ["step": .number(1)]])
    #expect(vector.outcome.infos == [1: ["step": .number(1)]])
    for row in 0..<2 { try 0.store(in: actions, row: row) }
    try vector.step(actions)
    #expect(vector.outcome.finalInfos.isEmpty)
    #expect(vector.outcome.infos.isEmpty)
  }

  @Test("it describes itself as its sub-environments do")
  func description() throws {
    let (vector, _) = try vector(lengths: [1, 2], limit: 9)
    #expect(vector.count == 2)
    #expect(vector.spec == EnvironmentSpec(id: "Countdown-v0", maximumEpisodeSteps: 9))
    #expect(vector.actionSpace == .discrete(Discrete(10)))
    #expect(vector.outcome.count == 2)
  }
}
