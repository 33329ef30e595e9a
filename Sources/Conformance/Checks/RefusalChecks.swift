import JSONLines

/// Section 7.3: each code, in its place.
enum RefusalChecks {
  static let all = [
    Check("7.3.1", .core, "a line that is not a JSON object is bad_json") { examination in
      let conversation = try examination.greet()
      for line in ["oops", "[1,2]", "\"text\"", "17", "null", "]"] {
        try conversation.expectRefusal(.badJSON, of: line)
      }
      try examination.forgivingMinimal("parsing every line") {
        for line in [
          #"{"id":1,"op":"reset""#, #"{"id":1,"op":"reset"}}"#, #"{"id":1,"op":"reset",}"#, "{'id':1,'op':'reset'}",
          #"{"id":1 "op":"reset"}"#, #"{"id":1,"op":"reset","seed":01}"#, #"{"id":1,"op":"reset","seed":+1}"#,
          #"{"id":1,"op":"reset","x":tru}"#, "{", #"{"id":1,"op":"reset"} {"id":2}"#, "{\"id\":1,\"op\":\"re\tset\"}",
        ] {
          try conversation.expectRefusal(.badJSON, of: line)
        }
      }
      try conversation.reset()
    },
    Check("7.3.3", .core, "a message with a member missing or of a wrong type is bad_message") { examination in
      let conversation = try examination.start()
      try conversation.expectRefusal(.badMessage, of: #"{"op":"hello","versions":[1]}"#)
      try conversation.expectRefusal(.badMessage, "hello")
      try conversation.expectRefusal(.badMessage, "hello", #""versions":1"#)
      try conversation.expectRefusal(.badMessage, "step")
      try examination.forgivingMinimal("the types of all members") {
        try conversation.expectRefusal(.badMessage, of: #"{"id":7}"#, id: .integer(7))
        try conversation.expectRefusal(.badMessage, of: #"{"id":7,"op":3}"#, id: .integer(7))
        for id in ["\"7\"", "-1", "1.5", "true", "[7]", "9007199254740992"] {
          try conversation.expectRefusal(.badMessage, of: #"{"id":\#(id),"op":"reset"}"#)
        }
        for members in [
          #""versions":["1"]"#, #""versions":[1],"features":"batch""#, #""versions":[1],"features":[7]"#,
          #""versions":[1],"max_line":10"#, #""versions":[1],"client":7"#, #""versions":[1],"want":[]"#,
          #""versions":[2],"want":[]"#,
        ] {
          try conversation.expectRefusal(.badMessage, "hello", members)
        }
      }
      // A minimal server may have taken one of those for a hello.
      if !examination.facts.isMinimal { try conversation.greet() }
    },
    Check("7.3.4", .core, "an op that does not exist, or is another role's, is unknown_op") { examination in
      let conversation = try examination.start()
      let strangers = ["jump", "", "Step", "act", "begin", "end", "save", "log_action", "x-private"]
      for operation in strangers { try conversation.expectRefusal(.unknownOperation, operation) }
      try conversation.greet()
      for operation in strangers { try conversation.expectRefusal(.unknownOperation, operation) }
    },
    Check("7.3.5", .core, "anything but hello, before a hello has succeeded, is not_ready") { examination in
      let conversation = try examination.start()
      for isAfterFailure in [false, true] {
        if isAfterFailure { _ = try conversation.ask("hello", #""versions":[99]"#) }
        try conversation.expectRefusal(.notReady, "reset", #""seed":-1"#)
        try conversation.expectRefusal(.notReady, "step", #""action":"# + examination.firstAction)
        try conversation.expectRefusal(.notReady, "close")
      }
      try conversation.greet()
    },
    Check("7.3.6", .core, "a step before the first reset is needs_reset, also one with a bad action") { examination in
      let conversation = try examination.greet(isFresh: true)
      for action in [examination.firstAction, "null", "\"left\""] {
        try conversation.expectRefusal(.needsReset, "step", #""action":"# + action)
      }
      try conversation.reset()
      _ = try examination.playToTheEnd(conversation)
      // A server that goes on after the end is another matter (clause 6.9).
      guard try conversation.ask("step", #""action":"# + examination.firstAction).code == "needs_reset" else { return }
      try conversation.expectRefusal(.needsReset, "step", #""action":null"#)
    },
    Check("7.3.7", .core, "an action that cannot be used is bad_action, whatever its type") { examination in
      let (conversation, _) = try examination.begin()
      for (index, action) in UnusableActions.texts(for: examination.facts.actionSpace).enumerated() {
        do {
          try conversation.expectRefusal(.badAction, "step", #""action":"# + action)
        } catch let departure as Departure where index > 0 && departure.came.contains("\"needs_reset\"") {
          // The refusal before was right, and has ended the episode.
          throw departure.naming("7.7")
        }
      }
    },
    Check("7.3.8", .core, "a seed that cannot be used is bad_seed, whatever its type") { examination in
      let conversation = try examination.greet()
      for seed in ["-1", "1.5", "\"left\"", "\"1\"", "true", "[1]", "{}", "9007199254740992", "1e300"] {
        try conversation.expectRefusal(.badSeed, "reset", #""seed":\#(seed)"#)
      }
      try conversation.reset()
    },
    Check("7.3.9", .core, "options that are no object are bad_options, after the seed has been looked at") {
      examination in
      let conversation = try examination.greet()
      let alone = try conversation.ask("reset", #""seed":-1"#)
      guard alone.code == "bad_seed" else { throw alone.departure(clause: "7.3.8", expected: "the error bad_seed") }
      var codes: Set<String?> = []
      for options in ["7", "[]", "\"fast\"", "true"] {
        try conversation.expectRefusal(.badSeed, "reset", #""seed":-1,"options":\#(options)"#)
        codes.insert(try conversation.ask("reset", #""seed":1,"options":\#(options)"#).code)
      }
      if codes == [nil] { throw NotApplicable("the server does not look at options, so it has none (11.3)") }
      guard codes == ["bad_options"] else {
        throw conversation.departure(
          expected: "the error bad_options", came: "the answers were \(codes.map { $0 ?? "no error" }.sorted())")
      }
    },
    Check("7.7", .core, "a refusal has changed nothing: not the episode, not the random numbers") { examination in
      try examination.establish(.episodes)
      let conversation = try examination.greet()
      let runs = try [false, true].map { isDisturbed in
        try examination.disturbedEpisode(conversation, isDisturbed: isDisturbed)
      }
      try examination.require(runs[1], equal: runs[0], "what came without the refusals", restingOn: .episodes)
    },
  ]
}

extension Examination {
  /// The replies of some episodes, between which lines are sent that are refused.
  fileprivate func disturbedEpisode(_ conversation: Conversation, isDisturbed: Bool) throws -> [Reply] {
    let unusable = UnusableActions.texts(for: facts.actionSpace) + UnusableActions.boxes(in: facts.actionSpace)
    var refused = unusable.map { ("step", #""action":"# + $0) }
    refused += [
      ("reset", #""seed":-1"#), ("reset", #""seed":1.5"#), ("jump", ""), ("step", ""), ("hello", #""versions":[1]"#),
    ]
    let uneasy = [("reset", #""options":7"#), ("reset", #""seed":1,"options":7"#)]
    // A server that has no options need not look at them (clause 11.3).
    if try uneasy.allSatisfy({ try conversation.ask($0, $1).code != nil }) { refused += uneasy }
    var turn = 0
    func disturb() throws {
      guard isDisturbed else { return }
      do {
        for _ in 0..<4 {
          let (operation, members) = refused[turn % refused.count]
          turn += 1
          let reply = try conversation.ask(operation, members)
          guard reply.code != nil else { throw NotApplicable("a request that should have been refused was not") }
        }
        _ = try conversation.say("oops", id: .null)
      } catch let departure as Departure where departure.isEnd {
        // A server that has ended has not refused anything.
        throw departure.naming("7.10")
      }
    }
    var actions = actions(seed: 2)
    var replies = [try conversation.reset(#""seed":11"#)]
    for _ in 0..<40 {
      let isOver = replies[replies.count - 1].isEnd
      if !isOver { try disturb() }
      let reply = isOver ? try conversation.reset("") : try conversation.ask("step", "\"action\":\(actions.next())")
      guard reply.code == nil else {
        throw reply.departure(
          clause: isDisturbed ? "7.7" : "1.10", expected: "a step of the episode that the refusals have not changed")
      }
      replies.append(reply)
    }
    return replies
  }
}
