import Environments
import Gymwire
import JSONLines
import Testing

@Suite("A conversation of one environment")
struct ConversationTests {
  @Test("SPEC 1.10: hello, reset, step and close are answered with exactly the members of the specification")
  func whole() throws {
    let dialogue = Dialogue()
    #expect(
      dialogue.ask(#"{"id":0,"op":"hello","versions":[1],"client":{"name":"me","version":"1"},"features":[]}"#)
        == #"{"id":0,"version":1,"role":"env","server":{"name":"test","version":"0.1.0"},"features":[],"#
        + #""spec":{"id":"Lottery-v0","max_episode_steps":5,"reward_threshold":7.5,"nondeterministic":false},"#
        + #""obs_space":{"type":"Box","shape":[2],"dtype":"float32","low":0,"high":100},"#
        + #""action_space":{"type":"Discrete","n":3}}"#)
    #expect(try dialogue.reply(#"{"id":1,"op":"reset","seed":7}"#).names == ["id", "obs"])
    #expect(
      try dialogue.reply(#"{"id":2,"op":"step","action":0}"#).names
        == ["id", "obs", "reward", "terminated", "truncated"])
    #expect(try dialogue.reply(#"{"id":3,"op":"step","action":1}"#)["info"]?.names == ["drawn"])
    #expect(try dialogue.reply(#"{"id":4,"op":"step","action":0}"#)["info"] == nil, "an info does not outlast its step")
    #expect(!dialogue.conversation.isClosed)
    #expect(dialogue.ask(#"{"id":5,"op":"close"}"#) == #"{"id":5}"#)
    #expect(dialogue.conversation.isClosed && !dialogue.conversation.hasFailed)
  }

  @Test("SPEC 4.2: ids are copied, whatever they are", arguments: [0, 1, 5, 5, 3, 9_007_199_254_740_991] as [Int64])
  func identifiers(id: Int64) throws {
    let dialogue = Dialogue.greeted()
    #expect(try dialogue.reply(#"{"id":\#(id),"op":"reset"}"#)["id"] == .integer(id))
    #expect(try dialogue.refusal(#"{"id":\#(id),"op":"jump"}"#) == "\(id) unknown_op")
  }

  @Test("SPEC 4.5: members come in any order, with white space and escapes")
  func otherSpellings() throws {
    let plain = Dialogue.greeted()
    let odd = Dialogue.greeted()
    #expect(
      odd.ask("{ \"options\" : {} ,\t\"seed\": 42 , \"op\" :\"reset\" , \"id\":1 }\t ")
        == plain.ask(#"{"id":1,"op":"reset","seed":42}"#))
    #expect(
      odd.ask(#"{"\u0061ction":1,"\u006fp":"st\u0065p","id":2}"#) == plain.ask(#"{"id":2,"op":"step","action":1}"#))
  }

  @Test("SPEC 2.2: U+2028, U+2029 and U+0085 within a string are ordinary characters")
  func lineSeparators() {
    #expect(Dialogue.greeted().code("{\"id\":1,\"x\":\"\u{2028}\u{2029}\u{85}🎈\",\"op\":\"reset\"}") == nil)
  }

  @Test("SPEC 4.6, 5.8: unknown members, and members of features that are off, are ignored")
  func unknownMembers() {
    let plain = Dialogue.greeted()
    let odd = Dialogue.greeted()
    #expect(
      odd.ask(#"{"id":1,"op":"reset","seed":3,"envs":[9,-1,"x"],"error":{},"obs":[1,[2,{"op":"close"}]],"x-a":1e999}"#)
        == plain.ask(#"{"id":1,"op":"reset","seed":3}"#))
    #expect(
      odd.ask(#"{"id":2,"seed":-1,"versions":7,"options":7,"op":"step","text":"\"action\":7,\\","action":1}"#)
        == plain.ask(#"{"id":2,"op":"step","action":1}"#))
  }

  @Test("SPEC 4.7: null for optional members is as good as nothing")
  func nullMembers() {
    let plain = Dialogue()
    let odd = Dialogue()
    #expect(
      odd.ask(
        #"{"id":0,"op":"hello","versions":[1],"client":null,"features":null,"want":{"num_envs":null},"max_line":null}"#)
        == plain.ask(#"{"id":0,"op":"hello","versions":[1]}"#))
    #expect(
      odd.ask(#"{"id":1,"op":"reset","seed":null,"envs":null,"options":null}"#)
        == plain.ask(#"{"id":1,"op":"reset"}"#))
    #expect(Dialogue().code(#"{"id":0,"op":"hello","versions":[1],"want":null}"#) == nil)
  }

  @Test("SPEC 2.7: a name that comes twice is either refused or taken from its last place")
  func repeatedName() throws {
    let dialogue = Dialogue.greeted()
    let reply = try dialogue.reply(#"{"id":1,"id":2,"op":"close","op":"reset","seed":5,"seed":6}"#)
    let expected = try Dialogue.greeted().reply(#"{"id":2,"op":"reset","seed":6}"#)
    #expect(reply == expected || reply["error"]?["code"]?.string == "bad_json")
  }

  @Test("SPEC 8.2: a seed may be written with a fraction of zero or an exponent")
  func otherSeeds() {
    #expect(
      Dialogue.greeted().ask(#"{"id":1,"op":"reset","seed":42.0}"#)
        == Dialogue.greeted().ask(#"{"id":1,"op":"reset","seed":4.2e1}"#))
  }
}

@Suite("Versions and features")
struct NegotiationTests {
  @Test("SPEC 5.1: the highest common version is picked", arguments: ["[1]", "[3,2,1]", "[1,99,-4]", "[1.0]"])
  func commonVersion(versions: String) throws {
    #expect(try Dialogue().reply(#"{"id":0,"op":"hello","versions":\#(versions)}"#)["version"] == .integer(1))
  }

  @Test("SPEC 5.2, 5.3, 7.5.1: without a common version the server lists its own, and hello may be tried again")
  func noCommonVersion() throws {
    let dialogue = Dialogue()
    for versions in ["[]", "[2,3]", "[0]", "[-1]", "[9007199254740991]"] {
      let reply = try dialogue.reply(#"{"id":4,"op":"hello","versions":\#(versions)}"#)
      #expect(reply["error"]?["code"]?.string == "unsupported_version")
      #expect(reply["error"]?["data"]?["versions"] == .array([.integer(1)]))
      #expect(reply["error"]?["fatal"] == nil)
    }
    #expect(dialogue.code(#"{"id":5,"op":"hello","versions":[1]}"#) == nil)
  }

  @Test("SPEC 5.4: a second hello is bad_message, and the episode and the features go on")
  func secondHello() throws {
    let dialogue = Dialogue.greeted()
    let twin = Dialogue.greeted()
    for each in [dialogue, twin] { #expect(each.code(#"{"id":1,"op":"reset","seed":1}"#) == nil) }
    for hello in [#""versions":[1],"features":["batch"],"want":{"num_envs":3}"#, #""versions":[9]"#, #""versions":7"#] {
      #expect(try dialogue.refusal(#"{"id":2,"op":"hello",\#(hello)}"#) == "2 bad_message")
    }
    let step = #"{"id":3,"op":"step","action":1}"#
    #expect(dialogue.ask(step) == twin.ask(step))
  }

  @Test("SPEC 5.5, 5.7: only what was asked for and is known is switched on")
  func features() throws {
    func granted(_ asked: String, _ supported: [Feature] = [.batch, .b64]) throws -> JSONValue? {
      try Dialogue(features: supported).reply(#"{"id":0,"op":"hello","versions":[1]\#(asked)}"#)["features"]
    }
    #expect(try granted("") == .array([]))
    #expect(try granted(#","features":[]"#) == .array([]))
    #expect(try granted(#","features":["b64"]"#) == .array([.string("b64")]))
    #expect(try granted(#","features":["mask","render","x-mine","b64","batch"]"#)?.array?.count == 2)
    #expect(try granted(#","features":["batch","b64"]"#, []) == .array([]))
    let single = try Dialogue().reply(#"{"id":0,"op":"hello","versions":[1],"want":{"num_envs":4}}"#)
    #expect(single["num_envs"] == nil, "without batch nothing is said about it")
  }

  @Test("SPEC 5.8: without b64 an object in place of an array is an unusable value")
  func base64Off() throws {
    let dialogue = Dialogue.batch(1)
    #expect(try dialogue.refusal(#"{"id":2,"op":"step","action":{"b64":"AQAAAAAAAAA="}}"#) == "2 bad_action")
    #expect(try dialogue.reply(#"{"id":3,"op":"step","action":[1]}"#)["obs"]?.array?.count == 2)
  }

  @Test("SPEC 12.1: as many sub-environments as were wanted, one if nothing was, and never absurdly many")
  func wantedEnvironments() throws {
    func granted(_ want: String, maximumLine: Int = 1 << 26) throws -> Double? {
      let hello = #"{"id":0,"op":"hello","versions":[1],"max_line":\#(maximumLine),"features":["batch"]\#(want)}"#
      return try Dialogue().reply(hello)["num_envs"]?.double
    }
    #expect(try granted("") == 1)
    #expect(try granted(#","want":{}"#) == 1)
    #expect(try granted(#","want":{"num_envs":5}"#) == 5)
    #expect(try granted(#","want":{"num_envs":4096}"#) == 4096)
    for absurd in ["9007199254740991", "1e15"] {
      #expect((1...65536).contains(try #require(try granted(#","want":{"num_envs":\#(absurd)}"#))))
    }
    let few = try #require(try granted(#","want":{"num_envs":100000}"#, maximumLine: 65536))
    #expect(few > 50 && few < 1000, "as many as the driver's lines have room for")
  }

  @Test("SPEC 2.12: what was granted fits the driver's lines even if all episodes end at once")
  func grantedFits() throws {
    let dialogue = Dialogue()
    let hello = #"{"id":0,"op":"hello","versions":[1],"max_line":65536,"features":["batch"],"want":{"num_envs":99999}}"#
    let count = Int(try #require(try dialogue.reply(hello)["num_envs"]?.double))
    #expect(dialogue.code(#"{"id":1,"op":"reset","options":{"steps":4}}"#) == nil)
    let actions = Array(repeating: "1", count: count).joined(separator: ",")
    let reply = dialogue.ask(#"{"id":2,"op":"step","action":[\#(actions)]}"#)
    #expect(try JSONValue(parsing: reply)["ended"]?.array?.count == count)
    #expect(reply.utf8.count <= 65536)
  }

  @Test("SPEC 2.12: a reply longer than the driver reads is too_large, with its id, and fatal")
  func replyTooLong() throws {
    let space = Space.box(Box(shape: [40000], low: .same(0), high: .same(1)))
    let zeros = SpaceValue.flat(FlatArray(.float32, count: 40000))
    let dialogue = Dialogue { Mirror(observationSpace: space, actionSpace: .discrete(Discrete(2)), observation: zeros) }
    #expect(dialogue.code(#"{"id":0,"op":"hello","versions":[1],"max_line":65536}"#) == nil)
    let reply = try dialogue.reply(#"{"id":1,"op":"reset"}"#)
    #expect(reply["id"] == .integer(1))
    #expect(reply["error"]?["code"]?.string == "too_large")
    #expect(reply["error"]?["fatal"] == .boolean(true))
    #expect(dialogue.conversation.isClosed && dialogue.conversation.hasFailed, "SPEC 7.9")
  }
}
