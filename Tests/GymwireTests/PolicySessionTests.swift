import Environments
import Gymwire
import JSONLines
import Testing

/// Policies that keep the latest observations of each session: SPEC 16.13.
@Suite("Sessions of a policy")
struct PolicySessionTests {
  /// A policy that looks at two observations of two numbers, and tells the first and the second of these.
  private func dialogue(_ features: String...) -> Dialogue {
    let stacks = Space.box(Box(shape: [2, 2], low: .same(-9), high: .same(9)))
    let dialogue = Dialogue(
      with: PolicyConversation(serving: Oracle(observations: stacks, frameStack: 2), serverName: "oracle"))
    dialogue.greet(features)
    return dialogue
  }

  private func act(_ dialogue: Dialogue, _ session: String?, _ observation: String) throws -> [Double?] {
    let member = session.map { "\"session\":\"\($0)\"," } ?? ""
    let reply = try dialogue.reply(#"{"id":1,"op":"act",\#(member)"deterministic":true,"obs":\#(observation)}"#)
    return [reply["value"]?.double, reply["logp"]?.double]
  }

  @Test("are asked about single observations, which are stacked for each of them")
  func stacks() throws {
    let dialogue = dialogue("session")
    for name in ["a", "b"] { #expect(dialogue.ask(#"{"id":1,"op":"begin","session":"\#(name)"}"#) == #"{"id":1}"#) }
    #expect(try act(dialogue, "a", "[1,2]") == [1, -2], "an episode begins with its first observation twice")
    #expect(try act(dialogue, "b", "[3,4]") == [3, -4])
    #expect(try act(dialogue, "a", "[5,6]") == [1, -2])
    #expect(try act(dialogue, nil, "[7.5,0]") == [7.5, 0], "the first of an episode")
    #expect(try dialogue.refusal(#"{"id":2,"op":"act","session":"a","obs":[1]}"#) == "2 bad_message")
    #expect(try act(dialogue, "a", "[8.5,8.5]") == [5, -6], "what was refused has not happened")
    #expect(try act(dialogue, "b", "[0,0]") == [3, -4])
    #expect(dialogue.ask(#"{"id":3,"op":"abandon","session":"a"}"#) == #"{"id":3}"#)
    #expect(dialogue.ask(#"{"id":4,"op":"begin","session":"a"}"#) == #"{"id":4}"#)
    #expect(try act(dialogue, "a", "[0.5,0.5]") == [0.5, -0.5])
  }

  @Test("keep nothing of an act that the policy itself refuses")
  func refusals() throws {
    let dialogue = dialogue("session")
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    #expect(try act(dialogue, "a", "[1,2]") == [1, -2])
    #expect(try act(dialogue, "a", "[8,4]") == [1, -2])
    #expect(try dialogue.refusal(#"{"id":2,"op":"act","session":"a","obs":[3,3]}"#) == "2 bad_message")
    #expect(try dialogue.refusal(#"{"id":2,"op":"act","session":"a","obs":[4,4]}"#) == "2 bad_message")
  }

  @Test("are told in hello by the space of one observation; without the feature it is that of stacks")
  func spaces() throws {
    for (feature, shape) in [("session", "[2]"), ("batch", "[2,2]")] {
      let stacks = Space.box(Box(shape: [2, 2], low: .same(-9), high: .same(9)))
      let dialogue = Dialogue(
        with: PolicyConversation(serving: Oracle(observations: stacks, frameStack: 2), serverName: "oracle"))
      let want = #""want":{"obs_space":{"type":"Box","shape":\#(shape),"low":-9,"high":9}}"#
      let other = want.replacing(shape, with: "[3]")
      let hello = #"{"id":0,"op":"hello","versions":[1],"features":["\#(feature)"]"#
      #expect(try dialogue.refusal("\(hello),\(other)}") == "0 unsupported_space")
      #expect(try dialogue.reply("\(hello),\(want)}")["obs_space"]?["shape"]?.text == shape)
    }
  }

  @Test("are refused where they are unknown, begun twice, unnamed or beside n, and are nothing without the feature")
  func faults() throws {
    let dialogue = dialogue("session", "batch")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","session":"a","obs":[1,2]}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"abandon","session":"a"}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"begin"}"#) == "1 bad_message")
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    #expect(try dialogue.refusal(#"{"id":1,"op":"begin","session":"a"}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","n":1,"session":"a","obs":[1,2]}"#) == "1 bad_message")
    #expect(try dialogue.refusal(#"{"id":1,"op":"end","session":"a"}"#) == "1 unknown_op")
    for index in 1..<1024 { _ = dialogue.ask(#"{"id":1,"op":"begin","session":"\#(index)"}"#) }
    #expect(try dialogue.refusal(#"{"id":1,"op":"begin","session":"more"}"#) == "1 bad_message")
    let plain = self.dialogue("batch")
    #expect(try plain.refusal(#"{"id":1,"op":"begin","session":"a"}"#) == "1 unknown_op")
    #expect(plain.code(#"{"id":1,"op":"act","session":"a","obs":[1,2,3,4]}"#) == nil)
  }

  @Test("go on with a policy that was replaced, but not with one that looks at another number of observations")
  func reloads() throws {
    let stacks = Space.box(Box(shape: [2, 2], low: .same(-9), high: .same(9)))
    var found: [any Policy] = [
      Oracle(observations: stacks, frameStack: 1), Oracle(observations: stacks, offset: 0.5, frameStack: 2),
    ]
    let dialogue = Dialogue(
      with: PolicyConversation(serving: Oracle(observations: stacks, frameStack: 2), serverName: "oracle") {
        found.isEmpty ? nil : found.removeFirst()
      })
    dialogue.greet(["session"])
    _ = dialogue.ask(#"{"id":1,"op":"begin","session":"a"}"#)
    #expect(try act(dialogue, "a", "[1,2]") == [1, -2])
    #expect(try dialogue.refusal(#"{"id":2,"op":"reload"}"#) == "2 unsupported_space")
    #expect(dialogue.ask(#"{"id":2,"op":"reload"}"#).contains(#""updated":true"#))
    #expect(try act(dialogue, "a", "[3,4]") == [1.5, -2])
  }
}
