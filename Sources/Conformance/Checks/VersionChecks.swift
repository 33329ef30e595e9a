import JSONLines

/// Section 5: versions.
enum VersionChecks {
  static let all = [
    Check("5.1", .core, "the highest common version is picked") { examination in
      for versions in ["[1]", "[99,1]", "[1,99]", "[0,1,2]"] {
        let reply = try examination.start().ask("hello", #""versions":\#(versions)"#)
        guard reply.value["version"] == .integer(1) else { throw reply.departure(clause: "5.1", expected: "version 1") }
      }
    },
    Check("5.2", .core, "without a common version hello is unsupported_version, and may be tried again") {
      examination in
      let conversation = try examination.start()
      for versions in ["[98,99]", "[2]"] {
        let reply = try conversation.ask("hello", #""versions":\#(versions)"#)
        guard reply.code == "unsupported_version" else {
          throw reply.departure(clause: "5.2", expected: "the error unsupported_version")
        }
        try examination.forgivingMinimal("a list of versions") {
          guard reply.value["error"]?["data"]?["versions"]?.elements?.contains(.integer(1)) == true else {
            throw reply.departure(clause: "5.2", expected: "the server's own versions in data.versions")
          }
        }
      }
      let reply = try conversation.ask("hello", #""versions":[1]"#)
      guard reply.code == nil else { throw reply.departure(clause: "5.2", expected: "a second hello that succeeds") }
    },
    Check("5.3", .core, "an empty list of versions is unsupported_version") { examination in
      try examination.start().expectRefusal(.unsupportedVersion, "hello", #""versions":[]"#)
    },
    Check("5.4", .core, "a second hello is bad_message, and the episode goes on") { examination in
      let (conversation, _) = try examination.begin()
      try conversation.step(examination.firstAction)
      try conversation.reset()
      try conversation.expectRefusal(.badMessage, "hello", #""versions":[1],"features":[]"#)
      let reply = try conversation.ask("step", #""action":"# + examination.firstAction)
      guard reply.code == nil else { throw reply.departure(clause: "5.4", expected: "a step of the episode") }
    },
  ]
}
