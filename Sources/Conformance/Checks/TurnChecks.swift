import JSONLines

/// Section 3: who speaks when.
enum TurnChecks {
  static let all = [
    Check("3.1", .core, "requests sent in one piece are answered one by one, in order") { examination in
      let conversation = try examination.start()
      conversation.clauseOfWrongIdentifier = "3.1"
      let requests = [
        ("hello", #""versions":[1]"#), ("reset", #""seed":1"#), ("reset", ""),
        ("step", #""action":"# + examination.firstAction),
      ]
      let lines = requests.enumerated().map { "{\"id\":\($0.offset),\"op\":\"\($0.element.0)\",\($0.element.1)}" }
        .map { $0.replacing(",}", with: "}") }
      try conversation.write(Array((lines.joined(separator: "\n") + "\n").utf8))
      for (index, (operation, _)) in requests.enumerated() {
        _ = try conversation.receive(id: .integer(Int64(index)), operation: operation)
      }
      try conversation.expectQuiet()
    },
    Check("3.3", .core, "nothing is written unasked") { examination in
      let conversation = try examination.start()
      // Long enough for the process to be there.
      try conversation.expectQuiet(for: max(.milliseconds(100), examination.facts.startDuration * 2))
      try conversation.greet()
      try conversation.expectQuiet()
      try conversation.reset()
      try conversation.expectQuiet()
    },
    Check("3.6", .core, "a notification from a driver is bad_message, with a null id") { examination in
      let conversation = try examination.greet()
      try conversation.expectRefusal(.badMessage, of: #"{"op":"log","text":"hello"}"#)
      try conversation.reset()
    },
  ]
}
