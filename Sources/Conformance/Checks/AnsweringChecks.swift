import JSONLines

/// What holds for every server that answers act: sections 1 to 7 where there are no episodes.
enum AnsweringChecks {
  static let all = [
    Check("2.13", .core, "each reply arrives while the input stays open, and nothing else is on standard output") {
      examination in
      let conversation = try examination.greet()
      for _ in 0..<3 { try conversation.act(examination.firstObservation) }
    },
    Check("4.2", .core, "ids are copied: 0, 2^53-1, and ids that do not increase") { examination in
      let conversation = try examination.greet()
      conversation.clauseOfWrongIdentifier = "4.2"
      for id in [9_007_199_254_740_991, 0, 5, 5] as [Int64] {
        _ = try conversation.say(
          #"{"id":\#(id),"op":"act","obs":\#(examination.firstObservation)}"#, id: .integer(id), operation: "act")
      }
    },
    Check("5.2", .core, "without a common version hello is unsupported_version, and may be tried again") {
      examination in
      let conversation = try examination.start()
      let reply = try conversation.ask("hello", #""versions":[98,99]"#)
      guard reply.code == "unsupported_version" else {
        throw reply.departure(clause: "5.2", expected: "the error unsupported_version")
      }
      let again = try conversation.ask("hello", examination.plainHello)
      guard again.code == nil else { throw again.departure(clause: "5.2", expected: "a second hello that succeeds") }
    },
    Check("5.4", .core, "a second hello is bad_message") { examination in
      try examination.greet().expectRefusal(.badMessage, "hello", examination.plainHello)
    },
    Check("6.10", .core, "close is answered, and the server exits with status 0 while its input stays open") {
      examination in
      let conversation = try examination.greet()
      try conversation.act(examination.firstObservation)
      let reply = try conversation.ask("close")
      guard reply.code == nil else { throw reply.departure(clause: "6.10", expected: "a close that succeeds") }
      try conversation.expectEnd()
    },
    Check("6.11", .core, "the server exits with status 0 when its input ends, at any point") { examination in
      for isUsed in [false, true] {
        let conversation = try examination.greet()
        if isUsed { try conversation.act(examination.firstObservation) }
        conversation.closeInput()
        try conversation.expectEnd()
      }
    },
    Check("7.3.1", .core, "a line that is not a JSON object is bad_json") { examination in
      let conversation = try examination.greet()
      for line in ["oops", "[1,2]", "\"text\"", "17", "null", #"{"id":1,"op":"act""#] {
        try conversation.expectRefusal(.badJSON, of: line)
      }
      try conversation.act(examination.firstObservation)
    },
    Check("7.3.3", .core, "a message with a member missing or of a wrong type is bad_message") { examination in
      let conversation = try examination.greet()
      try conversation.expectRefusal(.badMessage, "act")
      for members in [#""deterministic":1"#, #""deterministic":"yes""#] {
        try conversation.expectRefusal(.badMessage, "act", members + #","obs":"# + examination.firstObservation)
      }
    },
    Check("7.3.4", .core, "ops of environments, and those that do not exist, are unknown_op") { examination in
      let conversation = try examination.greet()
      for operation in ["jump", "reset", "step", "render", "Act"] {
        try conversation.expectRefusal(.unknownOperation, operation)
      }
    },
    Check("7.3.5", .core, "anything but hello, before a hello has succeeded, is not_ready") { examination in
      let conversation = try examination.start()
      try conversation.expectRefusal(.notReady, "act", #""obs":"# + examination.firstObservation)
      try conversation.expectRefusal(.notReady, "close")
    },
    Check("7.3.8", .core, "a seed that cannot be used is bad_seed") { examination in
      let conversation = try examination.greet()
      for seed in ["-1", "1.5", "\"left\"", "true", "9007199254740992"] {
        try conversation.expectRefusal(.badSeed, "act", "\"seed\":\(seed),\"obs\":\(examination.firstObservation)")
      }
    },
  ]
}
