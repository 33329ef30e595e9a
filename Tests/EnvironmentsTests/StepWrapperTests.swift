import Environments
import Testing

/// A count of steps that is shown and paid, and ends at `length`; an action is added to the reward a hundredfold.
private struct Clock: Environment {
  var length = 7
  private var steps = 0
  let spec = EnvironmentSpec(id: "Clock", maximumEpisodeSteps: nil)
  let observationSpace = Space.box(Box(shape: [2], low: .same(0), high: .same(100)))
  let actionSpace = Space.discrete(Discrete(5))

  init(length: Int = 7) { self.length = length }

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] {
    steps = 0
    return [0, 50]
  }

  mutating func step(_ action: Int) -> Transition<[Float]> {
    steps += 1
    return Transition([Float(steps), 50], reward: Double(steps + 100 * action), isTerminated: steps == length)
  }
}

/// Sub-environments that share a process, which is replaced whenever one of them is reset.
private final class Neighbours: EnvironmentWrapper {
  let inner: any VectorEnvironment
  var isReplaced = true

  init(_ inner: any VectorEnvironment) { self.inner = inner }

  func finishStep() throws {
    try inner.finishStep()
    outcome.clearInterruptions()
  }

  func resetRows(_ rows: [Int]) throws {
    if isReplaced { outcome.cut(0..<count) }
    try inner.resetRows(isReplaced ? Array(0..<count) : rows)
  }
}

@Suite("Wrappers about steps")
struct StepWrapperTests {
  /// Sub-environments of which number i ends after 7 + i steps.
  private func clocks(_ count: Int) -> LocalVectorEnvironment {
    var next = 6
    return LocalVectorEnvironment(
      EnvironmentArray(count: count) {
        next += 1
        return Clock(length: next)
      })
  }

  private func step(_ environment: any VectorEnvironment, _ actions: [Int]) throws -> StepBatch {
    let batch = ValueBatch(environment.actionSpace, count: environment.count)
    for (row, action) in actions.enumerated() { try action.store(in: batch, row: row) }
    try environment.step(batch)
    return environment.outcome
  }

  private func shown(_ batch: ValueBatch, _ row: Int) -> [Float] {
    batch.floats(row..<row + 1).map { Array($0) } ?? []
  }

  @Test("an action that lasts adds up its rewards, and an episode that ends meanwhile is not played on")
  func repeated() throws {
    let environment = RepeatedActions(clocks(2), times: 3)
    try environment.reset(seed: 1, options: [:])
    for begun in [0, 3] {
      let outcome = try step(environment, [1, 0])
      #expect(outcome.rewards[0] == Double(300 + 3 * begun + 6) && outcome.rewards[1] == Double(3 * begun + 6))
      #expect(!outcome.hasEnded(0) && !outcome.hasEnded(1))
    }
    // The first ends with its seventh step, the second with its eighth.
    let outcome = try step(environment, [0, 0])
    #expect(outcome.rewards[0] == 7 && outcome.rewards[1] == 15)
    #expect(outcome.isTerminated[0] && outcome.isTerminated[1] && !outcome.isTruncated[0])
    #expect(shown(outcome.finalObservations, 0)[0] == 7 && shown(outcome.finalObservations, 1)[0] == 8)
    #expect(shown(outcome.observations, 0)[0] == 0 && shown(outcome.observations, 1)[0] == 0)
    let next = try step(environment, [0, 0])
    #expect(next.rewards[0] == 6)
  }

  @Test("episodes are cut after so many steps, with the observation that they end at")
  func limited() throws {
    let environment = LimitedEpisodes(clocks(2), limit: 7)
    #expect(environment.spec.maximumEpisodeSteps == 7)
    try environment.reset(seed: 1, options: [:])
    for _ in 1...6 {
      let outcome = try step(environment, [0, 0])
      #expect(!outcome.hasEnded(0) && !outcome.hasEnded(1))
    }
    let outcome = try step(environment, [0, 0])
    #expect(outcome.isTerminated[0] && !outcome.isTruncated[0], "the task itself ended at the limit")
    #expect(!outcome.isTerminated[1] && outcome.isTruncated[1])
    #expect(shown(outcome.finalObservations, 1)[0] == 7 && shown(outcome.observations, 1)[0] == 0)
    let next = try step(environment, [0, 0])
    #expect(!next.hasEnded(1))
  }

  @Test("an episode that is cut because a neighbour's is over begins its count of steps anew")
  func limitedNeighbours() throws {
    let neighbours = Neighbours(LocalVectorEnvironment(EnvironmentArray(count: 2) { Clock(length: 1000) }))
    let environment = LimitedEpisodes(neighbours, limit: 10)
    try environment.reset(seed: 1, options: [:])
    neighbours.isReplaced = false
    for _ in 1...4 { _ = try step(environment, [0, 0]) }
    try environment.resetRows([0])
    neighbours.isReplaced = true
    for _ in 5...9 { #expect(try !step(environment, [0, 0]).hasEnded(0)) }
    let outcome = try step(environment, [0, 0])
    #expect(outcome.isTruncated[0] && outcome.isTruncated[1] && outcome.cutRows == [0])
    #expect(shown(outcome.finalObservations, 0)[0] == 6 && shown(outcome.finalObservations, 1)[0] == 10)
    for _ in 1...9 { #expect(try !step(environment, [0, 0]).hasEnded(0)) }
    #expect(try step(environment, [0, 0]).isTruncated[0])
  }

  @Test("an action that lasts tells of an episode that is cut because a neighbour's is over")
  func repeatedNeighbours() throws {
    var length = -993
    let clocks = LocalVectorEnvironment(
      EnvironmentArray(count: 2) {
        length += 1000
        return Clock(length: length)
      })
    let environment = RepeatedActions(Neighbours(clocks), times: 3)
    try environment.reset(seed: 1, options: [:])
    for _ in 1...2 { #expect(try !step(environment, [0, 0]).hasEnded(1)) }
    let outcome = try step(environment, [0, 0])
    #expect(outcome.isTerminated[0] && outcome.isTruncated[1] && outcome.cutRows == [1])
    #expect(outcome.rewards[0] == 7 && outcome.rewards[1] == 24)
    #expect(shown(outcome.finalObservations, 1)[0] == 9 && shown(outcome.observations, 1)[0] == 0)
  }

  @Test("the action before is taken now and then, never across episodes, and the same with the same seed")
  func sticky() throws {
    func rewards(_ seed: UInt64) throws -> [Int] {
      let environment = StickyActions(clocks(1), probability: 0.4)
      try environment.reset(seed: seed, options: [:])
      return try (0..<350).map { number in
        Int(try step(environment, [number % 7 == 0 ? 4 : number % 2]).rewards[0]) / 100
      }
    }
    let (taken, again, others) = (try rewards(3), try rewards(3), try rewards(4))
    #expect(taken == again && taken != others)
    #expect((0..<50).allSatisfy { taken[7 * $0] == 4 }, "episodes begin with what was chosen")
    // Of 150 choices that differ from the one before in the middle of an episode, two in five are not taken.
    let replaced = (0..<350).filter { $0 % 7 > 1 && taken[$0] != $0 % 2 }.count
    #expect((60...140).contains(replaced), "\(replaced)")
  }

  @Test("observations are stacked, the oldest first, and a new episode does not see the old one")
  func stacked() throws {
    let environment = try StackedFrames(clocks(2), frames: 3)
    #expect(environment.observationSpace == .box(Box(shape: [3, 2], low: .same(0), high: .same(100))))
    try environment.reset(seed: 1, options: [:])
    #expect(shown(environment.outcome.observations, 1) == [0, 50, 0, 50, 0, 50])
    for _ in 1...4 { _ = try step(environment, [0, 0]) }
    #expect(shown(environment.outcome.observations, 0) == [2, 50, 3, 50, 4, 50])
    for _ in 5...7 { _ = try step(environment, [0, 0]) }
    let outcome = environment.outcome
    #expect(outcome.isTerminated[0] && !outcome.isTerminated[1])
    #expect(shown(outcome.finalObservations, 0) == [5, 50, 6, 50, 7, 50])
    #expect(shown(outcome.observations, 0) == [0, 50, 0, 50, 0, 50])
    #expect(shown(outcome.observations, 1) == [5, 50, 6, 50, 7, 50])
  }

  @Test("every space of numbers can be stacked, and no other")
  func spaces() throws {
    let space = Space.dict([
      .init("a", .discrete(Discrete(3, start: 2))), .init("b", .multiBinary(shape: [2])),
      .init("c", .tuple([.multiDiscrete(MultiDiscrete([2, 4]))])),
    ])
    let expected = Space.dict([
      .init("a", .multiDiscrete(MultiDiscrete(shape: [2], nvec: .same(3), start: .same(2)))),
      .init("b", .multiBinary(shape: [2, 2])),
      .init("c", .tuple([.multiDiscrete(MultiDiscrete(shape: [2, 2], nvec: .each([2, 4, 2, 4])))])),
    ])
    let stacked = try StackedFrames.space(space, 2)
    #expect(stacked == expected)
    #expect(throws: EnvironmentError.self) {
      try StackedFrames.space(.sequence(of: .discrete(Discrete(2)), isStacked: false), 2)
    }
  }

  @Test("they work one within the other")
  func nested() throws {
    let environment = try StackedFrames(LimitedEpisodes(RepeatedActions(clocks(2), times: 2), limit: 3), frames: 2)
    try environment.reset(seed: 1, options: [:])
    _ = try step(environment, [0, 0])
    _ = try step(environment, [0, 0])
    let outcome = try step(environment, [0, 0])
    #expect(outcome.isTruncated[0] && outcome.isTruncated[1] && outcome.rewards[0] == 11)
    #expect(shown(outcome.finalObservations, 0) == [4, 50, 6, 50])
    #expect(shown(outcome.observations, 1) == [0, 50, 0, 50])
  }
}
