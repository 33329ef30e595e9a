import JSONLines

/// Section 5: versions.
enum VersionChecks {
  static let all = [
    Check("5.1", .core, "the highest common version is picked") { examination in
      for versions in ["[1]", "[99,1]", "[1,99]", "[0,1,2]"] {
        let reply = try examination.start().ask("hello", examination.hello(versions: versions))
        guard reply.value["version"] == .integer(1) else { throw reply.departure(clause: "5.1", expected: "version 1") }
      }
    },
    Check("5.2", .core, "without a common version hello is unsupported_version, and may be tried again") {
      examination in
      let conversation = try examination.start()
      for versions in ["[98,99]", "[2]"] {
        let reply = try conversation.ask("hello", examination.hello(versions: versions))
        guard reply.code == "unsupported_version" else {
          throw reply.departure(clause: "5.2", expected: "the error unsupported_version")
        }
        try examination.forgivingMinimal("a list of versions") {
          guard reply.value["error"]?["data"]?["versions"]?.elements?.contains(.integer(1)) == true else {
            throw reply.departure(clause: "5.2", expected: "the server's own versions in data.versions")
          }
        }
      }
      let reply = try conversation.ask("hello", examination.plainHello)
      guard reply.code == nil else { throw reply.departure(clause: "5.2", expected: "a second hello that succeeds") }
    },
    Check("5.3", .core, "an empty list of versions is unsupported_version") { examination in
      let conversation = try examination.start()
      try conversation.expectRefusal(.unsupportedVersion, "hello", examination.hello(versions: "[]"))
      try examination.forgivingMinimal("the types of all elements") {
        try conversation.expectRefusal(.badMessage, "hello", examination.hello(versions: "[\"1\"]"))
      }
    },
    Check("5.4", .core, "a second hello is bad_message, and the conversation goes on") { examination in
      let conversation = try examination.greet()
      for _ in 0..<2 { try examination.carryOn(conversation) }
      if examination.facts.role == "env", try conversation.step(examination.firstAction).isEnd {
        try examination.carryOn(conversation)
      }
      try conversation.expectRefusal(.badMessage, "hello", examination.hello(versions: "[1]", #""features":[]"#))
      let isEnvironment = examination.facts.role == "env"
      let reply = try conversation.ask(
        isEnvironment ? "step" : "act",
        isEnvironment ? #""action":"# + examination.firstAction : #""obs":"# + examination.firstObservation)
      guard reply.code == nil else { throw reply.departure(clause: "5.4", expected: "an answer as if it had not come") }
    },
  ]
}
