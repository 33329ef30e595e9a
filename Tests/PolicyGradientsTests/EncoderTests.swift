import Environments
import PolicyGradients
import Testing

@Suite("Observations and actions as floats")
struct EncoderTests {
  @Test("a Dict of spaces is flattened as Gymnasium's flatten does it")
  func structuredObservation() throws {
    let task = StructuredTask()
    let batch = ValueBatch(task.observationSpace, count: 2)
    try task.reset(seed: nil, options: [:]).store(in: batch, row: 0)
    try task.step(SpaceValue.load(from: ValueBatch(task.actionSpace, count: 1), row: 0)).observation
      .store(in: batch, row: 1)
    let encoder = try ObservationEncoder(task.observationSpace)
    #expect(encoder.width == 4 + 3 + 2)
    var floats = [Float](repeating: -1, count: 18)
    encoder.encode(batch, rows: 0..<2, into: &floats)
    #expect(floats[..<9] == [10, 11, 12, 13, 0, 1, 0, 0, 1])
    #expect(floats[9...] == [20, 21, 22, 23, 0, 0, 1, 0, 0])
    #expect(encoder.problem(in: floats, rows: 2) == nil)
  }

  @Test("a MultiDiscrete is one one-hot vector after the other")
  func multiDiscrete() throws {
    let space = Space.multiDiscrete(MultiDiscrete(shape: [2], nvec: .each([2, 3]), start: .each([0, 5])))
    let batch = ValueBatch(space, count: 1)
    let encoder = try ObservationEncoder(space)
    var floats = [Float](repeating: -1, count: encoder.width)
    batch.flat?.array.set(Int128(1), at: 0)
    batch.flat?.array.set(Int128(7), at: 1)
    encoder.encode(batch, rows: 0..<1, into: &floats)
    #expect(floats == [0, 1, 0, 0, 1])
  }

  @Test("a choice that is not there is found, and where")
  func illegalChoice() throws {
    let space = Space.tuple([.multiBinary(shape: [2]), .discrete(Discrete(3))])
    let batch = ValueBatch(space, count: 2)
    if case .members(let members) = batch.storage { members[1].flat?.array.set(Int128(3), at: 1) }
    let encoder = try ObservationEncoder(space)
    var floats = [Float](repeating: -1, count: 2 * encoder.width)
    encoder.encode(batch, rows: 0..<2, into: &floats)
    let problem = try #require(encoder.problem(in: floats, rows: 2))
    #expect(problem.row == 1)
    #expect(problem.reason == "element 0 of obs.1 is not one of 0...2")
  }

  @Test("every number type is read", arguments: ScalarType.allCases)
  func types(type: ScalarType) throws {
    let space = Space.box(Box(shape: [2], type: type, low: .same(0), high: .same(1)))
    let batch = ValueBatch(space, count: 1)
    batch.flat?.array.set(Int128(1), at: 1)
    var floats: [Float] = [-1, -1]
    try ObservationEncoder(space).encode(batch, rows: 0..<1, into: &floats)
    #expect(floats == [0, 1])
  }

  @Test("actions of a Box are clipped to its bounds, which is counted")
  func clippedActions() throws {
    let space = Space.box(Box(shape: [3], type: .float64, low: .each([-1, -1, 0]), high: .each([1, .infinity, 2])))
    let encoder = try ActionEncoder(space)
    let batch = ValueBatch(space, count: 2)
    #expect(encoder.encode([-3, 50, 1, 0.5, -2, 7], rows: 2, into: batch) == 3)
    #expect((0..<6).map { batch.flat?.array.double(at: $0) } == [-1, 50, 1, 0.5, -1, 2])
  }

  @Test("actions of a Box of integers are rounded")
  func integerActions() throws {
    let space = Space.box(Box(shape: [2], type: .int8, low: .same(-5), high: .same(5)))
    let batch = ValueBatch(space, count: 1)
    try ActionEncoder(space).encode([1.6, -9], rows: 1, into: batch)
    #expect((0..<2).map { batch.flat?.array.integer(at: $0) } == [2, -5])
  }

  @Test(
    "SPEC 16.7: actions of an integer Box with its type's whole range end at the ends of the type",
    arguments: ScalarType.allCases.filter { !$0.isFloatingPoint })
  func wholeRange(type: ScalarType) throws {
    let range = try #require(type.integerRange)
    let space = Space.box(
      Box(shape: [2], type: type, low: .same(Double(range.lowerBound)), high: .same(Double(range.upperBound))))
    let batch = ValueBatch(space, count: 1)
    #expect(try ActionEncoder(space).encode([1e30, -1e30], rows: 1, into: batch) == 2)
    #expect((0..<2).map { batch.flat?.array.integer(at: $0) } == [range.upperBound, range.lowerBound])
  }

  @Test("a Dict of actions is a product of distributions, each at its place")
  func structuredActions() throws {
    let task = StructuredTask()
    let encoder = try ActionEncoder(task.actionSpace)
    #expect(encoder.distribution.actionCount == 2 + 2 + 2)
    #expect(encoder.distribution.parameterCount == 4 + 5 + 2)
    #expect(encoder.distribution.logSigmaColumns == [2, 3])
    let batch = ValueBatch(task.actionSpace, count: 1)
    encoder.encode([0.5, 1, 1, 2, 0, 1], rows: 1, into: batch)
    guard case .members(let members) = batch.storage else { return }
    #expect(members.map { $0.flat?.array.double(at: 0) } == [0.5, 1, 0])
    #expect(members.map { $0.flat?.array.double(at: 1) } == [1, 2, 1])
  }

  @Test("a space that cannot be used is named with its path")
  func unsupported() {
    let space = Space.dict([
      Space.Member("camera", .tuple([.multiBinary(shape: [1]), .text(Text(maximumLength: 3))]))
    ])
    #expect {
      try ObservationEncoder(space)
    } throws: { "\($0)".contains("obs.camera.1 is a Text") }
    #expect {
      try ActionEncoder(.sequence(of: .discrete(Discrete(2)), isStacked: false))
    } throws: { "\($0)".contains("action is a Sequence") }
    #expect(throws: TrainingError.self) { try ObservationEncoder(.dict([])) }
    #expect(throws: TrainingError.self) { try ActionEncoder(.tuple([])) }
    #expect(throws: TrainingError.self) { try ActionEncoder(.discrete(Discrete(1 << 40))) }
    #expect(throws: TrainingError.self) {
      try ObservationEncoder(.box(Box(shape: [1 << 40, 1 << 40], low: .same(0), high: .same(1))))
    }
  }
}
