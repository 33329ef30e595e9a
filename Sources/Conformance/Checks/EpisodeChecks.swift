import JSONLines

/// Section 6: how episodes begin and end.
enum EpisodeChecks {
  static let all = [
    Check("6.1", .core, "a reset in the middle of an episode begins another") { examination in
      let (conversation, first) = try examination.begin(seed: 333)
      try conversation.step(examination.firstAction)
      let again = try conversation.ask("reset", #""seed":333"#)
      try examination.require(again, sameAs: first, "the beginning of an episode")
      let step = try conversation.ask("step", #""action":"# + examination.firstAction)
      guard step.code == nil else { throw step.departure(clause: "6.1", expected: "a step of the new episode") }
    },
    Check("6.6", .core, "the server's own limit ends an episode") { examination in
      guard let limit = examination.facts.maximumEpisodeSteps, limit <= 5_000 else {
        throw NotApplicable("the server states no limit on the steps of an episode, or a very large one")
      }
      let conversation = try examination.greet()
      var stepsLeft = limit + 500
      // Random actions may always end an episode early, and so may one that is held.
      for attempt in 0..<20 where stepsLeft > 0 {
        try conversation.reset("\"seed\":\(attempt)")
        var actions = examination.actions(seed: UInt64(attempt / 2))
        let held = actions.next()
        var steps = 0
        while try !conversation.step(attempt.isMultiple(of: 2) ? actions.next() : held).isEnd {
          steps += 1
          guard steps < limit else {
            throw conversation.departure(
              expected: "an end after \(limit) steps at the latest", came: "the episode goes on")
          }
        }
        stepsLeft -= steps + 1
      }
    },
    Check("6.7", .core, "each step has both flags, true or false, also the last one") { examination in
      let (conversation, _) = try examination.begin()
      let last = try examination.playToTheEnd(conversation)
      for flag in ["terminated", "truncated"] {
        guard case .boolean? = last.value[flag] else {
          throw last.departure(clause: "6.7", expected: "the flag \(flag)")
        }
      }
    },
    Check("6.9", .core, "a step after the end is needs_reset, as often as it is tried") { examination in
      let (conversation, _) = try examination.begin()
      _ = try examination.playToTheEnd(conversation)
      for _ in 0..<3 {
        try conversation.expectRefusal(.needsReset, "step", #""action":"# + examination.firstAction)
      }
      try conversation.reset()
      let step = try conversation.ask("step", #""action":"# + examination.firstAction)
      guard step.code == nil else { throw step.departure(clause: "6.9", expected: "a step of the new episode") }
    },
  ]
}

extension Examination {
  /// Takes random steps until an episode ends, and gives the last reply.
  func playToTheEnd(_ conversation: Conversation) throws -> Reply {
    let longest = min(facts.maximumEpisodeSteps ?? 2_000, 5_000)
    var actions = actions()
    for _ in 0..<longest {
      let reply = try conversation.step(actions.next())
      if reply.isEnd { return reply }
    }
    throw NotApplicable("no episode of random actions ended within \(longest) steps")
  }
}
