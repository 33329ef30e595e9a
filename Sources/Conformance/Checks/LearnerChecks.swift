import Gymwire
import JSONLines

/// Section 17: an agent that learns in somebody else's loop.
enum LearnerChecks {
  static let all = [
    Check("17.1", .learn, "sessions have names of 1 to 64 bytes, many are open at once, and names are free again") {
      examination in
      let conversation = try examination.greet()
      for name in ["", String(repeating: "x", count: 65), String(repeating: "ä", count: 33)] {
        try conversation.expectRefusal(.badMessage, "begin", "\"session\":\"\(name)\"")
      }
      let names = (0..<8).map { "s\($0)" } + [String(repeating: "x", count: 64)]
      for _ in 0..<2 {
        for name in names { try conversation.begin(name, clause: "17.1") }
        for name in names { try conversation.actWithin(name, examination.firstObservation) }
        for (index, name) in names.enumerated() {
          if index % 2 == 0 {
            try conversation.end(name, examination.firstObservation)
          } else {
            try conversation.abandon(name)
          }
        }
      }
    },
    Check("17.2", .learn, "a session that is not open, or is begun twice, is bad_message") { examination in
      let conversation = try examination.greet()
      let observation = examination.firstObservation
      try conversation.expectRefusal(.badMessage, "act", "\"session\":\"none\",\"obs\":\(observation)")
      try conversation.expectRefusal(.badMessage, "abandon", #""session":"none""#)
      try conversation.expectRefusal(.badMessage, "end", "\"session\":\"none\",\(ending(observation))")
      try conversation.begin("a")
      try conversation.expectRefusal(.badMessage, "begin", #""session":"a""#)
      try conversation.actWithin("a", observation)
      try conversation.abandon("a")
      try conversation.expectRefusal(.badMessage, "act", "\"session\":\"a\",\"reward\":1,\"obs\":\(observation)")
    },
    Check("17.3", .learn, "reward is required on every act but the first, refused there, and finite") { examination in
      let conversation = try examination.greet()
      let observation = examination.firstObservation
      func act(_ members: String) -> String { "\"session\":\"a\",\(members)\"obs\":\(observation)" }
      try conversation.begin("a")
      try conversation.expectRefusal(.badMessage, "act", act(#""reward":1,"#))
      try conversation.actWithin("a", observation)
      for reward in ["", #""reward":null,"#, #""reward":"NaN","#, #""reward":"Infinity","#, #""reward":1e39,"#] {
        try conversation.expectRefusal(.badMessage, "act", act(reward))
      }
      try conversation.actWithin("a", observation, reward: 0.5)
      try conversation.expectRefusal(
        .badMessage, "end", "\"session\":\"a\",\"terminated\":true,\"truncated\":false,\"obs\":\(observation)")
      try conversation.end("a", observation)
    },
    Check("17.4", .learn, "end needs the final observation and both flags; at least one of them is true") {
      examination in
      let conversation = try examination.greet()
      let observation = examination.firstObservation
      try conversation.begin("a")
      try conversation.actWithin("a", observation)
      for members in [
        "\"reward\":1,\"terminated\":true,\"truncated\":false",
        "\"reward\":1,\"terminated\":true,\"obs\":\(observation)",
        "\"reward\":1,\"truncated\":true,\"obs\":\(observation)",
        "\"reward\":1,\"terminated\":false,\"truncated\":false,\"obs\":\(observation)",
        "\"reward\":1,\"terminated\":1,\"truncated\":0,\"obs\":\(observation)",
        "\"reward\":1,\"terminated\":true,\"truncated\":false,\"obs\":\"nothing of the kind\"",
      ] {
        try conversation.expectRefusal(.badMessage, "end", "\"session\":\"a\"," + members)
      }
      try conversation.end("a", observation)
    },
    Check("17.5", .learn, "n and session exclude each other") { examination in
      try examination.require(.batch)
      let conversation = try examination.greet(features: [.batch])
      let observation = examination.firstObservation
      try conversation.begin("a")
      let batched = try examination.batched([observation], of: examination.facts.observationSpace)
      try conversation.expectRefusal(.badMessage, "act", "\"session\":\"a\",\"n\":1,\"obs\":\(batched)")
      try conversation.abandon("a")
    },
    Check("17.6", .learn, "log_action takes an action of the space, and no other") { examination in
      let conversation = try examination.greet()
      let observation = examination.firstObservation
      try conversation.begin("a")
      func log(_ action: String, _ reward: String = "") -> String {
        "\"session\":\"a\"\(reward),\"obs\":\(observation),\"action\":\(action)"
      }
      for action in UnusableActions.texts(for: examination.facts.actionSpace).prefix(6) where action != "null" {
        try conversation.expectRefusal(.badAction, "log_action", log(action))
      }
      for reward in ["", ",\"reward\":1"] {
        let reply = try conversation.ask("log_action", log(examination.firstAction, reward))
        guard reply.code == nil else { throw reply.departure(clause: "17.6", expected: "a log_action that succeeds") }
      }
      try conversation.end("a", observation)
    },
    Check("17.7", .learn, "abandon closes a session at any point") { examination in
      let conversation = try examination.greet()
      for steps in 0..<3 {
        try conversation.begin("a")
        for step in 0..<steps {
          try conversation.actWithin("a", examination.firstObservation, reward: step == 0 ? nil : 1)
        }
        let reply = try conversation.ask("abandon", #""session":"a""#)
        guard reply.code == nil else { throw reply.departure(clause: "17.7", expected: "an abandon that succeeds") }
        try conversation.expectRefusal(.badMessage, "abandon", #""session":"a""#)
      }
    },
    Check("17.8", .learn, "policy_version changes in an end that tells of an update, and nowhere else") { examination in
      let conversation = try examination.greet()
      var observations = examination.observations()
      var version: JSONValue?
      var updates = 0
      func note(_ reply: Reply) throws {
        guard let told = reply.value["policy_version"], told != .null else { return }
        if let version, version != told {
          throw reply.departure(clause: "17.8", expected: "the policy_version \(version.text)")
        }
        version = told
      }
      for _ in 0..<examination.subject.options.leakSteps / 20 where updates < 3 {
        try conversation.begin("a")
        for step in 0..<20 {
          try note(try conversation.actWithin("a", observations.next(), reward: step == 0 ? nil : 1))
        }
        try note(try conversation.act(observations.next()))
        let reply = try conversation.end("a", observations.next())
        let isUpdated = reply.value["updated"] == .boolean(true)
        let grew = (reply.value["policy_version"]?.double ?? 0) > (version?.double ?? -1)
        guard version == nil || isUpdated == grew else {
          throw reply.departure(
            clause: "17.8", expected: "a policy_version above \(version?.text ?? "") if and only if updated")
        }
        if isUpdated { updates += 1 }
        version = reply.value["policy_version"]
      }
      if updates == 0 {
        throw NotApplicable("no update came within \(examination.subject.options.leakSteps) steps (--leak-steps)")
      }
    },
    Check("17.10", .learn, "a session that is cut may be begun again under its name") { examination in
      let conversation = try examination.greet()
      let observation = examination.firstObservation
      for _ in 0..<3 {
        let begun = try conversation.ask("begin", #""session":"world""#)
        guard begun.code == nil else { throw begun.departure(clause: "17.10", expected: "a session that begins again") }
        try conversation.actWithin("world", observation)
        let cut = try conversation.ask(
          "end", "\"session\":\"world\",\"reward\":1,\"terminated\":false,\"truncated\":true,\"obs\":\(observation)")
        guard cut.code == nil else { throw cut.departure(clause: "17.10", expected: "an end that cuts the session") }
      }
    },
    Check("17.11", .learn, "save tells where it has written") { examination in
      let conversation = try examination.greet()
      let reply = try conversation.ask("save")
      guard reply.code == nil, case .string? = reply.value["path"] else {
        throw reply.departure(clause: "17.11", expected: "a path")
      }
    },
    Check("17.12", .learn, "close and the end of input, within a session, end the learner with status 0") {
      examination in
      for closes in [true, false] {
        let conversation = try examination.greet(isFresh: true)
        try conversation.begin("a")
        try conversation.actWithin("a", examination.firstObservation)
        if closes { _ = try conversation.ask("close") } else { conversation.closeInput() }
        try conversation.expectEnd()
      }
    },
  ]

  private static func ending(_ observation: String) -> String {
    "\"reward\":1,\"terminated\":true,\"truncated\":false,\"obs\":\(observation)"
  }
}

extension Conversation {
  fileprivate func begin(_ session: String, clause: String = "17.1") throws {
    let reply = try ask("begin", "\"session\":\"\(session)\"")
    guard reply.code == nil else { throw reply.departure(clause: clause, expected: "a session that begins") }
  }

  @discardableResult
  fileprivate func actWithin(_ session: String, _ observation: String, reward: Double? = nil) throws -> Reply {
    try act(
      observation, "\"session\":\"\(session)\"" + (reward.map { ",\"reward\":\(JSONValue.number($0).text)" } ?? ""))
  }

  fileprivate func abandon(_ session: String) throws {
    let reply = try ask("abandon", "\"session\":\"\(session)\"")
    guard reply.code == nil else { throw reply.departure(clause: "17.7", expected: "an abandon that succeeds") }
  }

  @discardableResult
  fileprivate func end(_ session: String, _ observation: String) throws -> Reply {
    let reply = try ask(
      "end", "\"session\":\"\(session)\",\"reward\":1,\"terminated\":true,\"truncated\":false,\"obs\":\(observation)")
    guard reply.code == nil else { throw reply.departure(clause: "17.4", expected: "an end that succeeds") }
    return reply
  }
}
