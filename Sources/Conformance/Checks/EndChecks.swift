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
  ]
}
