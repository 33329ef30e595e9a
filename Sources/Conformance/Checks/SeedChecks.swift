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
        // Where a task has few beginnings, an ignored seed gives the same one twice by chance.
        for _ in 0..<6 {
          try conversation.reset("")
          let beginning = try conversation.reset(#""seed":\#(seed)"#)
          if let departure = examination.difference(of: [beginning], from: [episodes[0][0]], what) { throw departure }
        }
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
      // A task with few beginnings may repeat itself; all of sixty are alike by chance, where no more than forty of sixty
      // seeds gave what is seen most, less than once in a million runs.
      let seeded = try (0..<60).map { try examination.episode(conversation, #""seed":\#($0)"#).map(\.meaning) }
      let most = Dictionary(grouping: seeded) { $0.map(\.text).joined() }.values.map(\.count).max() ?? 0
      guard most <= 40 else { throw NotApplicable("most seeds give the same episode") }
      let unseeded = try (0..<60).map { _ in try examination.episode(conversation, "") }
      guard unseeded.contains(where: { $0.map(\.meaning) != unseeded[0].map(\.meaning) }) else {
        throw unseeded[0][0].departure(
          clause: "6.3", expected: "another episode than the one before",
          came: "sixty resets without a seed began the same episode")
      }
    },
    Check("6.5", .core, "the same seed and actions give the same replies, in every process") { examination in
      try examination.requireDeterminism()
      let start = ContinuousClock.now
      let runs = try (0..<3).map { run in
        let conversation = try examination.greet(isFresh: run == 2)
        // Time for a clock of seconds to go on, if that is where the random numbers come from.
        if run == 2 { try conversation.expectQuiet(for: .milliseconds(1_050) - start.duration(to: .now)) }
        return try (0..<3).map { try examination.episode(conversation, #""seed":\#(100 + $0)"#, steps: 50) }
      }
      for run in runs.dropFirst() {
        for (first, second) in zip(runs[0], run) {
          let what = "what the process before answered"
          if let departure = examination.difference(of: second, from: first, what) { throw departure }
        }
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
    try self.steps(conversation, after: try conversation.reset(members), steps)
  }

  /// The same, after a reset that has been made.
  func steps(_ conversation: Conversation, after beginning: Reply, _ steps: Int) throws -> [Reply] {
    var actions = actions(seed: 1)
    var replies = [beginning]
    while replies.count <= steps, !replies[replies.count - 1].isEnd {
      replies.append(try conversation.step(actions.next()))
    }
    return replies
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
