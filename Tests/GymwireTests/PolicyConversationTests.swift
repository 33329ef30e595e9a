import Environments
import Gymwire
import JSONLines
import Testing

@Suite("The role policy")
struct PolicyConversationTests {
  @Test("hello tells the role and the spaces, and nothing that belongs to environments")
  func hello() throws {
    let dialogue = Dialogue(with: PolicyConversation(serving: Oracle(), serverName: "oracle"))
    let reply = try dialogue.reply(#"{"id":0,"op":"hello","versions":[1],"features":["batch","render","mask"]}"#)
    #expect(reply["role"]?.string == "policy")
    #expect(reply["features"] == .array([.string("batch"), .string("mask")]))
    #expect(reply["obs_space"]?["type"]?.string == "Box" && reply["action_space"]?["start"] == .integer(5))
    #expect(reply["num_envs"] == nil && reply["spec"] == nil)
  }

  @Test("SPEC 16.1, 16.4: act tells the action, its logarithm, the value and the version")
  func act() throws {
    let dialogue = Dialogue.policy()
    #expect(
      dialogue.ask(#"{"id":1,"op":"act","deterministic":true,"obs":[0.5,0.25]}"#)
        == #"{"id":1,"action":5,"logp":-0.25,"value":0.5,"policy_version":1}"#)
    #expect(
      dialogue.ask(#"{"id":2,"op":"act","seed":1,"obs":[-100,3]}"#)
        == #"{"id":2,"action":6,"logp":-3,"value":-100,"policy_version":1}"#)
    let sampled = try (0..<200).map { _ in try dialogue.reply(#"{"id":3,"op":"act","obs":[0,0]}"#)["action"]?.double }
    #expect(Set(sampled) == [5, 6, 7])
  }

  @Test("the operations of environments and learners are not those of a policy")
  func otherRoles() throws {
    let dialogue = Dialogue.policy()
    for operation in ["reset", "step", "begin", "end", "log_action", "abandon", "save", "render"] {
      #expect(try dialogue.refusal(#"{"id":1,"op":"\#(operation)","session":"a"}"#) == "1 unknown_op")
    }
    #expect(try Dialogue().refusal(#"{"id":1,"op":"act","obs":[0,0]}"#) == "1 unknown_op")
    #expect(try Dialogue().refusal(#"{"id":1,"op":"reload"}"#) == "1 unknown_op")
  }

  @Test(
    "SPEC 16.2: an observation that no policy can be asked about is bad_message, and the next one is answered",
    arguments: [
      "[1]", "[1,2,3]", "[]", "1", "\"1\"", "{}", "[1,\"NaN\"]", "[1,\"Infinity\"]", "[1,null]", "[[1,2]]", "[true,1]",
      "[8,0]", #"{"b64":"AAAAAAAAAAA="}"#,
    ])
  func observations(value: String) throws {
    let dialogue = Dialogue.policy()
    for request in [#"{"id":4,"op":"act","obs":\#(value)}"#, #"{ "obs":\#(value),"op":"act","id":4}"#] {
      #expect(try dialogue.refusal(request) == "4 bad_message")
    }
    #expect(dialogue.code(#"{"id":5,"op":"act","obs":[1e30,2]}"#) == nil)
  }

  @Test("SPEC 16.2: a choice that there is not is refused, wherever it is")
  func choices() throws {
    let space = Space.dict([.init("door", .discrete(Discrete(2, start: 1))), .init("keys", .multiBinary(shape: [2]))])
    let dialogue = Dialogue.policy(Oracle(observations: space))
    for observation in [#"{"door":3,"keys":[0,1]}"#, #"{"door":1,"keys":[0,2]}"#, #"{"door":1}"#] {
      #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":\#(observation)}"#) == "1 bad_message")
    }
  }

  @Test("a policy that fails says so, and goes on")
  func failure() throws {
    let dialogue = Dialogue.policy()
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":[7,0]}"#) == "1 internal")
    #expect(dialogue.code(#"{"id":2,"op":"act","obs":[6,0]}"#) == nil)
  }

  @Test(
    "members of the wrong type are bad_message, and unknown ones are ignored",
    arguments: [
      (#""deterministic":1"#, "bad_message"), (#""deterministic":"yes""#, "bad_message"),
      (#""n":0"#, "bad_message"), (#""n":1.5"#, "bad_message"), (#""n":"2""#, "bad_message"),
      (#""n":true"#, "bad_message"),
      (#""seed":-1"#, "bad_seed"), (#""seed":0.5"#, "bad_seed"), (#""seed":"1""#, "bad_seed"),
      (#""seed":9007199254740992"#, "bad_seed"), (#""seed":[1]"#, "bad_seed"),
      (#""n":null,"seed":null,"deterministic":null,"session":null"#, nil), (#""temperature":0.7"#, nil),
      (#""seed":9007199254740991"#, nil), (#""n":1.0,"seed":1e3"#, nil),
    ])
  func members(member: String, code: String?) throws {
    let dialogue = Dialogue.policy(Oracle(), "batch")
    #expect(dialogue.code(#"{"id":1,"op":"act",\#(member),"obs":[1,2]}"#) == code)
    #expect(dialogue.code(#"{"id":2,"op":"act","obs":[1,2],\#(member)}"#) == code)
  }

  @Test("faults are looked for in the order of SPEC 7.3")
  func order() throws {
    let dialogue = Dialogue(with: PolicyConversation(serving: Oracle(), serverName: "oracle"))
    #expect(try dialogue.refusal(#"{"id":1,"op":"act"}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":null}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":[1]}"#) == "1 not_ready")
    #expect(try dialogue.refusal(#"{"id":1,"op":"reload"}"#) == "1 not_ready")
    dialogue.greet()
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":[1],"seed":-1}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":[1,2],"seed":-1}"#) == "1 bad_seed")
    #expect(try dialogue.refusal(#"{"id":1,"op":"hello","versions":[1]}"#) == "1 bad_message")
  }

  @Test("SPEC 16.5: a seed fixes one sample and no other, and does nothing to the greedy choice")
  func seeds() throws {
    let dialogue = Dialogue.policy()
    for _ in 0..<3 {
      for (seed, action) in [(0, 5), (1, 6), (2, 7), (300, 5)] {
        let reply = try dialogue.reply(#"{"id":1,"op":"act","seed":\#(seed),"obs":[1,2]}"#)
        #expect(reply["action"] == .integer(Int64(action)))
        _ = dialogue.ask(#"{"id":1,"op":"act","obs":[1,2]}"#)
      }
    }
    let greedy = try dialogue.reply(#"{"id":1,"op":"act","deterministic":true,"seed":2,"obs":[1,2]}"#)
    #expect(greedy["action"] == .integer(5))
  }
}
