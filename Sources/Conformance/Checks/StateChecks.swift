import JSONLines

/// Section 15: the state of an episode, kept and brought back.
enum StateChecks {
  static let all = [
    Check("15.5", .batch, "a snapshot changes nothing, and is needs_reset where no episode is running") { examination in
      try examination.require(.state)
      let conversation = try examination.greet(features: [.state], isFresh: true)
      try conversation.expectRefusal(.needsReset, "snapshot")
      try examination.establish(.episodes)
      try conversation.reset(#""seed":3"#)
      let undisturbed = try examination.follow(conversation)
      try conversation.reset(#""seed":3"#)
      for _ in 0..<3 { _ = try conversation.snapshot() }
      try examination.require(
        try examination.follow(conversation), equal: undisturbed, "what came without snapshots", restingOn: .episodes)
      try conversation.expectRefusal(.badMessage, "snapshot", #""env":7"#)
      do { _ = try examination.playToTheEnd(conversation) } catch is NotApplicable { return }
      try conversation.expectRefusal(.needsReset, "snapshot")
    },
    Check("15.6", .batch, "after a restore the same comes as before, here and in another process") { examination in
      try examination.require(.state)
      let rests = Repetition.episodes.everywhere
      try examination.establish(rests)
      let conversation = try examination.greet(features: [.state])
      try conversation.reset(#""seed":5"#)
      var actions = examination.actions(seed: 6)
      for _ in 0..<2 {
        if try conversation.step(actions.next()).isEnd { try conversation.reset("") }
      }
      let state = try conversation.snapshot()
      let first = try examination.follow(conversation)
      try conversation.reset(#""seed":8"#)
      _ = try conversation.step(examination.firstAction)
      try conversation.restore(state)
      let second = try examination.follow(conversation)
      try examination.require(second, equal: first, "what came after the snapshot", restingOn: rests)
      let other = try examination.greet(features: [.state], isFresh: true)
      try other.restore(state)
      try examination.require(
        try examination.follow(other), equal: first, "what came after the snapshot, in the process before",
        restingOn: rests)
      try conversation.restore(state)
      for unusable in ["", #""state":null"#, #""state":7"#, #""state":"no state of any environment""#] {
        try conversation.expectRefusal(.badMessage, "restore", unusable)
      }
      try examination.require(
        try examination.follow(conversation), equal: first, "what came without the refused restores", restingOn: rests)
      try examination.restoreWithOptions(conversation, restingOn: rests)
      try examination.restoreOneOfSeveral()
    },
  ]
}

extension Conversation {
  /// The state of the running episode, as JSON.
  fileprivate func snapshot(_ members: String = "") throws -> String {
    let reply = try ask("snapshot", members)
    guard reply.code == nil, let state = reply.value["state"] else {
      throw reply.departure(clause: "15.5", expected: "the state of the episode that is running")
    }
    return state.text
  }

  fileprivate func restore(_ state: String, _ members: String = "") throws {
    let reply = try ask("restore", #""state":"# + state + members)
    guard reply.code == nil else { throw reply.departure(clause: "15.6", expected: "a restore that succeeds") }
  }
}

extension Examination {
  /// What comes of the same actions each time, in this episode and in those that follow without a seed.
  fileprivate func follow(_ conversation: Conversation) throws -> [Reply] {
    var actions = actions(seed: 12)
    var replies: [Reply] = []
    for round in 0..<12 {
      if round == 8 { replies.append(try conversation.reset("")) }
      replies.append(try conversation.step(actions.next()))
      if replies[replies.count - 1].isEnd { replies.append(try conversation.reset("")) }
    }
    return replies
  }

  /// What options have changed belongs to the state, as far as it outlasts the beginning.
  fileprivate func restoreWithOptions(_ conversation: Conversation, restingOn rests: Repetition) throws {
    for options in try (subject.options.resetOptions.map { [$0] } ?? []) + declaredOptions() {
      // Options may be refused for what stands beside them (clause 11.3).
      guard try conversation.ask("reset", #""seed":5,"options":\#(options)"#).code == nil else { continue }
      let state = try conversation.snapshot()
      let first = try follow(conversation)
      try conversation.reset(#""seed":8"#)
      try conversation.restore(state)
      try require(
        try follow(conversation), equal: first, "what came after the snapshot, with the options \(options)",
        restingOn: rests)
    }
  }

  /// In a batch the state is that of one sub-environment, and the others go on.
  fileprivate func restoreOneOfSeveral() throws {
    guard facts.features.contains(.batch) else { return }
    let batch = try batch(wanting: 2, features: [.batch, .state])
    guard batch.count == 2 else { return }
    let other = try self.batch(wanting: 2, features: [.batch, .state], isFresh: true)
    guard other.count == 2 else { return }
    try establish(.episodes.batched)
    _ = try batch.reset(#""seed":5"#)
    let state = try batch.conversation.snapshot(#""env":1"#)
    let actions = try batched([firstAction, firstAction])
    for environment in 0..<2 { try other.conversation.restore(state, #","env":\#(environment)"#) }
    let partial = try other.conversation.ask("reset", #""envs":[1]"#)
    guard partial.code == nil else {
      throw partial.departure(clause: "12.12", expected: "a reset of one, as each has been restored")
    }
    let before = try batch.step(actions)
    try batch.conversation.restore(state, #","env":1"#)
    let after = try batch.step(actions)
    guard after.observations.row(1, equals: before.observations, row: 1), after.rewards[1] == before.rewards[1] else {
      throw Mismatch(
        departure: after.reply.departure(
          clause: "15.6", expected: "in row 1 what came before, \(before.reply.text.abbreviated)"),
        repetition: .episodes.batched)
    }
  }
}
