import Environments
import Gymwire
import JSONLines

extension Conversation {
  /// Nothing may be written for a time.
  func expectQuiet(for time: Duration = .milliseconds(60)) throws {
    guard peer.isHeard(within: time) else { return }
    switch try peer.next(within: .zero) {
    case .line(let line), .unfinished(let line): throw surplus(line)
    case .end: throw departure(expected: "nothing", came: "its output ended: it \(peer.ending)")
    case .silence: return
    }
  }

  /// Whoever tells something unasked breaks one clause, and not that of every check that listens.
  private func surplus(_ line: [UInt8]) -> Departure {
    let text = String(decoding: line, as: UTF8.self)
    return departure(
      clause: text.hasPrefix("{\"op\":") ? "3.3" : nil, expected: "nothing more", came: "it wrote \(text)")
  }

  /// The output has to end without another word.
  ///
  /// - Parameter clause: what a server departs from that goes on running; nil for what is checked.
  func expectNothingMore(orDepartureFrom clause: String? = nil) throws {
    switch try peer.next(within: options.replyLimit) {
    case .end: return
    case .line(let line), .unfinished(let line): throw surplus(line)
    case .silence:
      let limit = options.replyLimit.seconds
      throw departure(clause: clause, expected: "an end within \(limit)", came: "it goes on running")
    }
  }

  /// The process has to end by itself, with status 0 and without another word.
  func expectEnd() throws {
    try expectNothingMore()
    let exit = peer.process.exit(within: options.replyLimit)
    guard exit == .status(0) else {
      throw departure(expected: "an exit with status 0", came: exit.map { "it \($0)" } ?? "it goes on running")
    }
  }
}

extension Examination {
  /// A legal action.
  var firstAction: String {
    var actions = actions(seed: 4)
    return actions.next()
  }

  /// Runs what section 1 does not ask for; a server of that kind may do otherwise.
  func forgivingMinimal(_ what: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let departure as Departure where facts.isMinimal && !departure.isEnd && !departure.isSilence {
      guard !subject.repetitions.values.contains(departure) else { throw departure }
      throw NotApplicable("section 1 does not ask for \(what)")
    } catch is Mismatch where facts.isMinimal {
      throw NotApplicable("section 1 does not ask for \(what)")
    }
  }
}
