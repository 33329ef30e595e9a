import Environments
import Gymwire
import JSONLines
import Testing

@Suite("Values on the wire")
struct ValueCodingTests {
  static let forms = [
    ValueForm(), ValueForm(isBatched: true), ValueForm(allowsBase64: true),
    ValueForm(isBatched: true, allowsBase64: true),
  ]

  @Test(
    "SPEC 10.1, 12.3, 13.1: values of every space read back as they were written, in every form",
    arguments: forms.indices)
  func roundTrip(index: Int) throws {
    let form = Self.forms[index]
    var generator = Generator(seed: 7)
    for _ in 0..<800 {
      let space = Space.random(depth: 2, using: &generator)
      let count = form.isBatched ? Int.random(in: 1...4, using: &generator) : 1
      let batch = ValueBatch(space, count: count)
      for row in 0..<count { try space.randomValue(using: &generator).store(in: batch, row: row) }
      let text = written(batch, form)
      let copy = ValueBatch(space, count: count)
      try read(text, into: copy, form)
      for row in 0..<count {
        #expect(try SpaceValue.load(from: copy, row: row) == SpaceValue.load(from: batch, row: row), "\(text)")
      }
    }
  }

  @Test("SPEC 10.4, 8.3, 13.2: every dtype at both of its ends", arguments: ScalarType.allCases, [false, true])
  func ends(type: ScalarType, asBase64: Bool) throws {
    let array =
      type.integerRange.map { FlatArray.of(type, integers: [$0.lowerBound, $0.upperBound, 0, 1]) }
      ?? FlatArray.of(type, type.awkwardNumbers)
    let space = Space.box(Box(shape: [array.count], type: type, low: .same(-1), high: .same(1)))
    let form = ValueForm(allowsBase64: asBase64)
    let batch = ValueBatch(space, count: 1)
    try SpaceValue.flat(array).store(in: batch, row: 0)
    let text = written(batch, form)
    let copy = ValueBatch(space, count: 1)
    try read(text, into: copy, form)
    #expect(try SpaceValue.load(from: copy, row: 0) == .flat(array))
    if !asBase64, type == .int64 {
      #expect(text == #"["-9223372036854775808","9223372036854775807",0,1]"#)
    }
    if !asBase64, type == .uint64 { #expect(text == #"[0,"18446744073709551615",0,1]"#) }
    if asBase64, type == .int16 { #expect(text == #"{"b64":"AID/fwAAAQA="}"#) }
  }

  @Test("SPEC 9.3: an integer beyond its dtype is refused", arguments: ScalarType.allCases.filter(\.isInteger))
  func overflow(type: ScalarType) throws {
    let range = try #require(type.integerRange)
    let space = Space.box(Box(shape: [1], type: type, low: .same(0), high: .same(0)))
    for value in [range.upperBound + 1, range.lowerBound - 1] {
      let text = value.magnitude > 1 << 53 ? "[\"\(value)\"]" : "[\(value)]"
      #expect(throws: ValueError.self, "\(text)") { try read(text, into: ValueBatch(space, count: 1)) }
    }
  }

  @Test("SPEC 8.4: NaN and the infinities are strings where a fraction is possible, and nowhere else")
  func nonFinite() throws {
    for type in [ScalarType.float16, .float32, .float64] {
      let space = Space.box(Box(shape: [3], type: type, low: .same(0), high: .same(0)))
      let batch = ValueBatch(space, count: 1)
      try SpaceValue.flat(.of(type, [.nan, .infinity, -.infinity])).store(in: batch, row: 0)
      #expect(written(batch) == #"["NaN","Infinity","-Infinity"]"#)
      let copy = ValueBatch(space, count: 1)
      try read(written(batch), into: copy)
      let array = try #require(copy.flat?.array)
      #expect(array.double(at: 0).isNaN)
      #expect(array.double(at: 1) == .infinity && array.double(at: 2) == -.infinity)
    }
    let whole = ValueBatch(.box(Box(shape: [1], type: .int32, low: .same(0), high: .same(0))), count: 1)
    #expect(throws: ValueError.self) { try read(#"["NaN"]"#, into: whole) }
  }

  @Test("SPEC 8.1: numbers written in other ways round to the same value")
  func otherSpellings() throws {
    let batch = ValueBatch(.box(Box(shape: [6], low: .same(0), high: .same(0))), count: 1)
    try read("[0.1,1e-1,0.10000000149011612,10E-2,0.1000000000000000055511151231257827,1.0e-1]", into: batch)
    #expect(batch.flat?.array.floats?.allSatisfy { $0 == 0.1 } == true)
  }

  @Test("SPEC 9.1, 9.2: arrays are flat and row-major, values of shape [] bare")
  func shapes() throws {
    let matrix = ValueBatch(.box(Box(shape: [2, 3], type: .int8, low: .same(0), high: .same(9))), count: 1)
    try SpaceValue.flat(.of(.int8, integers: [1, 2, 3, 4, 5, 6])).store(in: matrix, row: 0)
    #expect(written(matrix) == "[1,2,3,4,5,6]")
    let scalar = ValueBatch(.box(Box(shape: [], low: .same(0), high: .same(9))), count: 1)
    try read("2.5", into: scalar)
    #expect(written(scalar) == "2.5")
    #expect(throws: ValueError.self) { try read("[2.5]", into: scalar) }
    #expect(throws: ValueError.self) { try read("2.5", into: matrix) }
  }

  @Test("SPEC 8.5: drivers read nested lists as flat ones; servers refuse them")
  func nested() throws {
    for type in ScalarType.allCases {
      let batch = ValueBatch(.box(Box(shape: [2, 2], type: type, low: .same(0), high: .same(9))), count: 1)
      try read("[[1,0],[[0],1]]", into: batch, toleratesNestedArrays: true)
      #expect(written(batch) == "[1,0,0,1]")
      #expect(throws: ValueError.self) { try read("[[1,0],[0,1]]", into: batch) }
      #expect(throws: ValueError.self) { try read("[[1,0],[0]]", into: batch, toleratesNestedArrays: true) }
    }
    let graph = ValueBatch(
      .graph(nodes: .box(Box(shape: [2], low: .same(0), high: .same(9))), edges: .discrete(Discrete(9))), count: 1)
    try read(#"{"nodes":[[1,2],[3,4]],"edges":[5],"edge_links":[[0,1]]}"#, into: graph, toleratesNestedArrays: true)
    #expect(written(graph) == #"{"nodes":[1,2,3,4],"edges":[5],"edge_links":[0,1]}"#)
  }

  @Test("SPEC 10.8: graphs with and without edges; edge_links name nodes that are there")
  func graphs() throws {
    let space = Space.graph(
      nodes: .box(Box(shape: [2], low: .same(0), high: .same(9))), edges: .discrete(Discrete(9)))
    let batch = ValueBatch(space, count: 1)
    for text in [
      #"{"nodes":[1,2,3,4],"edges":[5,6],"edge_links":[0,1,1,0]}"#, #"{"nodes":[1,2],"edges":null,"edge_links":null}"#,
      #"{"nodes":[],"edges":null,"edge_links":null}"#,
    ] {
      try read(text, into: batch)
      #expect(written(batch) == text)
    }
    for (text, reason) in [
      (#"{"nodes":[1,2,3],"edges":null,"edge_links":null}"#, "3 elements, which is not a multiple of 2"),
      (#"{"nodes":null,"edges":null,"edge_links":null}"#, "nodes: a flat list of numbers was expected"),
      (#"{"nodes":[1,2],"edges":[5],"edge_links":[0,1]}"#, "edge_links names node 1, but there are 1 nodes"),
      (#"{"nodes":[1,2],"edges":[5],"edge_links":[0,-1]}"#, "edge_links names node -1"),
      (#"{"nodes":[1,2],"edges":[5],"edge_links":["9223372036854775807",0]}"#, "names node 9223372036854775807"),
      (#"{"nodes":[1,2],"edges":[5,6],"edge_links":[0,0]}"#, "the Graph has 2 edges, but edge_links for 1"),
      (#"{"nodes":[1,2],"edges":[5],"edge_links":null}"#, "the Graph has 1 edges, but edge_links for 0"),
      (#"{"nodes":[1,2],"edges":null,"edge_links":[0,0]}"#, "the Graph has 0 edges, but edge_links for 1"),
      (#"{"nodes":[1,2],"edges":[5],"edge_links":[0]}"#, "not a multiple of 2"),
      (#"{"nodes":[1,2],"edges":null}"#, "the key \"edge_links\" is missing"),
      (#"{"nodes":[1,2],"edges":null,"edge_links":null,"x":1}"#, "the key \"x\" is not one of the Graph's"),
      ("[]", "an object with the keys of the Graph was expected, but there is an array"),
    ] {
      let error = try #require(throws: ValueError.self) { try read(text, into: batch) }
      #expect("\(error)".contains(reason), "\(error)")
    }
    let edgeless = ValueBatch(.graph(nodes: .discrete(Discrete(9)), edges: nil), count: 1)
    try read(#"{"edge_links":null,"nodes":[1,2,3],"edges":null}"#, into: edgeless)
    #expect(throws: ValueError.self) { try read(#"{"nodes":[1],"edges":[1],"edge_links":[0,0]}"#, into: edgeless) }
  }

  @Test("base64 of a part with any number of rows is checked before anything is allocated")
  func hostileRows() {
    let space = Space.graph(nodes: .discrete(Discrete(9, type: .int8)), edges: nil)
    let batch = ValueBatch(space, count: 1)
    for text in ["=", "==", "A", "A===", "AA=", "====", "AAA", "AA==", ""] {
      let value = #"{"nodes":{"b64":"\#(text)"},"edges":null,"edge_links":null}"#
      let isRefused =
        (try? read(value, into: batch, ValueForm(allowsBase64: true))) == nil
      #expect(isRefused == !["AA==", ""].contains(text), "\(text)")
    }
  }

  @Test("SPEC 10.1: values with too few parts, too many, or of another type are refused with the place")
  func misshapen() throws {
    let flat = Space.box(Box(shape: [2], low: .same(0), high: .same(9)))
    let space = Space.dict([
      .init("pair", .tuple([flat, .text(Text(maximumLength: 3))])),
      .init("choice", .oneOf([.discrete(Discrete(3)), flat])), .init("run", .sequence(of: flat, isStacked: true)),
    ])
    let good = [#""pair":[[1,2],"a"]"#, #""choice":[0,1]"#, #""run":[[1,2],[3,4]]"#]
    let batch = ValueBatch(space, count: 1)
    try read("{\(good.joined(separator: ","))}", into: batch)
    try read("{\(good.reversed().joined(separator: ","))}", into: batch)
    for (index, part, reason) in [
      (0, #""pair":[[1,2]]"#, "pair: the Tuple has 1 of its 2 parts"),
      (0, #""pair":[[1,2],"a",1]"#, "pair: the Tuple has more than its 2 parts"),
      (0, #""pair":{}"#, "pair: a list of 2 values, one for each part of the Tuple was expected"),
      (0, #""pair":[[1],"a"]"#, "pair: part 0: the array has 1 elements instead of 2"),
      (0, #""pair":[[1,2,3],"a"]"#, "the array has 3 elements instead of 2"),
      (0, #""pair":[[1,2],7]"#, "pair: part 1: a string for a Text was expected, but there is a number"),
      (0, #""pear":[[1,2],"a"]"#, "the key \"pear\" is not one of the Dict's"),
      (1, #""choice":[2,1]"#, "choice: a OneOf is [index, value] with an index from 0 to 1"),
      (1, #""choice":[0]"#, "a OneOf is [index, value]"), (1, #""choice":[0,1,2]"#, "a OneOf is [index, value]"),
      (1, #""choice":["0",1]"#, "a OneOf is [index, value]"),
      (1, #""choice":[0,[1]]"#, "choice: it is an array instead of a number"),
      (1, #""choice":[0,1.5]"#, "choice: it is 1.5 instead of an integer"),
      (2, #""run":[[1,2],[3]]"#, "run: the array has 1 elements instead of 2"),
      (2, #""run":7"#, "run: a list of values of the Sequence was expected, but there is a number"),
      (2, #""pair":[[1,2],"a"]"#, "the key \"pair\" is there twice"),
    ] {
      var parts = good
      parts[index] = part
      let error = try #require(throws: ValueError.self) {
        try read("{\(parts.joined(separator: ","))}", into: batch)
      }
      #expect("\(error)".contains(reason), "\(error)")
    }
    let error = try #require(throws: ValueError.self) { try read("{\(good[0])}", into: batch) }
    #expect("\(error)" == "the key \"choice\" is missing")
  }

  @Test("mutated values of every space are read or refused, and never stop the reader")
  func hostile() {
    var generator = Generator(seed: 8)
    for round in 0..<20_000 {
      let space = Space.random(depth: 2, using: &generator)
      let form = Self.forms[round % 4]
      let batch = ValueBatch(space, count: form.isBatched ? 2 : 1)
      for row in 0..<batch.count { try? space.randomValue(using: &generator).store(in: batch, row: row) }
      var bytes = Array(written(batch, form).utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) { mutate(&bytes, &generator) }
      try? read(bytes: bytes, into: batch, form, toleratesNestedArrays: round % 3 == 0)
      _ = written(batch, form)
      _ = batch.violation(in: 0..<batch.count)
    }
  }

  private func written(_ batch: ValueBatch, _ form: ValueForm = ValueForm()) -> String {
    var writer = JSONWriter()
    writer.write(batch, rows: 0..<batch.count, as: form)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func read(
    _ text: String,
    into batch: ValueBatch,
    _ form: ValueForm = ValueForm(),
    toleratesNestedArrays: Bool = false
  ) throws {
    try read(bytes: Array(text.utf8), into: batch, form, toleratesNestedArrays: toleratesNestedArrays)
  }

  private func read(
    bytes: [UInt8],
    into batch: ValueBatch,
    _ form: ValueForm,
    toleratesNestedArrays: Bool
  ) throws {
    try bytes.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes, toleratesNestedArrays: toleratesNestedArrays)
      try batch.read(rows: 0..<batch.count, from: &scanner, as: form)
      try scanner.finish()
    }
  }
}
