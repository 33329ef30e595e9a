import Environments
import JSONLines
import SpaceCoding
import Testing

@Suite("Spaces on the wire")
struct SpaceCodingTests {
  @Test("SPEC 10.1, 10.7: every kind of space, nested, reads back as it was written")
  func roundTrip() throws {
    var generator = Generator(seed: 5)
    var kinds: Set<String> = []
    for _ in 0..<2000 {
      let space = Space.random(depth: 3, using: &generator)
      kinds.insert(space.kind)
      #expect(try read(written(space)) == space)
    }
    #expect(kinds.count == 10)
  }

  @Test(
    "SPEC 10.1: defaults are filled in",
    arguments: [
      (#"{"type":"Box","shape":[2],"low":0,"high":1}"#, Space.box(Box(shape: [2], low: .same(0), high: .same(1)))),
      (#"{"type":"Discrete","n":3}"#, .discrete(Discrete(3))),
      (#"{"type":"Discrete","n":3,"start":null,"dtype":null,"x":[1]}"#, .discrete(Discrete(3))),
      (#"{"n":3.0,"type":"Discrete","start":-0}"#, .discrete(Discrete(3))),
      (#"{"type":"MultiDiscrete","shape":[2],"nvec":[3,4]}"#, .multiDiscrete(MultiDiscrete([3, 4]))),
      (#"{"type":"Text","max_length":5}"#, .text(Text(maximumLength: 5))),
      (
        #"{"type":"Sequence","space":{"type":"Discrete","n":1}}"#,
        .sequence(of: .discrete(Discrete(1)), isStacked: false)
      ),
      (
        #"{"type":"Graph","node_space":{"type":"Discrete","n":1},"edge_space":null}"#,
        .graph(nodes: .discrete(Discrete(1)), edges: nil)
      ),
      (#"{"type":"Graph","node_space":{"type":"Discrete","n":1}}"#, .graph(nodes: .discrete(Discrete(1)), edges: nil)),
      (#"{"type":"Tuple","spaces":[]}"#, .tuple([])), (#"{"type":"Dict","spaces":[]}"#, .dict([])),
    ])
  func defaults(text: String, space: Space) throws {
    #expect(try read(text) == space)
  }

  @Test("SPEC 10.3: bounds are one number or one for each element, and may be infinite")
  func bounds() throws {
    #expect(
      try read(#"{"type":"Box","shape":[2,1],"low":["-Infinity",-1.5],"high":"Infinity"}"#)
        == .box(Box(shape: [2, 1], low: .each([-.infinity, -1.5]), high: .same(.infinity))))
    #expect(
      try read(#"{"type":"MultiDiscrete","shape":[2,2],"nvec":3,"start":[0,-1,5,2]}"#)
        == .multiDiscrete(MultiDiscrete(shape: [2, 2], nvec: .same(3), start: .each([0, -1, 5, 2]))))
  }

  @Test("SPEC 8.3: bounds of 64-bit integers are written and read to the last digit")
  func wideBounds() throws {
    for (type, low, high) in [
      (ScalarType.int64, "\"-9223372036854775808\"", "\"9223372036854775807\""),
      (.uint64, "0", "\"18446744073709551615\""), (.int8, "-128", "127"), (.uint32, "0", "4294967295"),
    ] {
      let range = try #require(type.integerRange)
      let box = Space.box(
        Box(shape: [], type: type, low: .same(Double(range.lowerBound)), high: .same(Double(range.upperBound))))
      #expect(written(box) == #"{"type":"Box","shape":[],"dtype":"\#(type)","low":\#(low),"high":\#(high)}"#)
      #expect(try read(written(box)) == box)
    }
  }

  @Test("SPEC 9.5: a bound between two Doubles is read as the inner one, so that what is clipped to it is inside")
  func inwardBounds() throws {
    for (low, high) in [(1 << 60 + 1, 1 << 60 + 1), (-(1 << 60) - 1, 1 << 61 - 1), (1 << 60, (1 << 62) - 99)] {
      let text = #"{"type":"Box","shape":[],"dtype":"int64","low":"\#(low)","high":"\#(1 << 62 + high)"}"#
      guard case .box(let box) = try read(text) else { return #expect(Bool(false)) }
      #expect(Int128(box.low[0]) >= low && Int128(box.low[0]) - Int128(low) < 256)
      #expect(Int128(box.high[0]) <= 1 << 62 + high && 1 << 62 + Int128(high) - Int128(box.high[0]) < 1024)
    }
  }

  @Test("SPEC 10.2: the last choice of a Discrete may be the last integer of its dtype")
  func lastChoice() throws {
    let text = #"{"type":"Discrete","n":2,"start":"9223372036854775806"}"#
    #expect(try read(text) == .discrete(Discrete(2, start: .max - 1)))
    #expect(try written(read(text)) == text)
    let several = #"{"type":"MultiDiscrete","shape":[2],"nvec":[1,3],"start":["9223372036854775807",0]}"#
    #expect(try written(read(several)) == several)
  }

  @Test("a space is shown to people as JSON, cut short where it is long")
  func shown() {
    let box = Space.box(Box(shape: [1], low: .same(-4.8), high: .same(.infinity)))
    #expect(box.text == #"{"type":"Box","shape":[1],"dtype":"float32","low":-4.8,"high":"Infinity"}"#)
    #expect(Space.tuple(Array(repeating: box, count: 1000)).text.count == 403)
  }

  @Test("SPEC 8.1: a bound is the number of its dtype that is nearest to the text")
  func roundedBounds() throws {
    for (type, nearest) in [(ScalarType.float16, 0.0999755859375), (.float32, Double(Float(0.1))), (.float64, 0.1)] {
      let box = Space.box(Box(shape: [1], type: type, low: .same(-nearest), high: .each([nearest])))
      #expect(try read(#"{"type":"Box","shape":[1],"dtype":"\#(type)","low":-0.1,"high":[0.1]}"#) == box)
      #expect(try read(written(box)) == box)
    }
  }

  @Test("bounds that are no integers become those of the integer type")
  func infiniteIntegerBounds() {
    let box = Space.box(Box(shape: [1], type: .uint8, low: .same(-.infinity), high: .same(.infinity)))
    #expect(written(box) == #"{"type":"Box","shape":[1],"dtype":"uint8","low":0,"high":255}"#)
  }

  @Test("SPEC 10.6: the order of keys is that of the list")
  func keyOrder() throws {
    let text = #"{"type":"Dict","spaces":[["b",{"type":"Discrete","n":1}],["a",{"type":"Discrete","n":2}]]}"#
    #expect(try read(text) == .dict([.init("b", .discrete(Discrete(1))), .init("a", .discrete(Discrete(2)))]))
    #expect(try written(read(text)) == text)
  }

  @Test(
    "SPEC 10.9, 7.5.2: a description that cannot be used is refused with the place and the reason",
    arguments: [
      ("7", "obs: a space is described by a JSON object with a \"type\""),
      ("[]", "obs: a space is described by"), ("{}", "obs: the description has no \"type\""),
      (#"{"type":"Sphere"}"#, "obs: there is no space of type \"Sphere\""),
      (#"{"type":7}"#, "obs: the description has no \"type\""),
      (#"{"type":"Discrete"}"#, "obs: \"n\" is missing"),
      (#"{"type":"Discrete","n":0}"#, "\"n\" has to be an integer of at least 1"),
      (#"{"type":"Discrete","n":1.5}"#, "\"n\" has to be an integer"),
      (#"{"type":"Discrete","n":"3"}"#, "\"n\" has to be an integer"),
      (#"{"type":"Discrete","n":1e300}"#, "\"n\" has to be an integer"),
      (#"{"type":"Discrete","n":2,"start":0.5}"#, "\"start\" has to be an integer"),
      (#"{"type":"Discrete","n":2,"start":"9223372036854775807"}"#, "2 values from 9223372036854775807 on do not fit"),
      (#"{"type":"Discrete","n":300,"dtype":"uint8"}"#, "300 values from 0 on do not fit uint8"),
      (#"{"type":"Discrete","n":2,"dtype":"float32"}"#, "\"dtype\" has to be an integer type, not float32"),
      (#"{"type":"Discrete","n":2,"dtype":"bool"}"#, "\"dtype\" has to be an integer type, not bool"),
      (#"{"type":"Discrete","n":2,"dtype":"complex64"}"#, "\"dtype\" has to be one of float16, "),
      (#"{"type":"Discrete","n":2,"dtype":5}"#, "\"dtype\" has to be one of"),
      (#"{"type":"Box","low":0,"high":1}"#, "\"shape\" has to be a list of integers"),
      (#"{"type":"Box","shape":4,"low":0,"high":1}"#, "\"shape\" has to be a list of integers"),
      (#"{"type":"Box","shape":[-1],"low":0,"high":1}"#, "\"shape\" has to be an integer of at least 0"),
      (#"{"type":"Box","shape":[2.5],"low":0,"high":1}"#, "\"shape\" has to be an integer of at least 0"),
      (#"{"type":"Box","shape":[67108865,1e300],"low":0,"high":1}"#, "has more than 67108864 elements"),
      (#"{"type":"Box","shape":[4294967296,4294967296],"low":0,"high":1}"#, "has more than 67108864 elements"),
      (#"{"type":"Box","shape":[2],"high":1}"#, "\"low\" is missing"),
      (#"{"type":"Box","shape":[2],"low":null,"high":1}"#, "\"low\" is missing"),
      (#"{"type":"Box","shape":[2],"low":0,"high":"big"}"#, "\"high\" has to be one number or a flat list of them"),
      (#"{"type":"Box","shape":[2],"low":0,"high":"NaN"}"#, "\"high\" has to be one number"),
      (#"{"type":"Box","shape":[2],"low":[0,1,2],"high":5}"#, "\"low\" has 3 numbers, but the shape has 2 elements"),
      (#"{"type":"Box","shape":[2],"low":[0,null],"high":5}"#, "element 1 of \"low\" is not a usable number"),
      (#"{"type":"Box","shape":[2],"low":[[0],[1]],"high":5}"#, "element 0 of \"low\" is not a usable number"),
      (#"{"type":"Box","shape":[2],"low":[0,3],"high":[1,2]}"#, "element 1 of \"low\" is 3.0, above 2.0 in \"high\""),
      (#"{"type":"Box","shape":[],"dtype":"uint8","low":0,"high":0.5}"#, "\"high\" has to be one number"),
      (#"{"type":"Box","shape":[],"dtype":"int8","low":"-Infinity","high":1}"#, "\"low\" has to be one number"),
      (#"{"type":"Box","shape":[],"dtype":"uint8","low":0,"high":256}"#, "each an integer of uint8"),
      (#"{"type":"Box","shape":[1],"dtype":"int64","low":[-1e30],"high":0}"#, "element 0 of \"low\" is not a usable"),
      (#"{"type":"Box","shape":[2],"low":"NaN","high":1}"#, "\"low\" has to be one number"),
      (#"{"type":"Box","shape":[],"low":0,"high":"5"}"#, "\"high\" has to be one number"),
      (#"{"type":"MultiBinary"}"#, "\"shape\" has to be a list of integers"),
      (#"{"type":"MultiDiscrete","shape":[2]}"#, "\"nvec\" is missing"),
      (#"{"type":"MultiDiscrete","shape":[2],"nvec":[1,0]}"#, "element 1 of \"nvec\" is not a usable number"),
      (
        #"{"type":"MultiDiscrete","shape":[2],"nvec":[200,200],"dtype":"int8"}"#, "200 values from 0 on do not fit int8"
      ),
      (#"{"type":"Text"}"#, "\"max_length\" is missing"),
      (#"{"type":"Text","max_length":2,"min_length":3}"#, "\"min_length\" 3 is above \"max_length\" 2"),
      (#"{"type":"Text","max_length":2,"charset":["a"]}"#, "\"charset\" has to be a string"),
      (#"{"type":"Tuple"}"#, "\"spaces\" has to be a list of spaces"),
      (
        #"{"type":"Tuple","spaces":[{"type":"Discrete","n":1},{"type":"Disk"}]}"#,
        "obs.1: there is no space of type \"Disk\""
      ),
      (#"{"type":"OneOf","spaces":[]}"#, "\"spaces\" is empty"),
      (#"{"type":"Dict","spaces":{"a":{"type":"Discrete","n":1}}}"#, "\"spaces\" has to be a list of [key, space]"),
      (#"{"type":"Dict","spaces":[["a"]]}"#, "each element of \"spaces\" has to be [key, space]"),
      (
        #"{"type":"Dict","spaces":[[1,{"type":"Discrete","n":1}]]}"#,
        "each element of \"spaces\" has to be [key, space]"
      ),
      (
        #"{"type":"Dict","spaces":[["a",{"type":"Discrete","n":1}],["a",{"type":"Discrete","n":1}]]}"#,
        "the key \"a\" is there twice"
      ),
      (
        #"{"type":"Dict","spaces":[["camera",{"type":"Dict","spaces":[["depth",{"type":"Cloud"}]]}]]}"#,
        "obs.camera.depth: there is no space of type \"Cloud\""
      ),
      (#"{"type":"Sequence"}"#, "obs.space: a space is described by"),
      (#"{"type":"Sequence","space":{"type":"Discrete","n":1},"stack":1}"#, "\"stack\" has to be true or false"),
      (#"{"type":"Graph"}"#, "obs.node_space: a space is described by"),
      (
        #"{"type":"Graph","node_space":{"type":"MultiBinary","shape":[1]}}"#,
        "\"node_space\" has to be a Box or Discrete, not a MultiBinary"
      ),
      (
        #"{"type":"Graph","node_space":{"type":"Discrete","n":1},"edge_space":{"type":"Text","max_length":1}}"#,
        "\"edge_space\" has to be a Box or Discrete, not a Text"
      ),
    ])
  func refused(text: String, reason: String) throws {
    let error = try #require(throws: SpaceError.self) { _ = try read(text) }
    #expect("\(error)".contains(reason))
    #expect("\(error)".hasPrefix("obs"))
  }

  @Test("parts that are each within the bound may not exceed it together")
  func tooMuchTogether() throws {
    let part = #"{"type":"Box","shape":[67108864],"low":0,"high":1}"#
    let tuple = #"{"type":"Tuple","spaces":[\#(part),\#(part)]}"#
    #expect(try #require(throws: SpaceError.self) { _ = try read(tuple) }.reason.contains("together have more than"))
    let dict = #"{"type":"Dict","spaces":[["a",\#(part)],["b",{"type":"Tuple","spaces":[\#(part)]}]]}"#
    #expect(try #require(throws: SpaceError.self) { _ = try read(dict) }.reason.contains("together have more than"))
    #expect(try read(part).kind == "Box")
  }

  @Test("random JSON in place of a description is read or refused, and never stops the reader")
  func hostile() {
    var generator = Generator(seed: 6)
    var refusals = 0
    for _ in 0..<20_000 {
      var bytes = Array(written(Space.random(depth: 2, using: &generator)).utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) { mutate(&bytes, &generator) }
      do { _ = try read(bytes: bytes) } catch { refusals += 1 }
    }
    for _ in 0..<20_000 {
      let text = JSONValue.random(depth: 4, using: &generator).text
      do { _ = try read(text) } catch { refusals += 1 }
    }
    #expect(refusals > 20_000 && refusals < 40_000)
  }

  private func written(_ space: Space) -> String {
    var writer = JSONWriter()
    writer.write(space)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func read(_ text: String) throws -> Space { try read(bytes: Array(text.utf8)) }

  private func read(bytes: [UInt8]) throws -> Space {
    try bytes.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes, toleratesNonFinite: true, toleratesNestedArrays: true)
      return try Space(from: &scanner, path: "obs")
    }
  }
}
