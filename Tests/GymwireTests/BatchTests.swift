import Environments
import Gymwire
import JSONLines
import Testing

@Suite("Several sub-environments in one process")
struct BatchTests {
  @Test("SPEC 12.2: one sub-environment is batched like many")
  func batchOfOne() throws {
    let dialogue = Dialogue.batch(1)
    #expect(try dialogue.refusal(#"{"id":2,"op":"step","action":1}"#) == "2 bad_action")
    let reply = try dialogue.reply(#"{"id":3,"op":"step","action":[1]}"#)
    #expect(reply.names == ["id", "obs", "reward", "ended", "info"])
    #expect(reply["reward"] == .array([.number(1.5)]))
    #expect(reply["ended"] == .array([]))
    #expect(reply["info"]?.array?.count == 1, "SPEC 12.13")
  }

  @Test("SPEC 12.10, 12.8: a batch of N is N single environments with the seeds s, s + 1, ...", arguments: [1, 3, 17])
  func equalsSingles(count: Int) throws {
    let batch = Dialogue.greeted("batch", want: count)
    let singles = (0..<count).map { _ in Dialogue.greeted() }
    let reset = try batch.reply(#"{"id":1,"op":"reset","seed":100}"#)
    let expected = try singles.enumerated().flatMap { index, single in
      try #require(try single.reply(#"{"id":1,"op":"reset","seed":\#(100 + index)}"#)["obs"]?.array)
    }
    #expect(reset["obs"]?.array == expected)
    var generator = Generator(seed: 1)
    for _ in 0..<40 {
      let actions = (0..<count).map { _ in Int.random(in: 0..<3, using: &generator) }
      let reply = try batch.reply(#"{"id":2,"op":"step","action":\#(actions)}"#)
      var observations: [JSONValue] = []
      var rewards: [JSONValue] = []
      var ended: [String] = []
      for (index, single) in singles.enumerated() {
        let own = try single.reply(#"{"id":2,"op":"step","action":\#(actions[index])}"#)
        rewards.append(try #require(own["reward"]))
        guard own["terminated"] == .boolean(true) || own["truncated"] == .boolean(true) else {
          observations += try #require(own["obs"]?.array)
          continue
        }
        let info = own["info"].map { ",\"final_info\":\($0.text)" } ?? ""
        ended.append(
          #"{"env":\#(index),"terminated":\#(own["terminated"]?.text ?? ""),"#
            + #""truncated":\#(own["truncated"]?.text ?? ""),"final_obs":\#(own["obs"]?.text ?? "")\#(info)}"#)
        // SPEC 12.5 and 12.7: the new episode begins within the step, without a seed.
        observations += try #require(try single.reply(#"{"id":3,"op":"reset"}"#)["obs"]?.array)
      }
      #expect(reply["obs"]?.array == observations)
      #expect(reply["reward"]?.array == rewards)
      #expect(reply["ended"]?.text == "[\(ended.joined(separator: ","))]", "SPEC 12.6")
    }
  }

  @Test("SPEC 12.5, 12.6: the old episode's last observation stands beside the new one's first")
  func endsWithinStep() throws {
    let dialogue = Dialogue.greeted("batch", want: 4)
    #expect(dialogue.code(#"{"id":1,"op":"reset","options":{"steps":2}}"#) == nil)
    let reply = try dialogue.reply(#"{"id":2,"op":"step","action":[0,2,1,2]}"#)
    #expect(reply["obs"]?.doubles?.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) == [3, 0, 3, 0])
    let ended = try #require(reply["ended"]?.array)
    #expect(ended.map { $0["env"]?.double } == [1, 3])
    #expect(ended.allSatisfy { $0["final_obs"]?.doubles?.first == 3 && $0["terminated"] == .boolean(true) })
    #expect(reply.names?.contains("terminated") == false)
    #expect(reply["info"]?.array?.map { $0.names?.count } == [0, 0, 1, 0], "SPEC 12.13")
  }

  @Test("SPEC 12.8, 12.11: a partial reset has a row for each index in its order, and the others go on")
  func partialReset() throws {
    let dialogue = Dialogue.batch(4, seed: 20)
    let twin = Dialogue.batch(4, seed: 20)
    let singles = try [2, 0].map { index in
      try #require(try Dialogue.greeted().reply(#"{"id":1,"op":"reset","seed":\#(70 + index)}"#)["obs"]?.array)
    }
    #expect(
      try dialogue.reply(#"{"id":2,"op":"reset","envs":[2,0],"seed":70}"#)["obs"]?.array == singles.flatMap { $0 })
    let step = #"{"id":3,"op":"step","action":[0,0,0,0]}"#
    let (left, right) = (try dialogue.reply(step)["obs"]?.array, try twin.reply(step)["obs"]?.array)
    #expect(left?[2..<4] == right?[2..<4] && left?[6..<8] == right?[6..<8])
    #expect(left?[0..<2] != right?[0..<2] && left?[4..<6] != right?[4..<6])
  }

  @Test("SPEC 12.9: a list of seeds has one for each that is addressed, and null lets one run on")
  func seedLists() throws {
    let dialogue = Dialogue.batch(3, seed: 1)
    let twin = Dialogue.batch(3, seed: 1)
    let seeded = try dialogue.reply(#"{"id":2,"op":"reset","seed":[9,null,4]}"#)["obs"]?.array
    let unseeded = try twin.reply(#"{"id":2,"op":"reset"}"#)["obs"]?.array
    func single(_ seed: Int) throws -> ArraySlice<JSONValue>? {
      try Dialogue.greeted().reply(#"{"id":1,"op":"reset","seed":\#(seed)}"#)["obs"]?.array?[...]
    }
    #expect(try seeded?[0..<2] == single(9))
    #expect(seeded?[2..<4] == unseeded?[2..<4])
    #expect(try seeded?[4..<6] == single(4))
    #expect(
      try dialogue.reply(#"{"id":3,"op":"reset","envs":[1],"seed":[9007199254740991]}"#)["obs"]?.array?[...]
        == single(9_007_199_254_740_991))
  }

  @Test("SPEC 12.8: a seed whose sum with an index is too great is refused only where that index is addressed")
  func seedOverflow() throws {
    let dialogue = Dialogue.batch(3)
    #expect(try dialogue.refusal(#"{"id":2,"op":"reset","seed":9007199254740990}"#) == "2 bad_seed")
    #expect(dialogue.code(#"{"id":3,"op":"reset","envs":[1,0],"seed":9007199254740990}"#) == nil)
    #expect(dialogue.code(#"{"id":4,"op":"reset","seed":9007199254740989}"#) == nil)
  }

  @Test("SPEC 12.12: the first reset addresses all")
  func firstReset() throws {
    let dialogue = Dialogue.greeted("batch", want: 2)
    #expect(try dialogue.refusal(#"{"id":1,"op":"reset","envs":[0],"seed":-1}"#) == "1 needs_reset")
    #expect(dialogue.code(#"{"id":2,"op":"reset","envs":[1,0]}"#) == nil)
    #expect(dialogue.code(#"{"id":3,"op":"reset","envs":[0]}"#) == nil)
  }

  @Test(
    "SPEC 12.11: indices twice, out of range, or none are bad_message, before anything else is looked at",
    arguments: ["[]", "[0,0]", "[2]", "[-1]", "[0.5]", "[\"0\"]", "[null]", "0", "{}", "\"0\"", "[1e300]"])
  func badIndices(envs: String) throws {
    let dialogue = Dialogue.greeted("batch", want: 2)
    #expect(try dialogue.refusal(#"{"id":1,"op":"reset","seed":-1,"envs":\#(envs)}"#) == "1 bad_message")
  }

  @Test("SPEC 12.3: Dict and Tuple batch member by member, other spaces as lists of values")
  func structured() throws {
    let space = Space.dict([
      .init("flat", .box(Box(shape: [2], low: .same(-1), high: .same(1)))),
      .init("pair", .tuple([.discrete(Discrete(4)), .text(Text(maximumLength: 5))])),
    ])
    let two = FlatArray(.int64, count: 1)
    two.set(Int128(2), at: 0)
    let value = SpaceValue.dict([
      .flat(FlatArray(.float32, count: 2)), .tuple([.flat(two), .text("hi")]),
    ])
    let dialogue = Dialogue { Mirror(observationSpace: space, actionSpace: space, observation: value) }
    dialogue.greet(["batch"], want: 3)
    let observation = #"{"flat":[0,0,0,0,0,0],"pair":[[2,2,2],["hi","hi","hi"]]}"#
    #expect(dialogue.ask(#"{"id":1,"op":"reset"}"#) == #"{"id":1,"obs":\#(observation)}"#)
    let reply = try dialogue.reply(#"{"id":2,"op":"step","action":\#(observation)}"#)
    #expect(reply["obs"]?.text == observation)
    for (action, row) in [
      (#"{"flat":[0,0,0,2,0,0],"pair":[[2,2,2],["hi","hi","hi"]]}"#, 1),
      (#"{"flat":[0,0,0,0,0,0],"pair":[[2,2,2],["hi","hi","longer"]]}"#, 2),
      (#"{"flat":[0,0,0,0,0,0],"pair":[[2,2,2],["hi",7,"hi"]]}"#, 1),
      (#"{"pair":[[9,2,2],["hi","hi","hi"]],"flat":[0,0,0,0,0,0]}"#, 0),
    ] {
      let error = try #require(try dialogue.reply(#"{"id":3,"op":"step","action":\#(action)}"#)["error"])
      #expect(error["code"]?.string == "bad_action")
      #expect(error["data"]?["env"]?.double == Double(row))
    }
  }
}

@Suite("Arrays as base64")
struct Base64SessionTests {
  /// Three int64 actions.
  private static let oneZeroOne = "AQAAAAAAAAAAAAAAAAAAAAEAAAAAAAAA"

  @Test("SPEC 13.1, 13.2: lists and base64 mean the same, both ways")
  func sameNumbers() throws {
    let text = Dialogue.batch(3, seed: 4)
    let coded = Dialogue.batch(3, seed: 4, "b64")
    let expected = try text.reply(#"{"id":2,"op":"step","action":[1,0,1]}"#)
    let reply = try coded.reply(#"{"id":2,"op":"step","action":{"b64":"\#(Self.oneZeroOne)"}}"#)
    func decode(_ name: String, _ size: Int) throws -> [UInt8] {
      let text = try #require(reply[name]?["b64"]?.string)
      var bytes = [UInt8](repeating: 0, count: size)
      try bytes.withUnsafeMutableBytes { target in
        try Array(text.utf8).withUnsafeBytes { try Base64.decode($0, into: target) }
      }
      return bytes
    }
    let rewards = try decode("reward", 24).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    #expect(rewards == expected["reward"]?.doubles)
    let observations = try decode("obs", 24).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(observations == expected["obs"]?.doubles?.map { Float($0) })
    #expect(coded.code(#"{"id":3,"op":"step","action":[0,0,0]}"#) == nil, "lists are welcome still")
  }

  @Test(
    "SPEC 13.3, 13.5: base64 that is not exactly the bytes of the array is bad_action",
    arguments: [
      #"{"b64":"AQAAAAAAAAAAAAAAAAAAAA=="}"#, #"{"b64":"AQAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAQ=="}"#,
      #"{"b64":"AQAAAAAAAAAAAAAAAAAAAAEAAAAAAAA"}"#, #"{"b64":"AQAAAAAAAAAAAAAAAAAA AAEAAAAAAAAA"}"#,
      #"{"b64":"AQAAAAAAAAAAAAAAAAAAAAEAAAAAAA_-"}"#, #"{"b64":""}"#, #"{"b64":7}"#, #"{"b64":null}"#, #"{}"#,
      #"{"b32":"AQAAAAAAAAAAAAAAAAAAAAEAAAAAAAAA"}"#, #"{"b64":"AQAAAAAAAAAAAAAAAAAAAAEAAAAAAAAA","x":1}"#,
      #"{"b64":"AQAAAAAAAAAAAAAAAAAAAAEAAAAAAAA="}"#, #"{"b64":"\u0041QAAAAAAAAAAAAAAAAAAAAEAAAAAAAAA"}"#,
      #"{"b64":"AQAAAAAAAAACAAAAAAAAAAMAAAAAAAAA"}"#, #"{"b64":"AQAAAAAAAAABAAAAAQAAAAEAAAAAAAAA"}"#,
    ])
  func broken(action: String) throws {
    #expect(try Dialogue.batch(3, "b64").refusal(#"{"id":2,"op":"step","action":\#(action)}"#) == "2 bad_action")
  }

  @Test("SPEC 13.4: a bare number is never replaced")
  func bare() throws {
    let dialogue = Dialogue.greeted("b64")
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":2,"op":"step","action":{"b64":"AQAAAAAAAAA="}}"#) == "2 bad_action")
    let reply = try dialogue.reply(#"{"id":3,"op":"step","action":1}"#)
    #expect(reply["reward"] == .number(1.5))
    #expect(reply["obs"]?["b64"]?.string != nil)
  }
}
