import ClassicControl
import Environments
import Testing

/// What every environment of the catalog has to keep, whatever it is about.
@Suite("Every environment of the catalog keeps the contract", .serialized)
struct EnvironmentContractTests {
  static let ids = EnvironmentCatalog.entries.map(\.id)

  /// A batch with its rows, stepped by random actions and reset where an episode ends.
  struct Run {
    let batch: any EnvironmentBatch
    let outcome: StepBatch
    let actions: ValueBatch
    var generator = PCG64(seed: 99)
    /// The bits of everything that came out.
    var trace: [UInt64] = []

    init(_ id: String, count: Int = 1) throws {
      batch = try EnvironmentCatalog.entry(id).make(count)
      outcome = StepBatch(observationSpace: batch.observationSpace, count: count)
      actions = ValueBatch(batch.actionSpace, count: count)
    }

    mutating func reset(seed: UInt64?, options: [String: PlainValue] = [:]) throws {
      for row in 0..<batch.count {
        let seed = seed.map { $0 + UInt64(row) }
        try batch.reset(row, seed: seed, options: options, into: outcome.observations, row: row)
      }
      try record()
    }

    mutating func step(_ count: Int) throws {
      for _ in 0..<count {
        try actions.fillUniformly(using: &generator)
        try batch.step(0..<batch.count, actions: actions, into: outcome)
        try record()
        for row in 0..<batch.count where outcome.hasEnded(row) {
          try batch.reset(row, seed: nil, options: [:], into: outcome.observations, row: row)
        }
      }
    }

    private mutating func record() throws {
      let observations = try #require(outcome.observations.flat?.array)
      trace += (0..<observations.count).map { observations.double(at: $0).bitPattern }
      for row in 0..<batch.count {
        trace += [outcome.rewards[row].bitPattern, outcome.isTerminated[row] ? 1 : 0, outcome.isTruncated[row] ? 1 : 0]
      }
    }
  }

  @Test("its description has its registered name and its limit of steps", arguments: ids)
  func description(id: String) throws {
    let batch = try EnvironmentCatalog.entry(id).make(3)
    #expect(batch.count == 3)
    #expect(batch.spec.id == id)
    #expect(try #require(batch.spec.maximumEpisodeSteps) > 0)
    #expect(!batch.spec.isNondeterministic)
  }

  @Test("every number of every observation is written and lies in the space; rewards are finite", arguments: ids)
  func observations(id: String) throws {
    var run = try Run(id, count: 3)
    guard case .box(let box) = run.batch.observationSpace else {
      Issue.record("the observations are no Box")
      return
    }
    let array = try #require(run.outcome.observations.flat?.array)
    #expect(array.type == box.type)
    #expect(array.count == 3 * box.shape.elementCount)
    func check() {
      for index in 0..<array.count {
        let number = array.double(at: index)
        // NaN, which the array was filled with, fails both.
        #expect(number >= box.low[index % (array.count / 3)] && number <= box.high[index % (array.count / 3)])
      }
    }
    for index in 0..<array.count { array.set(Double.nan, at: index) }
    try run.reset(seed: 1)
    check()
    for _ in 0..<100 {
      for index in 0..<array.count { array.set(Double.nan, at: index) }
      try run.step(1)
      check()
      for row in 0..<3 { #expect(run.outcome.rewards[row].isFinite) }
    }
  }

  @Test("the same seed and actions give the same bits, and another seed gives others", arguments: ids)
  func determinism(id: String) throws {
    func trace(seed: UInt64) throws -> [UInt64] {
      var run = try Run(id, count: 2)
      try run.reset(seed: seed)
      try run.step(700)
      return run.trace
    }
    let first = try trace(seed: 11)
    #expect(try first == trace(seed: 11))
    #expect(try first != trace(seed: 12))
  }

  @Test("a seed in mid-stream restarts the environment, no seed continues it", arguments: ids)
  func reseeding(id: String) throws {
    var run = try Run(id)
    try run.reset(seed: 4)
    let first = run.trace
    try run.step(30)
    run.trace = []
    try run.reset(seed: nil)
    #expect(run.trace.prefix(first.count - 3) != first.prefix(first.count - 3))
    run.trace = []
    try run.reset(seed: 4)
    #expect(run.trace.prefix(first.count - 3) == first.prefix(first.count - 3))
  }

  @Test("N sub-environments are N single ones with seeds s, s + 1, …, bit for bit", arguments: ids)
  func subEnvironments(id: String) throws {
    let count = 5
    var many = try Run(id, count: count)
    var single = try (0..<count).map { _ in try Run(id) }
    try many.reset(seed: 40)
    for index in 0..<count { try single[index].reset(seed: 40 + UInt64(index)) }
    for _ in 0..<600 {
      try many.actions.fillUniformly(using: &many.generator)
      try many.batch.step(0..<count, actions: many.actions, into: many.outcome)
      for index in 0..<count {
        let one = single[index]
        one.actions.copyRow(index, of: many.actions, to: 0)
        try one.batch.step(0..<1, actions: one.actions, into: one.outcome)
        try expectSameRow(many.outcome, index, one.outcome)
        guard many.outcome.hasEnded(index) else { continue }
        try many.batch.reset(index, seed: nil, options: [:], into: many.outcome.observations, row: index)
        try one.batch.reset(0, seed: nil, options: [:], into: one.outcome.observations, row: 0)
        try expectSameRow(many.outcome, index, one.outcome)
      }
    }
  }

  private func expectSameRow(_ many: StepBatch, _ row: Int, _ one: StepBatch) throws {
    #expect(try SpaceValue.load(from: many.observations, row: row) == SpaceValue.load(from: one.observations, row: 0))
    #expect(many.rewards[row] == one.rewards[0])
    #expect(many.isTerminated[row] == one.isTerminated[0])
    #expect(many.isTruncated[row] == one.isTruncated[0])
  }

  @Test("no episode is longer than the limit, and only one of that length is truncated", arguments: ids)
  func limit(id: String) throws {
    var run = try Run(id)
    let limit = try #require(run.batch.spec.maximumEpisodeSteps)
    try run.reset(seed: 2)
    var length = 0
    for _ in 0..<3 * limit {
      try run.step(1)
      length += 1
      #expect(length <= limit)
      #expect(run.outcome.isTruncated[0] == (length == limit))
      if run.outcome.hasEnded(0) { length = 0 }
    }
  }

  @Test("options that cannot be used are refused before anything changes, unknown ones are ignored", arguments: ids)
  func options(id: String) throws {
    var one = try Run(id)
    var other = try Run(id)
    try one.reset(seed: 3)
    try other.reset(seed: 3, options: ["an option that nobody knows": .null])
    let error = #expect(throws: EnvironmentError.self) {
      try one.reset(seed: 8, options: ["state": .string("upright")])
    }
    guard case .invalidOptions? = error else {
      Issue.record("the error is \(String(describing: error))")
      return
    }
    try one.step(1)
    try other.step(1)
    try one.reset(seed: nil)
    try other.reset(seed: nil)
    #expect(one.trace == other.trace)
  }

  @Test("a state that it offers is whole: what follows is the same, through further episodes too", arguments: ids)
  func states(id: String) throws {
    var run = try Run(id)
    guard run.batch.offersStates else { return }
    try run.reset(seed: 6)
    try run.step(20)
    let (state, generator) = (try run.batch.state(of: 0), run.generator)
    func future() throws -> [UInt64] {
      (run.trace, run.generator) = ([], generator)
      try run.step(1_100)
      return run.trace
    }
    let first = try future()
    try run.batch.restore(0, to: state)
    #expect(try future() == first)
  }

  @Test("stepping some of the rows leaves the others as they are", arguments: ids)
  func partialStep(id: String) throws {
    var run = try Run(id, count: 4)
    try run.reset(seed: 5)
    let before = try (0..<4).map { try SpaceValue.load(from: run.outcome.observations, row: $0) }
    try run.actions.fillUniformly(using: &run.generator)
    try run.batch.step(1..<3, actions: run.actions, into: run.outcome)
    for row in 0..<4 {
      let hasMoved = try SpaceValue.load(from: run.outcome.observations, row: row) != before[row]
      #expect(hasMoved == (1..<3).contains(row))
    }
  }
}
