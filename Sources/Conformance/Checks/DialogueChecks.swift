import JSONLines

/// The dialogue of section 1, and that it goes on while the input stays open.
enum DialogueChecks {
  static let all = [
    Check("1.10", .core, "the dialogue of section 1 works") { examination in
      let conversation = try examination.start()
      let dialogue = [
        ("hello", #""versions":[1]"#), ("reset", #""seed":42"#), ("step", #""action":"# + examination.firstAction),
        ("close", ""),
      ]
      for (operation, members) in dialogue {
        do {
          let reply = try conversation.ask(operation, members)
          guard reply.code == nil else { throw reply.departure(clause: "1.10", expected: "a reply that is no error") }
        } catch let departure as Departure where operation == "close" && departure.isEnd {
          throw departure.naming("6.10")
        }
      }
    },
    Check("2.13", .core, "each reply arrives while the input stays open, and nothing else is on standard output") {
      examination in
      let conversation = try examination.greet()
      try conversation.reset()
      var actions = examination.actions()
      for _ in 0..<3 where try conversation.step(actions.next()).isEnd { try conversation.reset() }
    },
  ]
}
