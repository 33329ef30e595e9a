import Environments
import Gymwire
import JSONLines
import Testing

/// A driver's session with an outcome of its own, in text; hello has been composed.
struct Driver: ~Copyable {
  var session = DriverSession()
  var outcome: StepBatch
  let actions: ValueBatch

  static let observation = Space.box(Box(shape: [2], low: .same(-1), high: .same(1)))

  init(count: Int = 1, observation: Space = Self.observation, action: Space = .discrete(Discrete(3))) {
    outcome = StepBatch(observationSpace: observation, count: count)
    actions = ValueBatch(action, count: count)
    session.composeHello(HelloRequest(client: "me"))
  }

  var line: String { String(decoding: session.line, as: UTF8.self) }
  var rows: Range<Int> { 0..<outcome.count }

  static let spaces =
    #""obs_space":{"type":"Box","shape":[2],"low":-1,"high":1},"action_space":{"type":"Discrete","n":3}"#

  mutating func greet(_ features: String = "[]", count: Int = 1) throws {
    _ = try hello(#"{"id":0,"version":1,"role":"env","features":\#(features),"num_envs":\#(count),\#(Self.spaces)}"#)
  }

  mutating func hello(_ line: String) throws -> ServerLine {
    try Array(line.utf8).withUnsafeBytes { try session.readHello($0) }
  }

  /// Composes a step, whose id is 1 or more, and reads the line as its reply; `ID` in it stands for the id.
  mutating func step(_ line: String) throws -> ServerLine {
    session.composeStep(actions, rows: rows)
    return try again(line)
  }

  func again(_ line: String) throws -> ServerLine {
    let id = try #require(try JSONValue(parsing: self.line)["id"]?.text)
    return try read(bytes: Array(line.replacing("ID", with: id).utf8))
  }

  func read(bytes: [UInt8]) throws -> ServerLine {
    try bytes.withUnsafeBytes { try session.readStep($0, into: outcome, rows: rows) }
  }
}

extension String {
  fileprivate func replacing(_ mark: String, with text: String) -> String {
    split(separator: mark, omittingEmptySubsequences: false).joined(separator: text)
  }
}

@Suite("What a driver writes")
struct DriverRequestTests {
  @Test("SPEC 4.5, 4.2: id first, op second, scalars before lists, no white space, ids that increase")
  func requests() throws {
    var driver = Driver()
    #expect(
      driver.line
        == #"{"id":0,"op":"hello","versions":[1],"client":{"name":"me","version":"0.1.0"},"features":[]}"# + "\n")
    var hello = HelloRequest(client: "me")
    hello.features = [.batch, .b64]
    hello.wantedEnvironments = 8
    hello.maximumLine = 70000
    driver.session.composeHello(hello)
    #expect(
      driver.line
        == #"{"id":1,"op":"hello","max_line":70000,"versions":[1],"client":{"name":"me","version":"0.1.0"},"#
        + #""features":["batch","b64"],"want":{"num_envs":8}}"# + "\n")
    driver.session.composeReset(ResetRequest())
    #expect(driver.line == #"{"id":2,"op":"reset"}"# + "\n")
    driver.session.composeReset(
      ResetRequest(seed: 9_007_199_254_740_991, options: ["b": .list([.null]), "a": .number(.nan)]))
    #expect(driver.line == #"{"id":3,"op":"reset","seed":9007199254740991,"options":{"a":null,"b":[null]}}"# + "\n")
    driver.session.composeStep(driver.actions, rows: 0..<1)
    #expect(driver.line == #"{"id":4,"op":"step","action":0}"# + "\n")
    driver.session.composeClose()
    #expect(driver.line == #"{"id":5,"op":"close"}"# + "\n")
  }

  @Test("SPEC 12.2, 13.1, 5.8: actions are batched and coded only where that is on")
  func forms() throws {
    var batched = Driver(count: 3)
    try batched.greet(#"["batch"]"#, count: 3)
    batched.session.composeStep(batched.actions, rows: 0..<3)
    #expect(batched.line == #"{"id":1,"op":"step","action":[0,0,0]}"# + "\n")
    var coded = Driver(count: 3)
    try coded.greet(#"["batch","b64"]"#, count: 3)
    coded.session.composeStep(coded.actions, rows: 1..<2)
    #expect(coded.line == #"{"id":1,"op":"step","action":{"b64":"AAAAAAAAAAA="}}"# + "\n")
  }
}

@Suite("What a driver makes of hello's reply")
struct HelloReplyTests {
  @Test("SPEC 4.8, 4.9, 4.11: everything in it is read, and what may be absent has its default")
  func members() throws {
    var driver = Driver()
    let spec = #"{"id":"Cart","max_episode_steps":500,"reward_threshold":4.5,"nondeterministic":true,"x":1}"#
    #expect(
      try driver.hello(
        #"{"num_envs":3,"max_line":70000,"spec":\#(spec),"server":{"name":"s","version":"2"},"features":["batch","x-y"],"#
          + #""role":"env","version":1,\#(Driver.spaces),"x":[{}],"id":0}"#) == .reply(isLax: false))
    let hello = driver.session.hello
    #expect(hello.environmentCount == 3 && hello.maximumLine == 70000 && hello.server == "s 2" && hello.version == 1)
    #expect(hello.features == [.batch] && hello.unknownFeatures == ["x-y"])
    #expect(
      hello.spec
        == EnvironmentSpec(id: "Cart", maximumEpisodeSteps: 500, rewardThreshold: 4.5, isNondeterministic: true))
    #expect(hello.observationSpace == Driver.observation && hello.actionSpace == .discrete(Discrete(3)))
  }

  @Test("SPEC 4.7, 1.11: null members are absent, and section 1's reply is enough")
  func absent() throws {
    for optional in [
      "",
      #","server":null,"features":null,"spec":null,"num_envs":null,"max_line":null,"error":null,"render_modes":null"#,
    ] {
      var driver = Driver()
      _ = try driver.hello(#"{"id":0,"version":1,"role":"env",\#(Driver.spaces)\#(optional)}"#)
      let hello = driver.session.hello
      #expect(hello.environmentCount == 1 && hello.maximumLine == 67_108_864 && hello.server == nil)
      #expect(hello.features.isEmpty && hello.spec == EnvironmentSpec())
    }
  }

  @Test(
    "SPEC 3.7: a required member that is missing or null is named",
    arguments: ["version", "role", "obs_space", "action_space"])
  func missing(name: String) throws {
    let members = [
      ("version", "1"), ("role", "\"env\""), ("obs_space", #"{"type":"Discrete","n":1}"#),
      ("action_space", #"{"type":"Discrete","n":1}"#),
    ]
    for isNull in [false, true] {
      var driver = Driver()
      let text = members.compactMap { $0.0 == name ? (isNull ? "\"\(name)\":null" : nil) : "\"\($0.0)\":\($0.1)" }
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.hello("{\"id\":0,\(text.joined(separator: ","))}")
      }
      #expect(error == .missing(name))
      #expect("\(error)" == "the reply has no \"\(name)\"")
    }
  }

  @Test("members of the wrong type are named with what was expected")
  func wrongTypes() throws {
    for (member, reason) in [
      (#""version":"1""#, "\"version\" cannot be used: an integer was expected, but there is a string"),
      (#""version":1.5"#, "\"version\" cannot be used: Expected an integer"),
      (#""role":5"#, "\"role\" cannot be used: a string was expected, but there is a number"),
      (#""features":"b64""#, "\"features\" cannot be used: a list of strings was expected, but there is a string"),
      (#""features":[1]"#, "\"features\" cannot be used: the name of a feature was expected, but there is a number"),
      (#""num_envs":[]"#, "\"num_envs\" cannot be used: an integer was expected, but there is an array"),
      (
        #""obs_space":{"type":"Dict","spaces":[["eye",{"type":"Lens"}]]}"#,
        "\"obs_space\" cannot be used: obs.eye: there is no space of type \"Lens\""
      ),
      (
        #""action_space":{"type":"Box","shape":[2],"low":0}"#,
        "\"action_space\" cannot be used: action: \"high\" is missing"
      ),
    ] {
      var driver = Driver()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.hello(#"{"id":0,"version":1,"role":"env",\#(Driver.spaces),\#(member)}"#)
      }
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test("SPEC 5.2: after unsupported_version hello may be composed again")
  func again() throws {
    var driver = Driver()
    let refusal = #"{"id":0,"error":{"code":"unsupported_version","message":"only 99","data":{"versions":[99]}}}"#
    let error = try #require(throws: ReplyError.self) { _ = try driver.hello(refusal) }
    #expect(error == .refused(ErrorReply(.unsupportedVersion, "only 99", data: ["versions": .list([.number(99)])])))
    driver.session.composeHello(HelloRequest(client: "me"))
    #expect(driver.line.hasPrefix(#"{"id":1,"op":"hello""#))
    #expect(try driver.hello(#"{"id":1,"version":1,"role":"env",\#(Driver.spaces)}"#) == .reply(isLax: false))
  }
}

@Suite("What a driver makes of step's reply")
struct StepReplyTests {
  private static let good = #"{"id":ID,"obs":[0.5,-0.25],"reward":1.5,"terminated":false,"truncated":true}"#

  @Test("SPEC 4.8, 6.7: the members are read into the row")
  func members() throws {
    var driver = Driver()
    try driver.greet()
    #expect(try driver.step(Self.good) == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.5, -0.25]))
    #expect(driver.outcome.rewards[0] == 1.5)
    #expect(!driver.outcome.isTerminated[0] && driver.outcome.isTruncated[0])
    #expect(driver.outcome.infos.isEmpty)
  }

  @Test("SPEC 4.5, 4.6: any order, white space, escapes and unknown members")
  func otherSpellings() throws {
    var driver = Driver()
    try driver.greet()
    let line =
      #"{ "truncated" :true,"x":[{"id":9}], "\u0072eward": 1.5e0 ,"text":7,"ended":5,"op":{}, "terminated":false ,"#
      + #""obs":[ 0.5 , -25e-2 ] ,"info":{"a":"NaN","b":{"b64":"!"}}, "id" : ID } "#
    #expect(try driver.step(line) == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.5, -0.25]))
    #expect(
      driver.outcome.infos[0] == ["a": .string("NaN"), "b": .object(["b64": .string("!")])],
      "SPEC 11.1: an info is not interpreted")
  }

  @Test("SPEC 3.7: a member that is missing or null is named", arguments: ["obs", "reward", "terminated", "truncated"])
  func missing(name: String) throws {
    let members = [("obs", "[0,0]"), ("reward", "1"), ("terminated", "false"), ("truncated", "false")]
    for isNull in [false, true] {
      var driver = Driver()
      try driver.greet()
      let text = members.compactMap { $0.0 == name ? (isNull ? "\"\(name)\":null" : nil) : "\"\($0.0)\":\($0.1)" }
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step("{\"id\":ID,\(text.joined(separator: ","))}")
      }
      #expect(error == .missing(name))
    }
  }

  @Test("SPEC 3.7, 9.3: values that cannot be used are named with what was expected")
  func invalid() throws {
    for (old, new, reason) in [
      ("[0.5,-0.25]", "[0.5]", "\"obs\" cannot be used: the array has 1 elements instead of 2"),
      ("[0.5,-0.25]", "[0.5,1,2]", "\"obs\" cannot be used: the array has 3 elements instead of 2"),
      ("[0.5,-0.25]", "0.5", "\"obs\" cannot be used: a list of 2 numbers was expected, but there is a number"),
      ("[0.5,-0.25]", "[0.5,true]", "\"obs\" cannot be used: element 1 is a boolean instead of a number"),
      ("[0.5,-0.25]", "[0.5,\"x\"]", "\"obs\" cannot be used: element 1 is the string \"x\" instead of a number"),
      ("[0.5,-0.25]", "[0.5,null]", "\"obs\" cannot be used: element 1 is null instead of a number"),
      ("[0.5,-0.25]", "{\"b64\":\"AAAAPwAAgL4=\"}", "\"obs\" cannot be used: a list of 2 numbers was expected"),
      ("1.5", "\"1.5\"", "\"reward\" cannot be used: it is the string \"1.5\" instead of a number"),
      ("1.5", "\"NaN\"", "\"reward\" cannot be used: it is nan, of which no return can be made"),
      ("1.5", "-Infinity", "\"reward\" cannot be used: it is -inf, of which no return can be made"),
      ("1.5", "[1.5]", "\"reward\" cannot be used: it is an array instead of a number"),
      ("1.5", "true", "\"reward\" cannot be used: it is a boolean instead of a number"),
      ("1.5", "1e999", "\"reward\" cannot be used: it is a number that no Double holds"),
      ("false", "0", "\"terminated\" cannot be used: true or false was expected, but there is a number"),
      ("true}", "\"no\"}", "\"truncated\" cannot be used: true or false was expected, but there is a string"),
      ("true}", "true,\"info\":[]}", "\"info\" cannot be used: an object was expected"),
    ] {
      var driver = Driver()
      try driver.greet()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step(Self.good.replacing(old, with: new))
      }
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test("SPEC 3.7, 4.3: a reply with another id, or without one, is told from a broken one")
  func wrongIdentifier() throws {
    for (id, shown) in [
      ("7", "7"), ("\"1\"", "\"1\""), ("-1", "-1"), ("1.5", "1.5"), ("[1]", "[1]"), ("true", "true"), ("null", "null"),
      ("9007199254740993", "9007199254740993"),
    ] {
      var driver = Driver()
      try driver.greet()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step(Self.good.replacing("ID", with: id).replacing("[0.5,-0.25]", with: "[]"))
      }
      #expect(
        "\(error)".hasPrefix("the reply has the id \(shown)") && "\(error)".hasSuffix(" instead of 1"), "\(error)")
    }
    var driver = Driver()
    try driver.greet()
    #expect(try #require(throws: ReplyError.self) { _ = try driver.step("{}") } == .missing("id"))
    #expect(try driver.again(Self.good.replacing("ID", with: "1.0")) == .reply(isLax: false))
  }

  @Test("SPEC 3.7: a line that is not one JSON object is malformed, wherever it breaks")
  func malformed() throws {
    for line in [
      "{", "[]", #"{"id":ID,"obs":[0.5,"#, #"{"id":ID,"obs":[0.5 1]}"#, #"{"id":ID,"reward":1.}"#, #"{"id":ID}x"#,
      #"{"id":ID,"obs":[0.5,tru]}"#, #"{"id":ID,"x":"\ud800"}"#, #"{"id":ID,"error":{"code":"x"}"#, "\u{0}",
    ] {
      var driver = Driver()
      try driver.greet()
      let error = try #require(throws: ReplyError.self) { _ = try driver.step(line) }
      #expect("\(error)".hasPrefix("the reply is not one JSON object: "), "\(line): \(error)")
    }
  }

  @Test("SPEC 2.8: bytes of a reply that are not UTF-8 are malformed")
  func notUTF8() throws {
    var driver = Driver()
    try driver.greet()
    driver.session.composeStep(driver.actions, rows: 0..<1)
    let bytes = Array(#"{"id":1,"x":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    let error = try #require(throws: ReplyError.self) { _ = try driver.read(bytes: bytes) }
    guard case .malformed = error else { throw error }
  }

  @Test("SPEC 2.9: a reply nested 100,000 deep is refused")
  func deep() throws {
    var driver = Driver()
    try driver.greet()
    let nested = String(repeating: "[", count: 100_000)
    for member in ["info", "x", "obs", "error"] {
      #expect(throws: ReplyError.self) { _ = try driver.step(#"{"id":ID,"\#(member)":\#(nested)}"#) }
    }
  }

  @Test("SPEC 8.5: bare NaN, Infinity and nested lists are read, and noted")
  func lax() throws {
    var driver = Driver()
    try driver.greet()
    #expect(try driver.step(Self.good.replacing("-0.25", with: "NaN")) == .reply(isLax: true))
    #expect(driver.outcome.observations.firstNonFinite(in: 0..<1)?.element == 1)
    #expect(try driver.step(Self.good.replacing("-0.25", with: "-Infinity")) == .reply(isLax: true))
    #expect(try driver.step(Self.good.replacing("[0.5,-0.25]", with: "[[0.5],[-0.25]]")) == .reply(isLax: true))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.5, -0.25]))
    #expect(try driver.step(Self.good.replacing("-0.25", with: "\"NaN\"")) == .reply(isLax: false), "SPEC 8.4")
    #expect(try driver.step(Self.good) == .reply(isLax: false))
  }

  @Test("SPEC 9.4: an observation outside its bounds is used")
  func outOfBounds() throws {
    var driver = Driver()
    try driver.greet()
    _ = try driver.step(Self.good.replacing("0.5", with: "7"))
    #expect(driver.outcome.observations.flat?.array.double(at: 0) == 7)
  }

  @Test("SPEC 3.4, 3.6: notifications are told from replies, whatever else is in them")
  func notifications() throws {
    var driver = Driver()
    try driver.greet()
    #expect(
      try driver.step(#"{"op":"log","level":"warning","text":"no checkpoints"}"#)
        == .notification(Notification(operation: "log", text: "no checkpoints")))
    for line in [
      #"{"op":"x-unknown"}"#, #"{"op":"x-unknown","text":7}"#, #"{"op":"x-unknown","obs":"?","reward":[],"error":5}"#,
      #"{"text":"","obs":[1,2,3],"op":"x-unknown"}"#,
    ] {
      #expect(try driver.again(line) == .notification(Notification(operation: "x-unknown", text: "")), "\(line)")
    }
    #expect(try driver.again(Self.good) == .reply(isLax: false))
  }

  @Test("SPEC 7.1, 7.6, 4.4: a refusal is read, also with an unknown code, strange members or a null id")
  func refusals() throws {
    func refusal(_ line: String) throws -> ReplyError {
      var driver = Driver()
      try driver.greet()
      return try #require(throws: ReplyError.self) { _ = try driver.step(line) }
    }
    let full = #"{"code":"bad_action","message":"no","fatal":true,"data":{"env":0},"x":[1]}"#
    let expected = ReplyError.refused(ErrorReply(.badAction, "no", isFatal: true, data: ["env": .number(0)]))
    #expect(try refusal(#"{"id":ID,"error":\#(full)}"#) == expected)
    #expect(try refusal(#"{"error":\#(full),"id":null}"#) == expected)
    #expect(try refusal(#"{"obs":null,"reward":"?","error":\#(full),"id":ID}"#) == expected)
    #expect(
      try refusal(#"{"id":ID,"error":{"code":"x-mine","message":"no"}}"#) == .refused(ErrorReply(.internal, "no")))
    #expect(
      try refusal(#"{"id":ID,"error":{"code":5,"message":[],"fatal":"yes","data":7}}"#)
        == .refused(ErrorReply(.internal, "no message")))
    #expect(try "\(refusal(#"{"id":ID,"error":"boom"}"#))".contains("\"error\" cannot be used"))
    #expect(try refusal(#"{"id":5,"error":\#(full)}"#) == .wrongIdentifier(expected: 1, actual: "5"))
    #expect(try refusal(#"{"id":ID,"error":null}"#) == .missing("obs"))
  }
}

@Suite("What a driver makes of batched replies")
struct BatchedReplyTests {
  private func driver() throws -> Driver {
    var driver = Driver(count: 3)
    try driver.greet(#"["batch","b64"]"#, count: 3)
    return driver
  }
  private static let good =
    #"{"id":ID,"obs":[0,1,2,3,4,5],"reward":[1,2,3],"ended":[{"env":1,"terminated":true,"truncated":false,"final_obs":[8,9],"final_info":{"a":1}}],"info":[{},{},{"b":2}]}"#

  @Test("SPEC 12.5, 12.6, 12.13: rows, ends, final observations and infos go to their places")
  func members() throws {
    var driver = try driver()
    driver.outcome.isTerminated[0] = true
    driver.outcome.isTruncated[2] = true
    #expect(
      try driver.step(Self.good.replacing("{\"id\"", with: "{\"terminated\":true,\"truncated\":5,\"id\""))
        == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0, 1, 2, 3, 4, 5]))
    #expect(driver.outcome.finalObservations.flat?.array.double(at: 3) == 9)
    #expect(Array(driver.outcome.rewards) == [1, 2, 3])
    #expect(Array(driver.outcome.isTerminated) == [false, true, false])
    #expect(Array(driver.outcome.isTruncated) == [false, false, false])
    #expect(driver.outcome.finalInfos == [1: ["a": .number(1)]] && driver.outcome.infos == [2: ["b": .number(2)]])
  }

  @Test("SPEC 13.1: lists may be base64")
  func base64() throws {
    var driver = try driver()
    let line =
      #"{"id":ID,"obs":{"b64":"mpkZP83MzD3NzIy/zczMvZqZmT4AAAAA"},"reward":{"b64":"AAAAAAAA8D8AAAAAAADwPwAAAAAAAPA/"},"#
      + #""ended":[{"env":2,"terminated":true,"truncated":false,"final_obs":{"b64":"mpkRQc3MTD4="}}]}"#
    #expect(try driver.step(line) == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.6, 0.1, -1.1, -0.1, 0.3, 0]))
    #expect(Array(driver.outcome.rewards) == [1, 1, 1])
    #expect(driver.outcome.finalObservations.flat?.array.floats?[4] == 9.1)
  }

  @Test("SPEC 3.7, 12.6, 13.3: what a batched reply may get wrong")
  func invalid() throws {
    let entry = #"{"env":1,"terminated":true,"truncated":false,"final_obs":[8,9],"final_info":{"a":1}}"#
    for (old, new, reason) in [
      ("[1,2,3]", "[1,2]", "\"reward\" cannot be used: the array has 2 elements instead of 3"),
      ("[1,2,3]", "1", "\"reward\" cannot be used: a list of 3 numbers was expected"),
      ("[1,2,3]", "[1,2,\"NaN\"]", "\"reward\" cannot be used: it is nan in sub-environment 2"),
      ("[0,1,2,3,4,5]", "[0,1]", "\"obs\" cannot be used: the array has 2 elements instead of 6"),
      (
        "[0,1,2,3,4,5]", "{\"b64\":\"AAAA\"}",
        "\"obs\" cannot be used: the base64 of 6 numbers of type float32, which take 24 bytes"
      ),
      ("\"ended\"", "\"end\"", "the reply has no \"ended\""),
      (entry, "\(entry),\(entry)", "\"ended\" cannot be used: env 1 is out of order or beyond the last, 2"),
      ("\"env\":1", "\"env\":3", "env 3 is out of order or beyond the last, 2"),
      ("\"env\":1", "\"env\":-1", "env -1 is out of order"),
      ("\"env\":1", "\"env\":9007199254740993", "is out of order"),
      ("\"env\":1,", "", "an entry needs env, terminated, truncated and final_obs"),
      ("\"final_obs\"", "\"x\"", "an entry needs env, terminated, truncated and final_obs"),
      ("\"terminated\":true", "\"terminated\":false", "env 1 is listed, but neither of its flags is true"),
      ("[8,9]", "[8]", "the final_obs of env 1 cannot be used: the array has 1 elements instead of 2"),
      ("{\"a\":1}", "7", "an object was expected"), (entry, "5", "an object for each ended episode was expected"),
      ("[{},{},{\"b\":2}]", "[{}]", "\"info\" cannot be used: there are 1 objects instead of 3"),
      ("[{},{},{\"b\":2}]", "{}", "\"info\" cannot be used: a list of objects was expected"),
      ("{\"b\":2}", "2", "\"info\" cannot be used: an object was expected"),
    ] {
      var driver = try driver()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step(Self.good.replacing(old, with: new))
      }
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test("replies of several processes go to their own rows")
  func otherRows() throws {
    var driver = try driver()
    driver.session.composeStep(driver.actions, rows: 1..<3)
    let line =
      #"{"id":1,"obs":[5,6,7,8],"reward":[3,4],"ended":[{"env":1,"terminated":false,"truncated":true,"final_obs":[1,1]}]}"#
    _ = try Array(line.utf8).withUnsafeBytes { try driver.session.readStep($0, into: driver.outcome, rows: 1..<3) }
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0, 0, 5, 6, 7, 8]))
    #expect(Array(driver.outcome.isTruncated) == [false, false, true])
    #expect(Array(driver.outcome.rewards) == [0, 3, 4])
  }
}

@Suite("Hostile servers")
struct HostileServerTests {
  static let replies = [
    #"{"id":1,"obs":[0.5,-0.25,1,2],"reward":[1.5,2],"ended":[{"env":1,"terminated":true,"truncated":false,"final_obs":[8,9],"final_info":{"a":[1,null]}}],"info":[{},{"b":"\ud83c\udf88"}]}"#,
    #"{"id":1,"obs":{"b64":"AAAAPwAAgL4AAAAAAAAAAA=="},"reward":{"b64":"AAAAAAAA8D8AAAAAAADwPw=="},"ended":[]}"#,
    #"{"id":1,"error":{"code":"bad_action","message":"no","fatal":false,"data":{"env":0}}}"#,
    #"{"op":"log","level":"warning","text":"track.json has no checkpoints"}"#,
  ]
  private static let hello =
    #"{"id":0,"version":1,"role":"env","server":{"name":"s","version":"1"},"features":["batch"],"num_envs":2,"max_line":70000,"#
    + #""spec":{"id":"C","max_episode_steps":5},"obs_space":{"type":"Dict","spaces":[["a",{"type":"Box","shape":[2],"low":[0,"-Infinity"],"high":9}]]},"#
    + #""action_space":{"type":"MultiDiscrete","shape":[2],"nvec":[3,4]}}"#

  private func driver() throws -> Driver {
    var driver = Driver(count: 2)
    try driver.greet(#"["batch","b64"]"#, count: 2)
    driver.session.composeStep(driver.actions, rows: 0..<2)
    return driver
  }

  @Test("a reply cut at any byte is malformed")
  func truncated() throws {
    let driver = try driver()
    for reply in Self.replies {
      let bytes = Array(reply.utf8)
      for length in 0..<bytes.count {
        let error = try #require(throws: ReplyError.self) { _ = try driver.read(bytes: Array(bytes[..<length])) }
        guard case .malformed = error else { throw error }
      }
    }
    var greeting = Driver()
    for length in 0..<Self.hello.utf8.count {
      #expect(throws: ReplyError.self) { _ = try greeting.hello(String(Self.hello.prefix(length))) }
    }
    #expect(try greeting.hello(Self.hello) == .reply(isLax: false))
  }

  @Test("random changes of real replies are read or refused, and never stop a driver")
  func mutated() throws {
    var generator = Generator(seed: 9)
    let driver = try driver()
    var refusals = 0
    for _ in 0..<20_000 {
      var bytes = Array(Self.replies[Int.random(in: 0..<4, using: &generator)].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      do { _ = try driver.read(bytes: bytes) } catch { refusals += 1 }
    }
    #expect(refusals > 5000 && refusals < 20_000)
    for _ in 0..<10_000 {
      var bytes = Array(Self.hello.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      var greeting = Driver()
      _ = try? bytes.withUnsafeBytes { try greeting.session.readHello($0) }
    }
  }
}
