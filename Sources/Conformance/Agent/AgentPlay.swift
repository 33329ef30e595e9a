import GymwireIO

/// One scene, played to its end with the agent that is at the other end of a wire.
struct AgentPlay {
  /// For how many milliseconds a server stays after the goodbye: a quarter of what it should be given (clause 3.10), for a busy
  /// machine takes its time, too.
  private static let timeToEnd: UInt32 = 500

  let wire: any AgentWire
  /// How long the agent may take for its next request.
  let limit: Duration
  /// How long the agent waits for a reply, as its user says.
  let patience: Duration
  /// Told what has been found so far, for the agent may end this program at any moment.
  let note: (AgentFindings.Finding) -> Void

  /// Plays a scene, and gives what was found.
  func play(_ check: AgentCheck) throws -> AgentFindings.Finding {
    var host = AgentHost(check, patience: patience)
    var finding = AgentFindings.Finding.nothing
    do {
      while true {
        guard case .line(let line) = try wire.next(within: host.isPlayed ? .seconds(1) : limit) else { break }
        let (pieces, isLast) = try host.answer(line)
        let latest: AgentFindings.Finding =
          host.isPlayed
          ? .played
          : host.isDeclinable
            ? .notApplicable("the agent ends after a hello with such spaces")
            : host.isTried ? .tried : host.isActing ? .acting : .nothing
        if latest != finding {
          finding = latest
          note(finding)
        }
        let isInterrupted = try write(pieces, check)
        if host.isWaitedFor {
          // What was written took longer than notifications may put off the end.
          guard isInterrupted || pieces.isEmpty else { return impatience(check) }
          return try waitForTheEnd(check, isInterrupted: isInterrupted)
        }
        if isLast || host.isOver { break }
      }
      if check.scene.demand == .waits, finding == .acting {
        note(.ending)
        Pause.milliseconds(Self.timeToEnd)
        finding = .played
        note(finding)
      }
    } catch let departure as Departure {
      finding = .departed(departure)
      note(finding)
    } catch let absence as NotApplicable {
      finding = .notApplicable(absence.reason)
      note(finding)
    }
    return finding
  }

  /// Writes pieces; whether the agent was heard in between.
  private func write(_ pieces: [AgentScene.Piece], _ check: AgentCheck) throws -> Bool {
    for (index, piece) in pieces.enumerated() {
      if piece.pause > .zero {
        if check.scene.demand == .givesUp { note(.waiting(index)) }
        if wire.isHeard(within: piece.pause) { return true }
      }
      try wire.write(piece.bytes)
      if piece.endsOutput { wire.endOutput() }
    }
    return false
  }

  /// The agent has waited longer than it should.
  private func impatience(_ check: AgentCheck) -> AgentFindings.Finding {
    let limit = check.clause == "3.5" ? "ten times its time limit" : "its time limit"
    let finding = AgentFindings.Finding.departed(
      Departure(
        clause: check.clause, sent: "", expected: "an end of the connection after \(limit), \(patience.seconds)",
        came: "the agent goes on waiting"))
    note(finding)
    return finding
  }

  /// The agent has to end the connection, now that it has waited longer than it should.
  private func waitForTheEnd(_ check: AgentCheck, isInterrupted: Bool) throws -> AgentFindings.Finding {
    let start = ContinuousClock.now
    var beats = 1_000
    while !isInterrupted, !wire.isHeard(within: .milliseconds(100)) {
      beats += 1
      note(.waiting(beats))
      guard start.duration(to: .now) < patience * 2 + .seconds(5) else { return impatience(check) }
    }
    var finding = AgentFindings.Finding.played
    if case .line(let line) = try wire.next(within: .zero), !String(decoding: line, as: UTF8.self).contains("\"close\"")
    {
      finding = .departed(
        Departure(
          clause: check.clause, sent: "", expected: "an end of the connection, as the last request has no reply",
          came: String(decoding: line, as: UTF8.self)))
    }
    note(finding)
    return finding
  }
}
