import JSONLines

/// What holds for every server that answers act, in place of what is checked with episodes.
enum AnsweringChecks {
  static let all = [
    Check("2.13", .core, "each reply arrives while the input stays open, and nothing else is on standard output") {
      examination in
      let conversation = try examination.greet()
      for _ in 0..<3 { try conversation.act(examination.firstObservation) }
    },
    Check("2.12", .core, "no reply is longer than the driver's max_line") { examination in
      try examination.require(.batch)
      let row = examination.firstObservation
      let longest = min(examination.facts.statedMaximumLine ?? 1 << 24, 1 << 24)
      let count = max(1, min(20_000, (longest - 200) / (row.utf8.count + 2)))
      let wishes = #""max_line":65536"# + (examination.facts.want.isEmpty ? "" : "," + examination.facts.want)
      let conversation = try examination.greet(features: [.batch], wishes)
      let rows = try examination.batched(Array(repeating: row, count: count), of: examination.facts.observationSpace)
      let reply = try conversation.ask("act", "\"n\":\(count),\"obs\":\(rows)")
      guard reply.line.count <= 65_536, [nil, "too_large"].contains(reply.code) else {
        throw reply.departure(clause: "2.12", expected: "a reply of 65536 bytes at most, or the error too_large")
      }
      guard reply.value["error"]?["fatal"] != .boolean(true) else {
        throw reply.departure(clause: "2.12", expected: "an error that is not fatal, as nothing has changed")
      }
      let next = try conversation.ask("act", #""obs":"# + row)
      guard next.code == nil else { throw next.departure(clause: "2.12", expected: "the answer to the next request") }
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
      let fresh = try examination.start()
      try fresh.expectRefusal(.badMessage, of: #"{"op":"hello","versions":[1]}"#)
      try fresh.expectRefusal(.badMessage, "hello")
      try fresh.expectRefusal(.badMessage, "act")
      for members in [
        #""versions":1"#, #""versions":["1"]"#, #""versions":[1],"features":"batch""#,
        #""versions":[1],"features":[7]"#,
        #""versions":[1],"max_line":10"#, #""versions":[1],"client":7"#, #""versions":[1],"want":[]"#,
        #""versions":[2],"want":[]"#,
      ] {
        try fresh.expectRefusal(.badMessage, "hello", members)
      }
      for id in ["\"7\"", "-1", "1.5", "true", "[7]", "9007199254740992"] {
        try fresh.expectRefusal(.badMessage, of: #"{"id":\#(id),"op":"act"}"#)
      }
      try conversation.expectRefusal(.badMessage, "act")
      for members in [#""deterministic":1"#, #""deterministic":0"#, #""deterministic":"yes""#] {
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
      try conversation.expectRefusal(.notReady, "act", #""obs":"nothing of the kind""#)
      try conversation.expectRefusal(.notReady, "close")
    },
    Check("7.3.8", .core, "a seed that cannot be used is bad_seed") { examination in
      let conversation = try examination.greet()
      for seed in ["-1", "1.5", "\"left\"", "true", "9007199254740992"] {
        for more in ["", #""deterministic":true,"#] {
          try conversation.expectRefusal(
            .badSeed, "act", "\(more)\"seed\":\(seed),\"obs\":\(examination.firstObservation)")
        }
      }
    },
    Check("8.2", .core, "an integer may be written 1.0, 1e0 or -0") { examination in
      let conversation = try examination.greet()
      let probe = examination.probe
      let plain = try examination.carryOn(conversation)
      for seed in ["7.0", "7e0", "70e-1"] {
        let members = probe.members.replacing("\"seed\":7", with: "\"seed\":\(seed)")
        let reply = try conversation.ask(probe.operation, members)
        try examination.require(reply, sameAs: plain, "the answer to the seed 7", restingOn: probe.repetition)
      }
      guard examination.facts.features.contains(.batch) else { return }
      let batched = try examination.greet(features: [.batch])
      let observation = try examination.batched([examination.firstObservation], of: examination.facts.observationSpace)
      for n in ["1.0", "1e0"] {
        let reply = try batched.ask("act", "\"n\":\(n),\"obs\":\(observation)")
        guard reply.code == nil else { throw reply.departure(clause: "8.2", expected: "one row, as for the n 1") }
      }
    },
  ]
}
