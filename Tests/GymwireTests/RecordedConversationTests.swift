import Environments
import Gymwire
import Testing

/// Lines of a dialogue, `>` to the environment and `<` from it.
@Suite("A recorded conversation")
struct RecordedConversationTests {
  private static func hello(_ more: String = "") -> [String] {
    [
      #"> {"id":1,"op":"hello","versions":[1],"client":{"name":"x","version":"1"},"features":[]}"#,
      #"< {"id":1,"version":1,"role":"env","features":[\#(more.isEmpty ? "" : "\"batch\"")]\#(more),"#
        + #""obs_space":{"type":"Box","shape":[1],"dtype":"float32","low":0,"high":9},"#
        + #""action_space":{"type":"Discrete","n":2}}"#,
    ]
  }

  /// Reads a dialogue; notes what each reply told, with the numbers that the outcome then has.
  private func read(_ lines: [String]) throws -> [String] {
    let conversation = RecordedConversation()
    var story: [String] = []
    func tell(_ event: RecordedConversation.Event) throws {
      switch event {
      case .nothing: story.append("nothing")
      case .greeted(let greeting): story.append("\(greeting.count) of \(greeting.actionSpace.kind)")
      case .begun(let indices):
        let values = try indices.indices.map { try [Float].load(from: conversation.outcome.observations, row: $0)[0] }
        story.append("begun \(indices) at \(values)")
      case .stepped:
        let outcome = conversation.outcome
        let rows = try (0..<outcome.count).map { row in
          let action = try Int.load(from: conversation.actions, row: row)
          let values = outcome.hasEnded(row) ? outcome.finalObservations : outcome.observations
          let end = outcome.isTerminated[row] ? " terminated" : outcome.isTruncated[row] ? " truncated" : ""
          return "\(action): \(outcome.rewards[row]), \(try [Float].load(from: values, row: row)[0])\(end)"
        }
        story.append(rows.joined(separator: "; "))
      case .ended: try tellSessions()
      case .failed(let indices): story.append("failed \(indices)")
      }
    }
    func tellSessions() throws {
      while let event = conversation.playNext() { try tell(event) }
    }
    for (number, line) in lines.enumerated() {
      let bytes = Array(line.utf8.dropFirst(2))
      try bytes.withUnsafeBytes { bytes in
        if line.hasPrefix(">") { return try conversation.read(request: bytes, at: number + 1) }
        try tell(conversation.read(reply: bytes, at: number + 1))
      }
    }
    conversation.finish()
    try tellSessions()
    return story
  }

  @Test("tells what happened in the sessions of a learner, each when it is over")
  func learner() throws {
    let hello = Self.hello().map { $0.replacing(#""role":"env""#, with: #""role":"learner""#) }
    let story = try read(
      hello + [
        #"> {"id":2,"op":"begin","session":"a"}"#, #"< {"id":2}"#,
        #"> {"id":3,"op":"act","session":"a","obs":[1]}"#, #"< {"id":3,"action":1,"logp":-0.7}"#,
        #"> {"id":4,"op":"begin","session":"b"}"#, #"< {"id":4}"#,
        #"> {"id":5,"op":"log_action","session":"b","obs":[5],"action":0}"#, #"< {"id":5,"logp":-0.7}"#,
        // One that is refused has not happened, and one without a session teaches nothing.
        #"> {"id":6,"op":"act","session":"a","obs":[9]}"#,
        #"< {"id":6,"error":{"code":"bad_message","message":"the reward is missing"}}"#,
        #"> {"id":7,"op":"act","obs":[8]}"#, #"< {"id":7,"action":0}"#,
        #"> {"id":8,"op":"act","session":"a","reward":0.5,"obs":[2]}"#, #"< {"id":8,"action":0}"#,
        #"> {"id":9,"op":"act","session":"b","reward":-1,"obs":[6]}"#, #"< {"id":9,"action":1}"#,
        #"> {"id":10,"op":"end","session":"a","reward":2,"terminated":true,"truncated":false,"obs":[3]}"#,
        #"< {"id":10,"updated":false,"policy_version":0}"#,
        #"> {"id":11,"op":"begin","session":"a"}"#, #"< {"id":11}"#,
        #"> {"id":12,"op":"act","session":"a","obs":[4]}"#, #"< {"id":12,"action":1}"#,
        #"> {"id":13,"op":"abandon","session":"a"}"#, #"< {"id":13}"#,
        #"> {"id":14,"op":"begin","session":"c"}"#, #"< {"id":14}"#,
        #"> {"id":15,"op":"end","session":"c","reward":7,"terminated":true,"truncated":false,"obs":[3]}"#,
        #"< {"id":15,"updated":false,"policy_version":0}"#,
        #"> {"id":16,"op":"close"}"#, #"< {"id":16}"#,
      ])
    #expect(
      story.filter { $0 != "nothing" } == [
        "1 of Discrete",
        "begun [0] at [1.0]", "1: 0.5, 2.0", "0: 2.0, 3.0 terminated",
        // What was still open is cut at the latest observation.
        "begun [0] at [5.0]", "0: -1.0, 6.0",
      ])
  }

  @Test("tells the steps of one environment, and what came of them")
  func single() throws {
    let story = try read(
      Self.hello() + [
        #"> {"id":2,"op":"reset","seed":7}"#, #"< {"id":2,"obs":[1]}"#,
        #"> {"id":3,"op":"step","action":1}"#, #"< {"op":"log","text":"hm"}"#,
        #"< {"id":3,"obs":[2],"reward":0.5,"terminated":false,"truncated":false}"#,
        #"> {"op":"step", "action":0, "id":4}"#,
        #"< {"id":4,"obs":[3],"reward":-1,"terminated":true,"truncated":false,"info":{"x":1}}"#,
        #"> {"id":5,"op":"render"}"#, #"< {"id":5,"error":{"code":"unknown_op","message":"no"}}"#,
        #"> {"id":6,"op":"close"}"#, #"< {"id":6}"#,
      ])
    #expect(
      story == [
        "1 of Discrete", "begun [0] at [1.0]", "nothing", "1: 0.5, 2.0", "0: -1.0, 3.0 terminated", "nothing",
        "nothing",
      ])
  }

  @Test("tells the steps of many, the ends within them, and which begin anew")
  func batched() throws {
    let story = try read(
      Self.hello(#","num_envs":2"#) + [
        #"> {"id":2,"op":"reset"}"#, #"< {"id":2,"obs":[1,2]}"#,
        #"> {"id":3,"op":"step","action":[1,0]}"#,
        #"< {"id":3,"obs":[3,4],"reward":[1,2],"ended":["#
          + #"{"env":1,"terminated":false,"truncated":true,"final_obs":[9]}]}"#,
        #"> {"id":4,"op":"reset","envs":[1]}"#, #"< {"id":4,"obs":[5]}"#,
      ])
    #expect(
      story == [
        "2 of Discrete", "begun [0, 1] at [1.0, 2.0]", "1: 1.0, 3.0; 0: 2.0, 9.0 truncated", "begun [1] at [5.0]",
      ])
  }

  @Test("what the environment refused changes nothing, and where it failed its episodes are over")
  func refused() throws {
    let beginning = Self.hello() + [#"> {"id":2,"op":"reset"}"#, #"< {"id":2,"obs":[1]}"#]
    let story = try read(
      beginning + [
        #"> {"id":3,"op":"step","action":7}"#, #"< {"id":3,"error":{"code":"bad_action","message":"no"}}"#,
        "> what?", #"< {"id":null,"error":{"code":"bad_json","message":"no"}}"#,
        #"> {"id":4,"op":"step","action":0}"#, #"< {"id":4,"error":{"code":"env_error","message":"no"}}"#,
      ])
    #expect(story.suffix(3) == ["nothing", "nothing", "failed [0]"])
  }

  private static let step = #"> {"id":3,"op":"step","action":1}"#
  private static let rest = #""reward":1,"terminated":false,"truncated":false}"#

  @Test(
    "what cannot be used is refused with the line that it is in",
    arguments: [
      ([#"> {"id":3,"op":"step","action":7}"#, #"< {"id":3,"obs":[2],"# + rest], 5),
      ([step, #"< {"id":3,"obs":[2,3],"# + rest], 6),
      ([step, #"< {"id":9,"obs":[2],"# + rest], 6),
      ([step, step], 6),
      ([#"< {"id":3,"obs":[2],"# + rest], 5),
    ] as [([String], Int)])
  func faults(lines: [String], expected: Int) throws {
    let beginning = Self.hello() + [#"> {"id":2,"op":"reset"}"#, #"< {"id":2,"obs":[1]}"#]
    #expect {
      try read(beginning + lines)
    } throws: { ($0 as? RecordedConversation.Fault)?.line == expected }
  }

  @Test("a step where no episode was under way, and a dialogue with a policy, are refused")
  func noEpisode() {
    let step = [Self.step, #"< {"id":3,"obs":[2],"# + Self.rest]
    #expect { try read(Self.hello() + step) } throws: { "\($0)".contains("no episode was under way") }
    #expect {
      try read(Self.hello().map { $0.replacing("\"env\"", with: "\"policy\"") })
    } throws: { "\($0)".contains("policy, and only the dialogue with an env or a learner is learned from") }
  }
}
