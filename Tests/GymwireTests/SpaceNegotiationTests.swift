import Environments
import Gymwire
import JSONLines
import Testing

/// SPEC 16.3: whose spaces hold.
@Suite("The spaces of a policy and of its driver")
struct SpaceNegotiationTests {
  private static let observations =
    #"{"type":"Dict","spaces":[["eye",{"type":"Box","shape":[2],"low":-1,"high":1}],["door",{"type":"Discrete","n":2}]]}"#
  private static let actions =
    #"{"type":"Tuple","spaces":[{"type":"Box","shape":[2],"low":-0.1,"high":[1,1]},{"type":"MultiDiscrete","shape":[2],"nvec":[3,3]}]}"#

  private func hello(_ wishes: String) -> String {
    let oracle = Oracle(
      observations: .dict([
        .init("eye", .box(Box(shape: [2], low: .same(-1), high: .same(1)))), .init("door", .discrete(Discrete(2))),
      ]),
      actions: .tuple([
        .box(Box(shape: [2], low: .same(-0.1), high: .same(1))),
        .multiDiscrete(MultiDiscrete(shape: [2], nvec: .same(3))),
      ]))
    return Dialogue(with: PolicyConversation(serving: oracle, serverName: "oracle"))
      .ask(#"{"id":0,"op":"hello","versions":[1],"want":{\#(wishes)}}"#)
  }

  @Test(
    "spaces that agree are taken, in whichever form, and so are observations with other bounds",
    arguments: [
      "", #""obs_space":null,"action_space":null"#, #""obs_space":\#(observations)"#, #""action_space":\#(actions)"#,
      #""obs_space":\#(observations),"action_space":\#(actions),"num_envs":4"#,
      #""obs_space":\#(observations.replacing("-1", with: "\"-Infinity\""))"#,
      #""action_space":\#(actions.replacing("[1,1]", with: "1").replacing("[3,3]", with: "3"))"#,
      #""action_space":\#(actions.replacing("-0.1", with: "[-0.1,-0.100000001]"))"#,
    ])
  func agreement(wishes: String) {
    let reply = hello(wishes)
    #expect(reply.contains(#""role":"policy""#), "\(reply)")
    #expect(reply.contains(#""low":-1,"high":1"#), "the policy's own spaces are told: \(reply)")
  }

  @Test(
    "spaces that disagree are unsupported_space, with the place",
    arguments: [
      ("obs_space", observations.replacing("[2]", with: "[3]"), "obs.eye"),
      ("obs_space", observations.replacing("\"low\"", with: "\"dtype\":\"float64\",\"low\""), "obs.eye"),
      ("obs_space", observations.replacing("\"n\":2", with: "\"n\":3"), "obs.door"),
      ("obs_space", observations.replacing("\"n\":2", with: "\"n\":2,\"start\":1"), "obs.door"),
      ("obs_space", observations.replacing("eye", with: "ear"), "obs has the keys"),
      ("obs_space", actions, "obs is a"), ("obs_space", #"{"type":"Cube"}"#, "obs: there is no space"),
      ("action_space", actions.replacing("-0.1", with: "-0.2"), "action.0 has other bounds"),
      ("action_space", actions.replacing("[1,1]", with: "[1,2]"), "action.0 has other bounds"),
      ("action_space", actions.replacing("[3,3]", with: "[3,4]"), "action.1"),
    ])
  func disagreement(name: String, space: String, place: String) throws {
    let reply = try JSONValue(parsing: hello("\"\(name)\":\(space)"))
    #expect(reply["error"]?["code"]?.string == "unsupported_space")
    #expect(reply["error"]?["message"]?.string?.contains(place) == true, "\(reply.text)")
  }

  @Test("what is no description at all is bad_message, and hello may be tried again")
  func noDescription() throws {
    #expect(try JSONValue(parsing: hello(#""obs_space":[2]"#))["error"]?["code"]?.string == "bad_message")
    let dialogue = Dialogue(with: PolicyConversation(serving: Oracle(), serverName: "oracle"))
    let wrong = #"{"id":0,"op":"hello","versions":[1],"want":{"action_space":{"type":"Discrete","n":9}}}"#
    #expect(try dialogue.refusal(wrong) == "0 unsupported_space")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":[1,2]}"#) == "1 not_ready")
    dialogue.greet()
    #expect(dialogue.code(#"{"id":1,"op":"act","obs":[1,2]}"#) == nil)
  }

  @Test("an environment ignores the spaces that a driver wants: SPEC 4.12")
  func environments() {
    #expect(
      Dialogue().code(#"{"id":0,"op":"hello","versions":[1],"want":{"obs_space":{"type":"Cube"},"action_space":7}}"#)
        == nil)
  }
}
