import Environments
import Gymwire
import Testing

@Suite("Which values are in a space")
struct MembershipTests {
  private func reason(_ value: SpaceValue, _ space: Space) throws -> String? {
    let batch = ValueBatch(space, count: 1)
    try value.store(in: batch, row: 0)
    return batch.violation(in: 0..<1)?.reason
  }

  @Test(
    "SPEC 9.6: a Box action is compared after conversion to the dtype",
    arguments: [ScalarType.float16, .float32, .float64])
  func boxBounds(type: ScalarType) throws {
    let space = Space.box(Box(shape: [2], type: type, low: .same(0.1), high: .each([0.7, .infinity])))
    #expect(try reason(.flat(.of(type, [0.1, 1e4])), space) == nil)
    #expect(try reason(.flat(.of(type, [0.7, 0.1])), space) == nil)
    #expect(try reason(.flat(.of(type, [0.71, 0.1])), space)?.hasPrefix("element 0 is 0.7") == true)
    #expect(try reason(.flat(.of(type, [0.5, 0.09])), space)?.hasPrefix("element 1 is 0.0") == true)
    for value in [Double.nan, .infinity] {
      #expect(try reason(.flat(.of(type, [0.5, value])), space)?.hasSuffix("which is not finite") == true)
    }
  }

  @Test("integers of every dtype at the ends of Discrete and MultiDiscrete", arguments: ScalarType.integers)
  func integers(type: ScalarType) throws {
    let space = Space.discrete(Discrete(3, start: 5, type: type))
    for value in 0..<10 {
      #expect(try (reason(.flat(.of(type, integers: [Int128(value)])), space) == nil) == (5..<8).contains(value))
    }
    #expect(try reason(.flat(.of(type, integers: [9])), space) == "9 is outside Discrete(n=3, start=5)")
    let several = Space.multiDiscrete(
      MultiDiscrete(shape: [2], nvec: .each([2, 9]), start: .each([1, 0]), type: type))
    #expect(try reason(.flat(.of(type, integers: [2, 8])), several) == nil)
    #expect(try reason(.flat(.of(type, integers: [0, 8])), several) == "element 0 is 0, outside 1 ... 2")
    #expect(try reason(.flat(.of(type, integers: [1, 9])), several) == "element 1 is 9, outside 0 ... 8")
  }

  @Test("actions of many sub-environments are judged together, and the first wrong one is named")
  func rows() throws {
    // 1 and 2 together have the bits of 3, which is outside.
    let batch = ValueBatch(.discrete(Discrete(3)), count: 5)
    for (row, action) in [1, 2, 0, 2, 1].enumerated() { try action.store(in: batch, row: row) }
    #expect(batch.violation(in: 0..<5) == nil)
    for wrong in [3, -1, .max, .min] {
      try wrong.store(in: batch, row: 3)
      #expect(batch.violation(in: 0..<5)?.row == 3)
      #expect(batch.violation(in: 0..<3) == nil)
    }
  }

  @Test("MultiBinary holds zeros and ones")
  func binary() throws {
    #expect(try reason(.flat(.of(.int8, integers: [0, 1])), .multiBinary(shape: [2])) == nil)
    for wrong in [-1, 2] {
      #expect(
        try reason(.flat(.of(.int8, integers: [0, Int128(wrong)])), .multiBinary(shape: [2]))
          == "element 1 is \(wrong) instead of 0 or 1")
    }
  }

  @Test("SPEC 10.5: the length of a Text counts Unicode scalars, also outside the basic plane")
  func text() throws {
    let space = Space.text(Text(maximumLength: 2, alphabet: "🎈e\u{301}"))
    #expect(try reason(.text("🎈🎈"), space) == nil)
    #expect(try reason(.text("e\u{301}"), space) == nil)
    #expect(try reason(.text("🎈e\u{301}"), space) == "the text has 3 scalars instead of 1 to 2")
    #expect(try reason(.text(""), space) == "the text has 0 scalars instead of 1 to 2")
    #expect(try reason(.text("a"), space) == "the text has \"a\", which is not in the charset")
    #expect(try reason(.text("aZ9"), .text(Text(maximumLength: 3))) == nil)
    #expect(
      try reason(.text("a-9"), .text(Text(maximumLength: 3))) == "the text has \"-\", which is not in the charset")
  }

  @Test("faults within structures name their place")
  func structures() throws {
    let digit = Space.discrete(Discrete(10))
    func number(_ value: Int) -> SpaceValue { .flat(.of(.int64, integers: [Int128(value)])) }
    let dict = Space.dict([.init("a", digit), .init("b", .tuple([digit, .sequence(of: digit, isStacked: false)]))])
    #expect(try reason(.dict([number(1), .tuple([number(2), .sequence([number(3)])])]), dict) == nil)
    #expect(
      try reason(.dict([number(10), .tuple([number(2), .sequence([])])]), dict) == "a: 10 is outside Discrete(n=10)")
    #expect(
      try reason(.dict([number(1), .tuple([number(2), .sequence([number(3), number(-1)])])]), dict)
        == "b: part 1: -1 is outside Discrete(n=10)")
    let either = Space.oneOf([digit, .multiBinary(shape: [1])])
    #expect(try reason(.oneOf(index: 0, number(3)), either) == nil)
    #expect(try reason(.oneOf(index: 0, number(30)), either) == "30 is outside Discrete(n=10)")
    #expect(try reason(.oneOf(index: 2, number(3)), either) == "the value is not a OneOf")
    let graph = Space.graph(nodes: .box(Box(shape: [2], low: .same(0), high: .same(1))), edges: digit)
    func value(_ nodes: [Double], _ edge: Int128) -> SpaceValue {
      .graph(nodes: .of(.float32, nodes), edges: .of(.int64, integers: [edge]), links: .of(.int64, integers: [0, 0]))
    }
    #expect(try reason(value([0, 1, 1, 0], 9), graph) == nil)
    #expect(try reason(value([0, 1, 1, 2], 9), graph)?.hasPrefix("nodes: element 1 is 2.0") == true)
    #expect(try reason(value([0, 1], 10), graph) == "edges: 10 is outside Discrete(n=10)")
  }
}
