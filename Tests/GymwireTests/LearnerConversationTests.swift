import Environments
import Gymwire
import JSONLines
import Testing

@Suite("The role learner")
struct LearnerConversationTests {
  private static let wants =
    #""want":{"obs_space":{"type":"Box","shape":[2],"low":-9,"high":9},"action_space":{"type":"Discrete","n":3,"start":5}}"#

  private let apprentice = Apprentice()
  private let dialogue: Dialogue

  init() {
    let apprentice = apprentice
    dialogue = Dialogue(
      with: LearnerConversation(serverName: "apprentice", ownSpaces: nil) { _, _, _ in apprentice })
  }

  /// Hello with some features, which succeeds.
  private func greet(_ features: String = "") {
    #expect(dialogue.code(#"{"id":0,"op":"hello","versions":[1],"features":[\#(features)],\#(Self.wants)}"#) == nil)
  }

  @Test("hello takes the spaces that the driver declares, and tells the role: SPEC 16.3")
  func hello() throws {
    #expect(try dialogue.refusal(#"{"id":0,"op":"hello","versions":[1]}"#) == "0 unsupported_space")
    let reply = try dialogue.reply(
      #"{"id":1,"op":"hello","versions":[1],"features":["mask","render","b64"],\#(Self.wants)}"#)
    #expect(reply["role"]?.string == "learner")
    #expect(reply["features"] == .array([.string("b64"), .string("mask")]))
    #expect(reply["obs_space"]?["shape"] == .array([.integer(2)]) && reply["action_space"]?["n"] == .integer(3))
    #expect(try dialogue.refusal(#"{"id":2,"op":"hello","versions":[1]}"#) == "2 bad_message")
  }

  @Test("a learner that cannot work with the spaces says so at hello, which may be tried again")
  func unusableSpaces() throws {
    let dialogue = Dialogue(
      with: LearnerConversation(serverName: "apprentice", ownSpaces: nil) { observations, actions, _ in
        guard case .box = observations else { throw ErrorReply(.unsupportedSpace, "only a Box") }
        return Apprentice(observations, actions)
      })
    let discrete = #"{"type":"Discrete","n":3}"#
    let hello = #"{"id":0,"op":"hello","versions":[1],"want":{"obs_space":\#(discrete),"action_space":\#(discrete)}}"#
    #expect(try dialogue.refusal(hello) == "0 unsupported_space")
    #expect(dialogue.code(#"{"id":0,"op":"hello","versions":[1],\#(Self.wants)}"#) == nil)
  }

  @Test("SPEC 17.1, 17.3, 17.8: an episode from its beginning to its end, and the version that changes with the update")
  func episode() throws {
    greet()
    let lines = [
      (#"{"id":1,"op":"begin","session":"g1"}"#, #"{"id":1}"#),
      (
        #"{"id":2,"op":"act","session":"g1","obs":[0.5,0]}"#,
        #"{"id":2,"action":5,"logp":-0.5,"value":2,"policy_version":7}"#
      ),
      (
        #"{"id":3,"op":"act","session":"g1","reward":0.5,"seed":3,"obs":[0.5,1]}"#,
        #"{"id":3,"action":5,"logp":-0.5,"value":2,"policy_version":7}"#
      ),
      (
        #"{"id":4,"op":"end","session":"g1","reward":1,"terminated":true,"truncated":true,"obs":[0.5,2]}"#,
        #"{"id":4,"updated":false,"policy_version":7}"#
      ),
      (#"{"id":5,"op":"begin","session":"g1"}"#, #"{"id":5}"#),
      (
        #"{"id":6,"op":"log_action","session":"g1","obs":[0,0],"action":7}"#,
        #"{"id":6,"logp":-0.5,"value":2,"policy_version":7}"#
      ),
      (
        #"{"id":7,"op":"act","session":"g1","deterministic":true,"reward":-1,"obs":[0,1]}"#,
        #"{"id":7,"action":5,"logp":-0.5,"value":2,"policy_version":7}"#
      ),
      (
        #"{"id":8,"op":"end","session":"g1","reward":2,"terminated":false,"truncated":true,"obs":[0,2]}"#,
        #"{"id":8,"updated":true,"policy_version":8,"stats":{"mean_return":1.5}}"#
      ),
      (#"{"id":9,"op":"act","obs":[0,0]}"#, #"{"id":9,"action":5,"policy_version":8}"#),
      (#"{"id":10,"op":"save"}"#, #"{"id":10,"path":"run/policy.json"}"#),
    ]
    for (request, reply) in lines { #expect(dialogue.ask(request) == reply) }
    #expect(
      apprentice.calls == [
        "begin 0", "act 0 [0.5, 0.0] - sampled(seed: nil)", "act 0 [0.5, 1.0] 0.5 sampled(seed: Optional(3))",
        "end 0 [0.5, 2.0] 1.0 terminated", "begin 0", "log 0 [0.0, 0.0] - 7", "act 0 [0.0, 1.0] -1.0 greedy",
        "end 0 [0.0, 2.0] 2.0 cut", "act on 1", "save",
      ])
  }

  @Test("SPEC 17.1: many sessions are open at once, and a name is free again after its end")
  func manySessions() throws {
    greet()
    for index in 0..<100 { #expect(dialogue.code(#"{"id":1,"op":"begin","session":"é\#(index)"}"#) == nil) }
    #expect(apprentice.openCount == 100)
    for index in 0..<100 {
      #expect(dialogue.code(#"{"id":2,"op":"act","session":"é\#(index)","obs":[\#(index % 8),0]}"#) == nil)
    }
    #expect(apprentice.calls.contains("act 99 [3.0, 0.0] - sampled(seed: nil)"))
    #expect(dialogue.code(#"{"id":3,"op":"abandon","session":"é40"}"#) == nil)
    #expect(dialogue.code(#"{"id":4,"op":"begin","session":"é40"}"#) == nil)
    #expect(apprentice.calls.suffix(2) == ["abandon 40", "begin 40"])
  }

  @Test("SPEC 17.15: an act for which there is no room is bad_message, an end makes room, and nothing is lost")
  func room() throws {
    greet()
    apprentice.room = 1
    #expect(dialogue.code(#"{"id":1,"op":"begin","session":"a"}"#) == nil)
    #expect(dialogue.code(#"{"id":2,"op":"act","session":"a","obs":[0,0]}"#) == nil)
    let before = apprentice.calls
    #expect(try dialogue.refusal(#"{"id":3,"op":"act","session":"a","reward":1,"obs":[0,0]}"#) == "3 bad_message")
    #expect(
      try dialogue.refusal(#"{"id":4,"op":"log_action","session":"a","reward":1,"obs":[0,0],"action":5}"#)
        == "4 bad_message")
    #expect(dialogue.code(#"{"id":5,"op":"act","obs":[0,0]}"#) == nil)
    #expect(apprentice.calls == before + ["act on 1"])
    let end = #"{"id":6,"op":"end","session":"a","reward":1,"terminated":true,"truncated":false,"obs":[0,0]}"#
    #expect(dialogue.code(end) == nil)
  }

  @Test("SPEC 17.1: a learner may refuse more than 1024 sessions")
  func mostSessions() throws {
    greet()
    for index in 0..<1024 { #expect(dialogue.code(#"{"id":1,"op":"begin","session":"\#(index)"}"#) == nil) }
    #expect(try dialogue.refusal(#"{"id":2,"op":"begin","session":"more"}"#) == "2 bad_message")
    #expect(dialogue.code(#"{"id":3,"op":"abandon","session":"7"}"#) == nil)
    #expect(dialogue.code(#"{"id":4,"op":"begin","session":"more"}"#) == nil)
  }

  @Test("SPEC 17.2: a session that is not open, or begun twice, is bad_message, and nothing has changed")
  func unknownSessions() throws {
    greet()
    #expect(dialogue.code(#"{"id":1,"op":"begin","session":"a"}"#) == nil)
    let before = apprentice.calls
    let requests = [
      #"{"id":2,"op":"begin","session":"a"}"#, #"{"id":2,"op":"act","session":"b","obs":[0,0]}"#,
      #"{"id":2,"op":"log_action","session":"A","obs":[0,0],"action":5}"#, #"{"id":2,"op":"abandon","session":"b"}"#,
      #"{"id":2,"op":"end","session":"b","reward":1,"terminated":true,"truncated":false,"obs":[0,0]}"#,
    ]
    for request in requests { #expect(try dialogue.refusal(request) == "2 bad_message") }
    #expect(apprentice.calls == before)
  }

  @Test(
    "SPEC 17.1: a name is a string of 1 to 64 bytes",
    arguments: [#""""#, "1", "true", "[]", "\"\(String(repeating: "é", count: 33))\""])
  func names(name: String) throws {
    greet()
    #expect(try dialogue.refusal(#"{"id":1,"op":"begin","session":\#(name)}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","session":\#(name),"obs":[0,0]}"#) == "1 bad_message")
    #expect(dialogue.code(#"{"id":2,"op":"begin","session":"\#(String(repeating: "é", count: 32))"}"#) == nil)
  }

  @Test("SPEC 17.3: a reward is refused with the first action and required afterwards")
  func rewards() throws {
    greet()
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    func act(_ members: String) -> String { #"{"id":2,"op":"act","session":"a",\#(members)"obs":[0,0]}"# }
    #expect(try dialogue.refusal(act(#""reward":1,"#)) == "2 bad_message")
    let log = #"{"id":2,"op":"log_action","session":"a","reward":1,"obs":[0,0],"action":5}"#
    #expect(try dialogue.refusal(log) == "2 bad_message")
    #expect(dialogue.code(act(#""reward":null,"#)) == nil)
    #expect(try dialogue.refusal(act("")) == "2 bad_message")
    #expect(
      try dialogue.refusal(#"{"id":2,"op":"log_action","session":"a","obs":[0,0],"action":5}"#) == "2 bad_message")
    for reward in [#""NaN""#, #""Infinity""#, "1e39", "true", #""1""#, "[1]"] {
      #expect(try dialogue.refusal(act(#""reward":\#(reward),"#)) == "2 bad_message")
    }
    #expect(dialogue.code(act(#""reward":-3e38,"#)) == nil)
    #expect(apprentice.calls.count == 3)
  }

  @Test("SPEC 17.4: an end needs the final observation, the reward and both flags, of which one is true at least")
  func incompleteEnds() throws {
    greet()
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    _ = dialogue.ask(#"{"id":2,"op":"act","session":"a","obs":[0,0]}"#)
    let members = [
      #""session":"a""#, #""reward":1"#, #""terminated":true"#, #""truncated":false"#, #""obs":[0,0]"#,
    ]
    for left in members.indices {
      let rest = members.indices.filter { $0 != left }.map { members[$0] }.joined(separator: ",")
      #expect(try dialogue.refusal(#"{"id":3,"op":"end",\#(rest)}"#) == "3 bad_message")
    }
    let undecided = members.joined(separator: ",").replacing(":true", with: ":false")
    #expect(try dialogue.refusal(#"{"id":3,"op":"end",\#(undecided)}"#) == "3 bad_message")
    #expect(dialogue.code(#"{"id":3,"op":"end",\#(members.joined(separator: ","))}"#) == nil)
  }

  @Test("SPEC 17.4: an end before the first action is one of nothing")
  func emptyEpisode() throws {
    greet()
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    let end = #"{"id":2,"op":"end","session":"a","reward":5,"terminated":true,"truncated":false,"obs":[0,0]}"#
    #expect(dialogue.code(end) == nil)
    #expect(apprentice.calls.last == "end 0 [0.0, 0.0] - terminated")
  }

  @Test("SPEC 17.5: an act has a session or n, and one without a session teaches nothing")
  func batchedActs() throws {
    greet(#""batch""#)
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    #expect(try dialogue.refusal(#"{"id":2,"op":"act","session":"a","n":1,"obs":[0,0]}"#) == "2 bad_message")
    #expect(
      try dialogue.reply(#"{"id":3,"op":"act","n":2,"obs":[0,0,0,0]}"#)["action"] == .array([.integer(5), .integer(5)]))
    #expect(dialogue.code(#"{"id":4,"op":"act","session":"a","obs":[0,0]}"#) == nil)
    #expect(apprentice.calls == ["begin 0", "act on 2", "act 0 [0.0, 0.0] - sampled(seed: nil)"])
  }

  @Test("SPEC 16.9: a mask reaches the learner within a session")
  func masks() throws {
    greet(#""mask","b64""#)
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    let reply = try dialogue.reply(#"{"id":2,"op":"act","session":"a","obs":[0,0],"action_mask":[0,1,1]}"#)
    #expect(reply["action"] == .integer(6))
    #expect(apprentice.calls.last == "act 0 [0.0, 0.0] - sampled(seed: nil) of [0, 1, 1]")
    for mask in ["[0,0,0]", "[1,1]", "7"] {
      let request = #"{"id":3,"op":"act","session":"a","reward":1,"obs":[0,0],"action_mask":\#(mask)}"#
      #expect(try dialogue.refusal(request) == "3 bad_message")
    }
    _ = dialogue.ask(#"{"id":4,"op":"act","session":"a","reward":1,"obs":{"b64":"AACAPwAAAEA="}}"#)
    #expect(apprentice.calls.last == "act 0 [1.0, 2.0] 1.0 sampled(seed: nil)")
  }

  @Test("an observation or action that cannot be used is refused, and the session goes on as if it had not been sent")
  func unusableValues() throws {
    greet()
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    for observation in ["[1]", "[1,\"NaN\"]", "null", "[8,0]"] {
      #expect(try dialogue.refusal(#"{"id":2,"op":"act","session":"a","obs":\#(observation)}"#) == "2 bad_message")
    }
    for action in ["4", "8", "5.5", "null", "[5]", "\"5\""] {
      let request = #"{"id":2,"op":"log_action","session":"a","obs":[0,0],"action":\#(action)}"#
      #expect(try dialogue.refusal(request) == "2 bad_action")
    }
    #expect(try dialogue.refusal(#"{"id":2,"op":"act","session":"a","obs":[0,0],"seed":-1}"#) == "2 bad_seed")
    #expect(apprentice.calls == ["begin 0"])
    #expect(dialogue.code(#"{"id":3,"op":"act","session":"a","obs":[0,0]}"#) == nil, "it is still the first")
  }

  @Test("faults are looked for in the order of SPEC 7.3")
  func order() throws {
    let operations = [
      #""begin","session":7"#, #""act","session":7,"obs":[0]"#, #""abandon""#, #""end","session":"a""#,
      #""log_action""#,
    ]
    for operation in operations {
      #expect(try dialogue.refusal(#"{"id":1,"op":\#(operation)}"#) == "1 bad_message")
    }
    let whole = [
      #""begin","session":"a""#, #""act","session":"a","obs":[0]"#, #""abandon","session":"a""#, #""save""#,
      #""log_action","session":"a","obs":[0],"action":99"#,
      #""end","session":"a","reward":1,"terminated":true,"truncated":false,"obs":[0]"#,
    ]
    for operation in whole {
      #expect(try dialogue.refusal(#"{"id":1,"op":\#(operation)}"#) == "1 not_ready")
    }
    greet()
    for operation in ["reset", "step", "render", "reload"] {
      #expect(try dialogue.refusal(#"{"id":1,"op":"\#(operation)"}"#) == "1 unknown_op")
    }
  }

  @Test("SPEC 17.12: close abandons what is open and saves, once, before it is answered")
  func close() throws {
    greet()
    for name in ["a", "b"] { _ = dialogue.ask(#"{"id":1,"op":"begin","session":"\#(name)"}"#) }
    #expect(dialogue.ask(#"{"id":2,"op":"close"}"#) == #"{"id":2}"#)
    #expect(apprentice.openCount == 0 && apprentice.calls.last == "save")
    try (dialogue.conversation as? LearnerConversation)?.conclude()
    #expect(apprentice.calls.count { $0 == "save" } == 1)
    #expect(dialogue.conversation.isClosed && !dialogue.conversation.hasFailed)
  }

  @Test("SPEC 17.11: a save that fails is internal, and not the end; learning that fails is")
  func failures() throws {
    greet()
    apprentice.fault = EnvironmentError.failed("the disk is full")
    let reply = try dialogue.reply(#"{"id":1,"op":"save"}"#)
    #expect(reply["error"]?["code"]?.string == "internal" && reply["error"]?["fatal"] == nil)
    _ = dialogue.ask(#"{"id":2,"op":"begin","session":"a"}"#)
    let end = #"{"id":3,"op":"end","session":"a","reward":1,"terminated":true,"truncated":false,"obs":[0,0]}"#
    #expect(try dialogue.reply(end)["error"]?["fatal"] == .boolean(true))
    #expect(dialogue.conversation.isClosed && dialogue.conversation.hasFailed)
    apprentice.fault = nil
    try (dialogue.conversation as? LearnerConversation)?.conclude()
    #expect(!apprentice.calls.contains { $0.hasPrefix("abandon") }, "the session is closed")
    #expect(apprentice.calls.last == "save")
  }
}
