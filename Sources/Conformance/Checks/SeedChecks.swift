import JSONLines

/// Section 6: seeds.
enum SeedChecks {
  static let all = [
    Check("6.2", .core, "every seed, 0 and 2^53-1 too, restarts the random numbers") { examination in
      try examination.requireDeterminism()
      let conversation = try examination.greet()
      for seed in [0, 1, 42, 9_007_199_254_740_991] {
        let episodes = try (0..<2).map { _ in
          // Unseeded episodes in between leave the random numbers somewhere else.
          for _ in 0..<3 { try conversation.reset("") }
          return try examination.episode(conversation, #""seed":\#(seed)"#)
        }
        let what = "the episode that seed \(seed) gave before"
        if let departure = examination.difference(of: episodes[1], from: episodes[0], what) { throw departure }
      }
    },
    Check("6.3", .core, "an unseeded reset lets the random numbers run on") { examination in
      try examination.establish(.episode)
      let conversation = try examination.greet()
      let runs = try (0..<2).map { _ in
        try (0..<12).map { try examination.episode(conversation, $0 == 0 ? #""seed":5"# : "") }
      }
      for (first, second) in zip(runs[0], runs[1]) {
        try examination.require(second, equal: first, "the same episodes after the same seed", restingOn: .episode)
      }
      guard try examination.hasRandomness() else { throw NotApplicable("every seed gives the same episode") }
      guard runs[0].contains(where: { $0.map(\.meaning) != runs[0][0].map(\.meaning) }) else {
        throw runs[0][0][0].departure(
          clause: "6.3", expected: "another episode than the one before",
          came: "twelve resets, of which only the first had a seed, began the same episode")
      }
    },
    Check("6.5", .core, "the same seed and actions give the same replies, in every process") { examination in
      try examination.requireDeterminism()
      let runs = try (0..<2).map { _ in
        let conversation = try examination.greet()
        return try (0..<3).map { try examination.episode(conversation, #""seed":\#(100 + $0)"#, steps: 50) }
      }
      for (first, second) in zip(runs[0], runs[1]) {
        let what = "what the process before answered"
        if let departure = examination.difference(of: second, from: first, what) { throw departure }
      }
    },
  ]
}

extension Examination {
  /// Ends the check if the server says that equal seeds need not give equal episodes.
  func requireDeterminism() throws {
    guard !facts.isNondeterministic else { throw NotApplicable("the server says that it is nondeterministic") }
  }

  /// The replies to a reset and to some steps, the same actions each time; an episode that ends is not begun again.
  func episode(_ conversation: Conversation, _ members: String, steps: Int = 10) throws -> [Reply] {
    var actions = actions(seed: 1)
    var replies = [try conversation.reset(members)]
    while replies.count <= steps, !replies[replies.count - 1].isEnd {
      replies.append(try conversation.step(actions.next()))
    }
    return replies
  }

  /// Whether seeds make a difference at all.
  func hasRandomness() throws -> Bool {
    let conversation = try greet()
    let episodes = try (0..<12).map { try episode(conversation, #""seed":\#($0)"#).map(\.meaning) }
    return episodes.contains { $0 != episodes[0] }
  }

  /// Some replies have to be those that came before, as far as the server repeats itself.
  func require(
    _ actual: [Reply], equal expected: [Reply], _ what: String, restingOn repetition: Repetition
  ) throws {
    guard let departure = difference(of: actual, from: expected, what) else { return }
    throw Mismatch(departure: departure, repetition: repetition)
  }

  fileprivate func difference(of actual: [Reply], from expected: [Reply], _ what: String) -> Departure? {
    for (reply, first) in zip(actual, expected) where reply.meaning != first.meaning {
      return reply.departure(clause: clause, expected: "\(what): \(first.text.abbreviated)")
    }
    guard actual.count != expected.count else { return nil }
    return actual[actual.count - 1].departure(
      clause: clause, expected: what, came: "the episode has \(actual.count) replies instead of \(expected.count)")
  }
}
