import Environments
import Gymwire
import JSONLines
import SpaceCoding
import Testing

/// SPEC 10.1: the ten kinds of space, as they are described and as their values are coded.
@Suite("Spaces on the wire")
struct SpaceTests {
  private static let box = #"{"type":"Box","shape":[2],"dtype":"float32","low":-1,"high":[1,"Infinity"]}"#

  @Test(
    "a description means what it says, and is written so that it reads back the same: SPEC 10.1, 10.3, 10.6, 10.8",
    arguments: [
      (box, Space.box(Box(shape: [2], low: .same(-1), high: .each([1, .infinity])))),
      (
        #"{"type":"Box","shape":[],"dtype":"uint8","low":0,"high":255}"#,
        .box(Box(shape: [], type: .uint8, low: .same(0), high: .same(255)))
      ),
      (#"{"type":"Discrete","n":3}"#, .discrete(Discrete(3))),
      (#"{"type":"Discrete","n":3,"start":-1,"dtype":"int32"}"#, .discrete(Discrete(3, start: -1, type: .int32))),
      (#"{"type":"MultiBinary","shape":[2,3]}"#, .multiBinary(shape: [2, 3])),
      (#"{"type":"MultiDiscrete","shape":[2],"nvec":[2,3]}"#, .multiDiscrete(MultiDiscrete([2, 3]))),
      (
        #"{"type":"MultiDiscrete","shape":[2],"nvec":4,"start":[1,0]}"#,
        .multiDiscrete(MultiDiscrete(shape: [2], nvec: .same(4), start: .each([1, 0])))
      ),
      (#"{"type":"Text","max_length":5}"#, .text(Text(maximumLength: 5))),
      (
        #"{"type":"Text","max_length":5,"min_length":0,"charset":"ab🎈"}"#,
        .text(Text(maximumLength: 5, minimumLength: 0, alphabet: "ab🎈"))
      ),
      (#"{"type":"Tuple","spaces":[{"type":"Discrete","n":2}]}"#, .tuple([.discrete(Discrete(2))])),
      (
        #"{"type":"OneOf","spaces":[{"type":"Discrete","n":2},{"type":"MultiBinary","shape":[1]}]}"#,
        .oneOf([.discrete(Discrete(2)), .multiBinary(shape: [1])])
      ),
      (
        #"{"type":"Dict","spaces":[["z",{"type":"Discrete","n":2}],["a",{"type":"Discrete","n":3}]]}"#,
        .dict([Space.Member("z", .discrete(Discrete(2))), Space.Member("a", .discrete(Discrete(3)))])
      ),
      (
        #"{"type":"Sequence","space":{"type":"Discrete","n":2}}"#,
        .sequence(of: .discrete(Discrete(2)), isStacked: false)
      ),
      (
        #"{"type":"Graph","node_space":{"type":"Discrete","n":2},"edge_space":null}"#,
        .graph(nodes: .discrete(Discrete(2)), edges: nil)
      ),
    ]
  )
  func descriptions(text: String, space: Space) throws {
    #expect(try Self.space(text) == space)
    var writer = JSONWriter()
    writer.write(space)
    #expect(try Self.space(String(decoding: writer.bytes, as: UTF8.self)) == space)
  }

  @Test(
    "a description that makes no sense is refused: SPEC 10.2, 10.3, 10.4, 10.6, 10.9",
    arguments: [
      #"{"shape":[1]}"#, #"{"type":"Cube"}"#, #"{"type":"Box","low":0,"high":1}"#,
      #"{"type":"Box","shape":[1],"low":0}"#,
      #"{"type":"Box","shape":[-1],"low":0,"high":1}"#, #"{"type":"Box","shape":[2],"low":[0],"high":1}"#,
      #"{"type":"Box","shape":[1],"low":"NaN","high":1}"#,
      #"{"type":"Box","shape":[1],"dtype":"long","low":0,"high":1}"#,
      #"{"type":"Box","shape":[4294967296,4294967296,4294967296],"low":0,"high":1}"#,
      #"{"type":"Discrete","n":0}"#, #"{"type":"Discrete","n":1.5}"#, #"{"type":"Discrete","n":2,"dtype":"float32"}"#,
      #"{"type":"MultiDiscrete","shape":[2],"nvec":[2,0]}"#, #"{"type":"Text","max_length":1,"min_length":2}"#,
      #"{"type":"Dict","spaces":{"a":{"type":"Discrete","n":2}}}"#,
      #"{"type":"Dict","spaces":[["a",{"type":"Discrete","n":2}],["a",{"type":"Discrete","n":2}]]}"#,
      #"{"type":"Graph","node_space":{"type":"Text","max_length":2},"edge_space":null}"#, #"[]"#, #"{"type":7}"#,
    ]
  )
  func refusedDescriptions(text: String) {
    #expect(throws: SpaceError.self) { try Self.space(text) }
  }

  @Test(
    "a value is written as it was read: SPEC 8.3, 8.4, 9.1, 9.2, 10.1, 10.4, 10.5, 10.6, 10.8",
    arguments: [
      (#"{"type":"Box","shape":[2,2],"low":-9,"high":9}"#, "[1,0.5,-2.25,0.1]"),
      (#"{"type":"Box","shape":[2],"low":"-Infinity","high":"Infinity"}"#, #"["-Infinity","NaN"]"#),
      (#"{"type":"Box","shape":[],"dtype":"float64","low":0,"high":1}"#, "0.1"),
      (#"{"type":"Box","shape":[2],"dtype":"float16","low":-70000,"high":70000}"#, "[65504,-0.0999755859375]"),
      (#"{"type":"Box","shape":[2],"dtype":"int8","low":-128,"high":127}"#, "[-128,127]"),
      (#"{"type":"Box","shape":[2],"dtype":"uint16","low":0,"high":65535}"#, "[0,65535]"),
      (#"{"type":"Box","shape":[2],"dtype":"int32","low":-2147483648,"high":2147483647}"#, "[-2147483648,2147483647]"),
      (
        #"{"type":"Box","shape":[3],"dtype":"int64","low":"-9223372036854775808","high":"9223372036854775807"}"#,
        #"["-9223372036854775808","9223372036854775807",9007199254740991]"#
      ),
      (#"{"type":"Box","shape":[1],"dtype":"uint64","low":0,"high":1}"#, #"["18446744073709551615"]"#),
      (#"{"type":"Box","shape":[2],"dtype":"bool","low":0,"high":1}"#, "[0,1]"),
      (#"{"type":"Discrete","n":3}"#, "2"), (#"{"type":"MultiBinary","shape":[2,2]}"#, "[0,1,1,0]"),
      (#"{"type":"MultiDiscrete","shape":[2],"nvec":[2,3]}"#, "[1,2]"), (#"{"type":"Text","max_length":3}"#, #""a🎈b""#),
      (#"{"type":"Tuple","spaces":[{"type":"Discrete","n":2},{"type":"MultiBinary","shape":[1]}]}"#, "[1,[0]]"),
      (#"{"type":"OneOf","spaces":[{"type":"Discrete","n":2},{"type":"MultiBinary","shape":[1]}]}"#, "[1,[0]]"),
      (
        #"{"type":"Dict","spaces":[["z",{"type":"Discrete","n":2}],["a",{"type":"MultiBinary","shape":[1]}]]}"#,
        #"{"z":1,"a":[0]}"#
      ),
      (#"{"type":"Sequence","space":{"type":"MultiBinary","shape":[2]},"stack":true}"#, "[[0,1],[1,1]]"),
      (#"{"type":"Sequence","space":{"type":"Discrete","n":2}}"#, "[]"),
      (
        #"{"type":"Graph","node_space":{"type":"Box","shape":[2],"low":0,"high":1},"edge_space":{"type":"Discrete","n":9}}"#,
        #"{"nodes":[0,1,0.5,0.5],"edges":[7],"edge_links":[0,1]}"#
      ),
      (
        #"{"type":"Graph","node_space":{"type":"Discrete","n":9},"edge_space":null}"#,
        #"{"nodes":[3,4],"edges":null,"edge_links":null}"#
      ),
    ]
  )
  func values(space: String, value: String) throws {
    #expect(try Self.rewritten(value, space) == value)
  }

  @Test(
    "a value that is not of its space's kind is refused: SPEC 8.2, 8.3, 8.7, 9.2, 9.3, 10.6",
    arguments: [
      (
        #"{"type":"Box","shape":[2],"low":0,"high":1}"#,
        ["[1]", "[1,2,3]", "1", #"["1",2]"#, "[true,1]", "[null,1]", #""ab""#]
      ),
      (#"{"type":"Box","shape":[],"low":0,"high":1}"#, ["[1]", "null", "{}"]),
      (
        #"{"type":"Box","shape":[1],"dtype":"uint8","low":0,"high":1}"#,
        ["[256]", "[-1]", "[0.5]", #"["NaN"]"#, #"["7"]"#]
      ),
      (#"{"type":"Box","shape":[1],"dtype":"int64","low":0,"high":1}"#, [#"["9223372036854775808"]"#, #"["1e19"]"#]),
      (#"{"type":"Box","shape":[1],"dtype":"bool","low":0,"high":1}"#, ["[true]", "[2]"]),
      (#"{"type":"Discrete","n":3}"#, ["[1]", "0.5", #""1""#, "true", "null"]),
      (#"{"type":"Text","max_length":3}"#, ["7", #"["a"]"#]),
      (#"{"type":"Tuple","spaces":[{"type":"Discrete","n":2}]}"#, ["1", "[]", "[1,1]", #"{"0":1}"#]),
      (#"{"type":"Dict","spaces":[["a",{"type":"Discrete","n":2}]]}"#, ["{}", #"{"b":1}"#, #"{"a":1,"b":1}"#, "[1]"]),
      (#"{"type":"OneOf","spaces":[{"type":"Discrete","n":2}]}"#, ["[1,1]", "[0]", "[-1,0]", "1", "[0,1,1]"]),
      (#"{"type":"Sequence","space":{"type":"Discrete","n":2}}"#, ["1", #"["a"]"#]),
      (
        #"{"type":"Graph","node_space":{"type":"Box","shape":[2],"low":0,"high":1},"edge_space":null}"#,
        ["[]", #"{"edges":null,"edge_links":null}"#, #"{"nodes":[1],"edges":null,"edge_links":null}"#]
      ),
    ]
  )
  func refusedValues(space: String, values: [String]) throws {
    for value in values { #expect(throws: (any Error).self, "\(value)") { try Self.rewritten(value, space) } }
  }

  @Test(
    "values are batched as Gymnasium batches them: SPEC 12.3",
    arguments: [
      (#"{"type":"Box","shape":[2],"low":0,"high":1}"#, "[1,2,3,4]"), (#"{"type":"Discrete","n":3}"#, "[2,0]"),
      (#"{"type":"Box","shape":[],"low":0,"high":1}"#, "[0.5,1]"), (#"{"type":"Text","max_length":3}"#, #"["a","b"]"#),
      (#"{"type":"Tuple","spaces":[{"type":"Discrete","n":3},{"type":"MultiBinary","shape":[1]}]}"#, "[[2,0],[1,0]]"),
      (
        #"{"type":"Dict","spaces":[["a",{"type":"Discrete","n":3}],["b",{"type":"Text","max_length":3}]]}"#,
        #"{"a":[2,0],"b":["x","y"]}"#
      ),
      (#"{"type":"Sequence","space":{"type":"Discrete","n":3}}"#, "[[2,0,1],[]]"),
      (#"{"type":"OneOf","spaces":[{"type":"Discrete","n":3}]}"#, "[[0,2],[0,0]]"),
    ]
  )
  func batches(space: String, value: String) throws {
    #expect(try Self.rewritten(value, space, rows: 2, form: ValueForm(isBatched: true)) == value)
  }

  @Test(
    "base64 is the elements' bytes, little-endian, in the type of the space: SPEC 13.2, 13.3",
    arguments: [
      ("float16", "AEA=", "[2]"), ("float32", "AACAPw==", "[1]"), ("float64", "AAAAAAAA8D8=", "[1]"),
      ("int8", "/w==", "[-1]"),
      ("int16", "/v8=", "[-2]"), ("int32", "AQAAAA==", "[1]"), ("int64", "AQAAAAAAAAA=", "[1]"),
      ("uint8", "/w==", "[255]"),
      ("uint16", "AQI=", "[513]"), ("uint32", "/////w==", "[4294967295]"),
      ("uint64", "//////////8=", #"["18446744073709551615"]"#), ("bool", "AQ==", "[1]"),
    ]
  )
  func bytes(type: String, text: String, list: String) throws {
    let space = #"{"type":"Box","shape":[1],"dtype":"\#(type)","low":0,"high":1}"#
    let form = ValueForm(allowsBase64: true)
    let coded = #"{"b64":"\#(text)"}"#
    #expect(try Self.rewritten(list, space, form: form) == coded)
    #expect(try Self.rewritten(coded, space, form: form) == coded)
    #expect(throws: (any Error).self) { try Self.rewritten(coded, space) }
  }

  private static func space(_ text: String) throws -> Space {
    var text = text
    return try text.withUTF8 { utf8 in
      var scanner = JSONScanner(UnsafeRawBufferPointer(utf8))
      return try Space(from: &scanner, path: "obs")
    }
  }

  /// Reads a value, and writes what was read.
  private static func rewritten(
    _ value: String, _ description: String, rows: Int = 1, form: ValueForm = ValueForm()
  ) throws -> String {
    let batch = ValueBatch(try space(description), count: rows)
    var value = value
    try value.withUTF8 { utf8 in
      var scanner = JSONScanner(UnsafeRawBufferPointer(utf8))
      try batch.read(rows: 0..<rows, from: &scanner, as: form)
      try scanner.finish()
    }
    var writer = JSONWriter()
    writer.write(batch, rows: 0..<rows, as: form)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
