import Environments
import JSONLines
import SpaceCoding

/// Sections 16 and 17: episodes whose latest observations a server keeps.
enum SessionChecks {
  static let ofPolicies = [
    Check("16.13", .policy, "sessions do not see each other, and what is refused is not kept") { examination in
      guard examination.facts.role == "policy" else { throw NotApplicable("a learner always has sessions") }
      try examination.require(.session)
      try examination.establish(.answer)
      try examination.greet().expectRefusal(.unknownOperation, "begin", #""session":"a""#)
      let conversation = try examination.greet(features: [.session, .batch], isFresh: true)
      try examination.requireSessionsApart(conversation, reward: "")
      let observation = try conversation.observations()[0]
      try conversation.expectRefusal(.badMessage, "act", "\"session\":\"none\",\"obs\":\(observation)")
      try conversation.expectRefusal(.badMessage, "abandon", #""session":"none""#)
      for name in [#""""#, "7", "\"\(String(repeating: "x", count: 65))\""] {
        try conversation.expectRefusal(.badMessage, "begin", "\"session\":\(name)")
      }
      try conversation.beginSession("a")
      try conversation.expectRefusal(.badMessage, "begin", #""session":"a""#)
      guard examination.facts.features.contains(.batch) else { return }
      let rows = try examination.batched([observation], of: try conversation.observationSpace())
      try conversation.expectRefusal(.badMessage, "act", "\"n\":1,\"session\":\"a\",\"obs\":\(rows)")
    }
  ]

  static let ofLearners = [
    Check("17.16", .learn, "sessions do not see each other's observations") { examination in
      try examination.establish(.answer)
      try examination.requireSessionsApart(
        try examination.greet(isFresh: true), reward: #""reward":0,"#, beginning: "17.1", abandoning: "17.7")
    }
  ]
}

extension Examination {
  /// Two sessions that see the same have to be answered alike, whatever a third one sees between them.
  ///
  /// - Parameters:
  ///   - reward: what an act has besides that is not the first of its session.
  ///   - beginning: the clause that a refused begin departs from; nil for the one that is checked.
  ///   - abandoning: likewise for abandon.
  fileprivate func requireSessionsApart(
    _ conversation: Conversation, reward: String, beginning: String? = nil, abandoning: String? = nil
  ) throws {
    let observations = try conversation.observations()
    func answer(_ name: String, _ step: Int, of seen: [String]) throws -> Reply {
      try conversation.act(seen[step], "\"session\":\"\(name)\",\(step > 0 ? reward : "")\"deterministic\":true")
    }
    func require(_ reply: Reply, sameAs before: Reply, _ what: String) throws {
      guard reply.value["action"] == before.value["action"], reply.value["logp"] == before.value["logp"] else {
        let expected = "\(what), \(before.text.abbreviated)"
        throw Mismatch(departure: reply.departure(clause: clause, expected: expected), repetition: .answer)
      }
    }
    func single(_ step: Int) throws -> Reply { try conversation.act(observations[step], #""deterministic":true"#) }
    for step in observations.indices {
      let (first, again) = (try single(step), try single(step))
      guard again.value["action"] == first.value["action"] else {
        throw again.departure(clause: "16.4", expected: "the same action as in \(first.text.abbreviated)")
      }
    }
    try conversation.beginSession("alone", clause: beginning)
    let before = try observations.indices.map { try answer("alone", $0, of: observations) }
    try conversation.abandonSession("alone", clause: abandoning)
    try conversation.beginSession("other", clause: beginning)
    // The name is free again.
    try conversation.beginSession("alone", clause: beginning)
    for step in observations.indices {
      _ = try answer("other", step, of: observations.reversed())
      if step == 2 {
        let more = "\"session\":\"alone\",\(reward)\"deterministic\":true,\"obs\":[[[]]]"
        try conversation.expectRefusal(.badMessage, "act", more)
      }
      let single = try single(step)
      if step == 0 { try require(single, sameAs: before[0], "the answer to the first of an episode") }
      let reply = try answer("alone", step, of: observations)
      try require(reply, sameAs: before[step], "the answer of the session that saw the same")
    }
    for name in ["alone", "other"] { try conversation.abandonSession(name, clause: abandoning) }
  }
}

extension Conversation {
  /// The space of the observations in this conversation, which a feature may have changed.
  fileprivate func observationSpace() throws -> Space {
    guard let greeting else { throw departure(expected: "a hello that succeeds", came: "nothing") }
    return try ServerFacts(hello: greeting).observationSpace
  }

  /// Observations of an episode, the same in every run.
  fileprivate func observations() throws -> [String] {
    var texts = RandomTexts(try observationSpace(), seed: 8)
    return (0..<12).map { _ in texts.next() }
  }

  fileprivate func beginSession(_ name: String, clause: String? = nil) throws {
    let reply = try ask("begin", "\"session\":\"\(name)\"")
    guard reply.code == nil else {
      throw reply.departure(clause: clause ?? self.clause, expected: "a session that begins")
    }
  }

  fileprivate func abandonSession(_ name: String, clause: String? = nil) throws {
    let reply = try ask("abandon", "\"session\":\"\(name)\"")
    guard reply.code == nil else {
      throw reply.departure(clause: clause ?? self.clause, expected: "an abandon that succeeds")
    }
  }
}
