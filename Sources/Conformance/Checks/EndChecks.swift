import JSONLines

/// Section 6: how conversations end.
enum EndChecks {
  static let all = [
    Check("6.10", .core, "close is answered, and the server exits with status 0 while its input stays open") {
      examination in
      for isRunning in [false, true] {
        let conversation = try examination.greet()
        if isRunning { try conversation.reset() }
        let reply = try conversation.ask("close")
        guard reply.code == nil else { throw reply.departure(clause: "6.10", expected: "a close that succeeds") }
        try conversation.expectEnd()
      }
    },
    Check("6.11", .core, "the server exits with status 0 when its input ends, at any point") { examination in
      let points: [(Conversation) throws -> Void] = [
        { _ in }, { try $0.greet() },
        {
          try $0.greet()
          try $0.reset()
          try $0.step(examination.firstAction)
        },
        {
          try $0.greet()
          try $0.reset()
          do { _ = try examination.playToTheEnd($0) } catch is NotApplicable {}
        },
      ]
      for reach in points {
        let conversation = try examination.start()
        try reach(conversation)
        conversation.closeInput()
        try conversation.expectEnd()
      }
    },
    Check(
      "6.13", .core, "a server that was killed in an episode leaves nothing behind for the next one to stumble over"
    ) {
      examination in
      // No other check uses this seed, by which a server may know that it is this one.
      let seed = #""seed":613"#
      let killed = try examination.start()
      let hello = try killed.greet(examination.facts.want)
      try killed.reset(seed)
      if try !killed.step(examination.firstAction).isEnd { try killed.step(examination.firstAction) }
      killed.peer.process.kill()
      // One of the next two was started before, and one after.
      for _ in 0..<2 {
        let next = try examination.start()
        do {
          let reply = try next.greet(examination.facts.want)
          for member in ["role", "obs_space", "action_space"]
          where reply.value[member]?.inOneForm != hello.value[member]?.inOneForm {
            throw reply.departure(clause: "6.13", expected: "the same \(member) as before, \(hello.text.abbreviated)")
          }
          try next.reset(seed)
          try next.step(examination.firstAction)
        } catch let departure as Departure { throw departure.naming("6.13") }
      }
    },
  ]
}
