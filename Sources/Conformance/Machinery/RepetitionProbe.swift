import JSONLines

/// How it is found out whether a server repeats itself, before anything that it answers is taken for right.
extension Examination {
  /// Ends the check where the server need not repeat itself, or does not; what is found holds for all checks.
  ///
  /// - Throws: ``NotApplicable``, or the ``Departure`` from the clause that makes comparisons worthless.
  func establish(_ repetition: Repetition) throws {
    try requireDeterminism()
    if subject.repetitions[repetition] == nil {
      subject.repetitions[repetition] = .some(try difference(repetition, rounds: 3))
    }
    if case .some(.some(let departure)) = subject.repetitions[repetition] { throw departure }
  }

  /// Looks again, and longer, for what a server seldom tells otherwise.
  func establishAgain(_ repetition: Repetition) throws {
    if let departure = try difference(repetition, rounds: repetition.roundsOfDoubt) { throw departure }
  }

  /// A reply must be no refusal, and tell the same as one that was asked for plainly, as far as the server repeats itself.
  func require(
    _ reply: Reply, sameAs plain: Reply, _ what: String, restingOn repetition: Repetition = .beginning
  ) throws {
    let departure = reply.departure(clause: clause, expected: "\(what), \(plain.text.abbreviated)")
    guard reply.code == nil else { throw departure }
    guard !facts.isNondeterministic else { return }
    try establish(repetition)
    guard reply.meaning == plain.meaning else { throw Mismatch(departure: departure, repetition: repetition) }
  }

  // MARK: Telling the same again

  /// A part of a reply, and the clause that is broken if the server tells it otherwise the next time.
  private struct Told {
    let reply: Reply
    let meaning: JSONValue
    let clause: String

    init(_ reply: Reply, _ clause: String) {
      self.init(reply, reply.meaning, clause)
    }

    init(_ reply: Reply, _ meaning: JSONValue, _ clause: String) {
      self.reply = reply
      self.meaning = meaning
      self.clause = clause
    }
  }

  /// Two seeds in turn, so that each comes after the other.
  private static let seeds = [7, 1]

  private func difference(_ repetition: Repetition, rounds: Int) throws -> Departure? {
    if let foundation = repetition.foundation, let departure = try difference(foundation, rounds: rounds) {
      return departure
    }
    guard let departure = try differenceAlone(repetition, rounds: rounds) else { return nil }
    // What seldom happens may have gone unseen below.
    return try repetition.foundation.flatMap { try difference($0, rounds: $0.roundsOfDoubt) } ?? departure
  }

  private func differenceAlone(_ repetition: Repetition, rounds: Int) throws -> Departure? {
    var before: [Int: [Told]] = [:]
    for process in 0..<(repetition.crossesProcesses ? 2 : 1) {
      let isFresh = process > 0
      let batch = repetition.isBatched ? try batch(isFresh: isFresh) : nil
      let conversation = try batch?.conversation ?? greet(isFresh: isFresh)
      for _ in 0..<rounds {
        for seed in Self.seeds {
          let now =
            try batch.map { try told(repetition.extent, seed, by: $0) }
            ?? told(repetition.extent, seed, by: conversation)
          defer { before[seed] = before[seed] ?? now }
          let clause = isFresh ? repetition.clauseOfRuns : nil
          if let departure = difference(of: now, from: before[seed] ?? now, clause) { return departure }
        }
      }
    }
    return nil
  }

  private func difference(of now: [Told], from before: [Told], _ clause: String?) -> Departure? {
    for (told, first) in zip(now, before) where told.meaning != first.meaning {
      return told.reply.departure(
        clause: clause ?? told.clause,
        expected: "what the same requests brought before, \(first.reply.text.abbreviated)")
    }
    guard now.count != before.count, let last = now.last else { return nil }
    return last.reply.departure(
      clause: clause ?? last.clause, expected: "an episode of \(before.count - 1) steps, as before")
  }

  private func told(_ extent: Repetition.Extent, _ seed: Int, by conversation: Conversation) throws -> [Told] {
    let members = #""seed":\#(seed)"#
    switch extent {
    case .beginning: return [Told(try conversation.reset(members), "6.2")]
    case .episode: return try episode(conversation, members, steps: 20).map { Told($0, "6.2") }
    case .episodes:
      let seeded = try told(.episode, seed, by: conversation)
      return try seeded + (0..<3).flatMap { _ in try episode(conversation, "", steps: 5).map { Told($0, "6.3") } }
    case .sample, .answer:
      let reply = try conversation.act(firstObservation, members)
      let action = Told(reply, reply.value["action"] ?? .null, "16.5")
      // Nothing but the action is drawn.
      return extent == .sample ? [action] : [action, Told(reply, "16.6")]
    }
  }

  private func told(_ extent: Repetition.Extent, _ seed: Int, by batch: BatchConversation) throws -> [Told] {
    var told = [Told(try batch.conversation.reset(#""seed":\#(seed)"#), "12.8")]
    guard extent != .beginning else { return told }
    var streams = actionStreams(batch.count)
    for _ in 0..<20 {
      let actions = try batched(streams.indices.map { streams[$0].next() })
      told.append(Told(try batch.step(actions).reply, "12.8"))
    }
    return told
  }
}
