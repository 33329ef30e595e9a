import Environments
import Testing

@Suite("Batches hold values of every space")
struct ValueBatchTests {
  static func array(_ type: ScalarType, _ values: [Int128]) -> FlatArray {
    let array = FlatArray(type, count: values.count)
    for (index, value) in values.enumerated() { array.set(value, at: index) }
    return array
  }

  static func flat(_ type: ScalarType, _ values: [Int128]) -> SpaceValue { .flat(array(type, values)) }

  /// Every kind of space, with two different values of it.
  static func examples() -> [(space: Space, first: SpaceValue, second: SpaceValue)] {
    let camera = Space.box(Box(shape: [2, 1], type: .uint8, low: .same(0), high: .same(255)))
    return [
      (camera, flat(.uint8, [1, 255]), flat(.uint8, [0, 7])),
      (.box(Box(shape: [], low: .same(-1), high: .same(1))), flat(.float32, [1]), flat(.float32, [-1])),
      (.box(Box(shape: [0], low: .same(-1), high: .same(1))), flat(.float32, []), flat(.float32, [])),
      (.discrete(Discrete(3, start: -1)), flat(.int64, [-1]), flat(.int64, [1])),
      (.multiBinary(shape: [3]), flat(.int8, [1, 0, 1]), flat(.int8, [0, 1, 1])),
      (.multiDiscrete(MultiDiscrete([2, 9])), flat(.int64, [1, 8]), flat(.int64, [0, 3])),
      (.text(Text(maximumLength: 5)), .text("left"), .text("right")),
      (
        .tuple([camera, .discrete(Discrete(2))]), .tuple([flat(.uint8, [3, 4]), flat(.int64, [1])]),
        .tuple([flat(.uint8, [5, 6]), flat(.int64, [0])])
      ),
      (
        .dict([.init("eye", camera), .init("parts", .tuple([.text(Text(maximumLength: 1)), .discrete(Discrete(2))]))]),
        .dict([flat(.uint8, [3, 4]), .tuple([.text("a"), flat(.int64, [1])])]),
        .dict([flat(.uint8, [9, 9]), .tuple([.text("b"), flat(.int64, [0])])])
      ),
      (
        .oneOf([.discrete(Discrete(2)), camera]), .oneOf(index: 0, flat(.int64, [1])),
        .oneOf(index: 1, flat(.uint8, [1, 2]))
      ),
      (.sequence(of: camera, isStacked: false), .sequence([flat(.uint8, [1, 2])]), .sequence([])),
      (
        .graph(nodes: camera, edges: nil), .graph(nodes: array(.uint8, [1, 2]), edges: nil, links: nil),
        .graph(nodes: array(.uint8, [1, 2, 3, 4]), edges: nil, links: array(.int64, [0, 1]))
      ),
    ]
  }

  @Test("a value of any space comes back from the row that it was stored in, and touches no other row")
  func roundTrip() throws {
    #expect(Set(Self.examples().map(\.space.kind)).count == 10)
    for (space, first, second) in Self.examples() {
      let batch = ValueBatch(space, count: 3)
      try first.store(in: batch, row: 0)
      try second.store(in: batch, row: 2)
      try first.store(in: batch, row: 1)
      #expect(try SpaceValue.load(from: batch, row: 0) == first)
      #expect(try SpaceValue.load(from: batch, row: 1) == first)
      #expect(try SpaceValue.load(from: batch, row: 2) == second)
    }
  }

  @Test("a row is copied between batches of one space, and is a copy")
  func copyRow() throws {
    for (space, first, second) in Self.examples() {
      let source = ValueBatch(space, count: 2)
      let target = ValueBatch(space, count: 4)
      for row in 0..<4 { try second.store(in: target, row: row) }
      try first.store(in: source, row: 1)
      target.copyRow(1, of: source, to: 3)
      try second.store(in: source, row: 1)
      #expect(try SpaceValue.load(from: target, row: 3) == first)
      #expect(try SpaceValue.load(from: target, row: 2) == second)
    }
  }

  @Test("a loaded value does not change when its row does")
  func loadedValuesAreCopies() throws {
    let batch = ValueBatch(.multiBinary(shape: [2]), count: 1)
    try Self.flat(.int8, [1, 0]).store(in: batch, row: 0)
    let value = try SpaceValue.load(from: batch, row: 0)
    try Self.flat(.int8, [0, 1]).store(in: batch, row: 0)
    #expect(value == Self.flat(.int8, [1, 0]))
  }

  @Test("flat spaces are one row-major array, Dict and Tuple are batched member by member")
  func layout() throws {
    let space = Space.dict([.init("a", .multiBinary(shape: [2])), .init("b", .discrete(Discrete(9)))])
    let batch = ValueBatch(space, count: 2)
    try SpaceValue.dict([Self.flat(.int8, [1, 2]), Self.flat(.int64, [5])]).store(in: batch, row: 0)
    try SpaceValue.dict([Self.flat(.int8, [3, 4]), Self.flat(.int64, [6])]).store(in: batch, row: 1)
    #expect(batch.flat == nil)
    guard case .members(let members) = batch.storage else {
      Issue.record("a Dict has no members")
      return
    }
    #expect(members.map { $0.flat?.width } == [2, 1])
    #expect(members[0].flat?.array == Self.array(.int8, [1, 2, 3, 4]))
    #expect(members[1].flat?.array == Self.array(.int64, [5, 6]))
  }

  @Test("a value of another type, width or kind is refused and changes nothing")
  func misfits() throws {
    let pair = Space.multiBinary(shape: [2])
    let misfits: [(Space, SpaceValue)] = [
      (pair, Self.flat(.int8, [1])), (pair, Self.flat(.int8, [1, 1, 1])), (pair, Self.flat(.uint8, [1, 1])),
      (pair, .text("11")), (pair, .tuple([Self.flat(.int8, [1]), Self.flat(.int8, [1])])),
      (.tuple([pair]), Self.flat(.int8, [1, 1])), (.tuple([pair]), .tuple([])),
      (.tuple([pair]), .tuple([Self.flat(.int8, [1, 1]), Self.flat(.int8, [1, 1])])),
    ]
    for (space, value) in misfits {
      let batch = ValueBatch(space, count: 1)
      let before = try SpaceValue.load(from: batch, row: 0)
      #expect(throws: EnvironmentError.self) { try value.store(in: batch, row: 0) }
      #expect(try SpaceValue.load(from: batch, row: 0) == before)
    }
  }

  @Test("a row of an irregular space that nobody has written is an error, not a value")
  func unwrittenRow() {
    let batch = ValueBatch(.text(Text(maximumLength: 3)), count: 1)
    #expect(throws: EnvironmentError.self) { try SpaceValue.load(from: batch, row: 0) }
  }
}
