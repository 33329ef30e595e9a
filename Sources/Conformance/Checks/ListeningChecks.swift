import JSONLines

/// Section 3: a server that waits on a socket.
enum ListeningChecks {
  static let all = [
    Check("3.11", .core, "a server that listens has one driver at a time, tells a second one so, and takes the next") {
      examination in
      let first = try examination.attach()
      do {
        try first.greet(examination.facts.want)
        let second = try examination.attach()
        let refusal = try second.ask("hello", examination.plainHello)
        guard refusal.code == "busy", refusal.value["error"]?["fatal"] == .boolean(true) else {
          throw refusal.departure(
            clause: "3.11", expected: "the error busy with \"fatal\":true, as the server has a driver")
        }
        try second.expectNothingMore()
        try examination.carryOn(first)
        first.peer.process.kill()
        let third = try examination.attachOnceFree()
        try third.expectRefusal(.needsReset, "step", #""action":"# + examination.firstAction)
        let reply = try third.ask("close")
        guard reply.code == nil else { throw reply.departure(clause: "3.11", expected: "a close that succeeds") }
        try third.expectNothingMore()
        try examination.carryOn(try examination.attachOnceFree())
      } catch let departure as Departure { throw departure.naming("3.11") }
    }
  ]
}

extension Examination {
  /// A greeted conversation, once the server has noticed that the driver before has gone.
  fileprivate func attachOnceFree() throws -> Conversation {
    let start = ContinuousClock.now
    while true {
      let conversation = try attach()
      let reply = try conversation.ask("hello", plainHello)
      if reply.code == nil { return conversation }
      guard reply.code == "busy", start.duration(to: .now) < subject.options.replyLimit else {
        throw reply.departure(clause: "3.11", expected: "a hello that succeeds, as the driver before has gone")
      }
    }
  }
}
