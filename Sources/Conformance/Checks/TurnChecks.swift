import JSONLines

/// Section 3: who speaks when, of servers of every role.
enum TurnChecks {
  static let all = [
    Check("3.1", .core, "requests sent in one piece are answered one by one, in order") { examination in
      let conversation = try examination.start()
      conversation.clauseOfWrongIdentifier = "3.1"
      let probe = examination.probe
      var requests = [("hello", examination.plainHello)] + Array(repeating: (probe.operation, probe.members), count: 2)
      if examination.facts.role == "env" { requests.append(("step", #""action":"# + examination.firstAction)) }
      let lines = requests.enumerated().map { "{\"id\":\($0),\"op\":\"\($1.0)\",\($1.1)}" }
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
      try conversation.greet(features: [], examination.facts.want)
      try conversation.expectQuiet()
      try examination.carryOn(conversation)
      try conversation.expectQuiet()
    },
    Check("3.6", .core, "a notification from a driver is bad_message, with a null id") { examination in
      let conversation = try examination.greet()
      try conversation.expectRefusal(.badMessage, of: #"{"op":"log","text":"hello"}"#)
      try examination.carryOn(conversation)
    },
  ]
}
