import Environments
import Gymwire
import JSONLines

/// Section 16: a program that answers which action it would take.
enum PolicyChecks {
  static let all = [
    Check("16.1", .policy, "act gives an action, and estimates that are numbers") { examination in
      let conversation = try examination.greet()
      var observations = examination.observations()
      for _ in 0..<20 {
        let reply = try conversation.act(observations.next())
        try examination.requireAction(in: reply)
        for name in ["logp", "value"] {
          guard let estimate = reply.value[name], estimate != .null else { continue }
          guard estimate.double != nil else { throw reply.departure(clause: "16.1", expected: "a number in \(name)") }
        }
      }
      try examination.requireTrueEstimates(conversation)
    },
    Check("16.2", .policy, "an observation that cannot be used is bad_message") { examination in
      let conversation = try examination.greet()
      for text in UnusableActions.observations(for: examination.facts.observationSpace) {
        try conversation.expectRefusal(.badMessage, "act", #""obs":"# + text)
      }
      try conversation.act(examination.firstObservation)
      for text in examination.observationsBeyondBounds {
        let reply = try conversation.ask("act", #""obs":"# + text)
        guard reply.code == nil else {
          throw reply.departure(clause: "9.4", expected: "an action, as observations may lie outside their bounds")
        }
      }
    },
    Check("16.3", .policy, "spaces that are wanted have to agree with those that the policy has") { examination in
      let plain = try examination.greet()
      guard let hello = plain.greeting?.value, let observations = hello["obs_space"],
        let actions = hello["action_space"]
      else { return }
      func want(_ observations: JSONValue, _ actions: JSONValue) throws -> Reply {
        try examination.start().ask(
          "hello", #""versions":[1],"want":{"obs_space":\#(observations.text),"action_space":\#(actions.text)}"#)
      }
      let same = try want(observations, actions)
      guard same.code == nil else { throw same.departure(clause: "16.3", expected: "a hello that succeeds") }
      guard !examination.facts.takesSpaces else {
        let without = try examination.start().ask("hello", #""versions":[1]"#)
        guard without.code == "unsupported_space" else {
          throw without.departure(clause: "16.3", expected: "the error unsupported_space, as nobody names the spaces")
        }
        return
      }
      for (observations, actions) in [
        (observations.asListedBounds, actions.asListedBounds), (observations.withOtherBounds, actions),
      ] {
        let reply = try want(observations, actions)
        guard reply.code == nil else {
          throw reply.departure(clause: "16.3", expected: "a hello that succeeds, as the spaces agree")
        }
      }
      let disagreements =
        observations.otherSpaces(areActions: false).map { ($0, actions) }
        + actions.otherSpaces(areActions: true).map { (observations, $0) }
      for (observations, actions) in disagreements {
        let reply = try want(observations, actions)
        guard reply.code == "unsupported_space" else {
          throw reply.departure(clause: "16.3", expected: "the error unsupported_space, as the spaces disagree")
        }
      }
    },
    Check("16.4", .policy, "a deterministic act gives the same action each time") { examination in
      let conversation = try examination.greet()
      var observations = examination.observations()
      for _ in 0..<5 {
        let observation = observations.next()
        let first = try conversation.act(observation, #""deterministic":true"#)
        for _ in 0..<5 {
          let again = try conversation.act(observation, #""deterministic":true"#)
          guard again.value["action"] == first.value["action"] else {
            throw again.departure(clause: "16.4", expected: "the same action as in \(first.text.abbreviated)")
          }
        }
      }
      try examination.requireMostProbable(conversation)
    },
    Check("16.5", .policy, "a seed fixes the sample of its reply, and of no other") { examination in
      let conversation = try examination.greet()
      let uncertain = try examination.mostUncertain(conversation)
      let observation = uncertain.observation
      var later: [[JSONValue?]] = []
      for seed in [0, 3, 9_007_199_254_740_991] {
        var samples: [Reply] = []
        for _ in 0..<2 {
          samples.append(try conversation.act(observation, "\"seed\":\(seed)"))
          later.append(try (0..<40).map { _ in try conversation.act(observation).value["action"] })
        }
        guard samples[0].value["action"] == samples[1].value["action"] else {
          throw samples[1].departure(
            clause: "16.5", expected: "the action that seed \(seed) gave before, \(samples[0].text.abbreviated)")
        }
      }
      // Unseeded samples that repeat after each seed, and are not all equal, were fixed by it.
      let varies = later[0].contains { $0 != later[0][0] }
      guard !varies || later[0] != later[1] || later[2] != later[3] else {
        throw conversation.departure(
          expected: "unseeded samples that do not repeat after a seed", came: "40 of them were the same twice")
      }
      try examination.requireSeedsToMatter(conversation, uncertain)
    },
    Check("16.6", .policy, "no reply depends on earlier acts") { examination in
      try examination.establish(.sample)
      let conversation = try examination.greet(isFresh: true)
      var observations = examination.observations()
      let (first, second) = (observations.next(), observations.next())
      let before = try conversation.act(first, #""seed":9"#)
      for _ in 0..<3 { try conversation.act(second, #""seed":9"#) }
      let after = try conversation.act(first, #""seed":9"#)
      guard after.value["action"] == before.value["action"], after.value["value"] == before.value["value"] else {
        let expected = "the reply as before, \(before.text.abbreviated)"
        throw Mismatch(departure: after.departure(clause: "16.6", expected: expected), repetition: .sample)
      }
    },
    Check("16.7", .policy, "actions are sent clipped to the bounds of a Box") { examination in
      guard examination.facts.actionSpace.parts.contains(where: { $0.kind == "Box" }) else {
        throw NotApplicable("actions have no Box")
      }
      let conversation = try examination.greet()
      var observations = examination.observations()
      for _ in 0..<200 { try examination.requireAction(in: try conversation.act(observations.next())) }
    },
    Check("16.8", .policy, "n rows give what n single acts with the seeds s, s+1, ... give") { examination in
      try examination.require(.batch)
      try examination.establish(.sample.everywhere)
      let single = try examination.greet()
      let conversation = try examination.greet(features: [.batch])
      var observations = examination.observations()
      // At an observation where the action is uncertain, and so often that equal rows are no luck.
      let uncertain = try examination.mostUncertain(single).observation
      let rows = (0..<20).map { $0 < 3 ? observations.next() : uncertain }
      let batched = try examination.batched(rows, of: examination.facts.observationSpace)
      let reply = try conversation.act(batched, #""n":20,"seed":7"#)
      let form = ValueForm(isBatched: true)
      let actions = try reply.rows(
        "action", of: examination.facts.actionSpace, count: 20, form: form, clause: "16.8")
      for (row, observation) in rows.enumerated() {
        let alone = try single.act(observation, "\"seed\":\(7 + row)")
        let action = try alone.rows(
          "action", of: examination.facts.actionSpace, count: 1, form: ValueForm(), clause: "16.1")
        guard actions.row(row, equals: action, row: 0) else {
          let expected = "in row \(row) the action of \(alone.text.abbreviated)"
          throw Mismatch(
            departure: reply.departure(clause: "16.8", expected: expected), repetition: .sample.everywhere)
        }
        for name in ["logp", "value"] {
          guard let estimate = alone.value[name], estimate != .null else { continue }
          guard let own = estimate.double else {
            throw alone.departure(clause: "16.1", expected: "a number in \(name)")
          }
          guard let told = reply.value[name]?.elements, told.count == 20, let number = told[row].double,
            (number - own).magnitude <= 1e-4 * max(1, own.magnitude)
          else {
            // A single act that is not what it was has nothing to do with rows.
            let again = try examination.greet(isFresh: true).act(observation, "\"seed\":\(7 + row)")
            throw reply.departure(
              clause: again.value[name] == estimate ? "16.8" : "16.6",
              expected: "in row \(row) the \(name) of \(alone.text.abbreviated)")
          }
        }
      }
      try examination.requireForms(conversation, rows[0])
      for n in ["0", "-1", "1.5", "\"3\""] {
        try conversation.expectRefusal(.badMessage, "act", "\"n\":\(n),\"obs\":\(batched)")
      }
      if examination.facts.observationSpace.flat != nil {
        try conversation.expectRefusal(.badMessage, "act", #""n":0,"obs":[]"#)
        if case .array(var elements) = try JSONValue(parsing: batched) {
          elements[elements.count - 1] = .string("NaN")
          try examination.requireRefusalAlone(single, Array(elements.suffix(elements.count / 20)))
          try conversation.expectRefusal(.badMessage, "act", #""n":20,"obs":"# + JSONValue.array(elements).text)
        }
      }
      let alone = try single.ask("act", #""seed":9007199254740992,"obs":"# + rows[0])
      guard alone.code == "bad_seed" else { throw alone.departure(clause: "7.3.8", expected: "the error bad_seed") }
      try conversation.expectRefusal(.badSeed, "act", #""n":20,"seed":9007199254740991,"obs":"# + batched)
    },
    Check("16.9", .policy, "a masked-out choice is not taken, and a mask must leave one") { examination in
      try examination.require(.mask)
      guard case .discrete(let discrete) = examination.facts.actionSpace, discrete.n > 1 else {
        throw NotApplicable("actions are not Discrete")
      }
      let conversation = try examination.greet(features: [.mask])
      for choice in 0..<min(discrete.n, 4) {
        let mask = (0..<discrete.n).map { $0 == choice ? "1" : "0" }.joined(separator: ",")
        let reply = try conversation.act(examination.firstObservation, "\"action_mask\":[\(mask)]")
        guard reply.value["action"] == .integer(Int64(discrete.start + choice)) else {
          throw reply.departure(clause: "16.9", expected: "the one action that the mask leaves")
        }
        guard let logp = reply.value["logp"]?.double else { continue }
        guard logp.magnitude < 1e-3 else {
          throw reply.departure(clause: "16.9", expected: "the logp 0 of the only action that the mask leaves")
        }
      }
      try examination.requireBatchedMasks(discrete)
      for mask in [
        Array(repeating: "0", count: discrete.n), ["1"], Array(repeating: "2", count: discrete.n),
        Array(repeating: "1", count: discrete.n + 1),
      ] {
        try conversation.expectRefusal(
          .badMessage, "act",
          "\"action_mask\":[\(mask.joined(separator: ","))],\"obs\":\(examination.firstObservation)")
      }
    },
    Check("16.10", .policy, "reload without anything new says so, and changes nothing") { examination in
      guard examination.facts.role == "policy" else { throw NotApplicable("a learner has no reload") }
      try examination.establish(.answer)
      let conversation = try examination.greet()
      let observation = examination.firstObservation
      let before = try conversation.act(observation, #""seed":9"#)
      for _ in 0..<3 {
        let reply = try conversation.ask("reload")
        guard reply.code == nil, reply.value["updated"] == .boolean(false) else {
          throw reply.departure(clause: "16.10", expected: "\"updated\":false")
        }
        guard let version = before.value["policy_version"], version != .null else { continue }
        guard reply.value["policy_version"]?.equals(version) == true else {
          throw reply.departure(clause: "16.10", expected: "the policy_version \(version.text), as nothing is new")
        }
      }
      let after = try conversation.act(observation, #""seed":9"#)
      guard after.meaning == before.meaning else {
        let expected = "the reply as before, \(before.text.abbreviated)"
        throw Mismatch(departure: after.departure(clause: "16.10", expected: expected), repetition: .answer)
      }
    },
    Check("16.12", .policy, "without features there are act, reload and close") { examination in
      guard examination.facts.role == "policy" else { throw NotApplicable("a learner has no reload") }
      let conversation = try examination.greet()
      for members in ["", #""deterministic":true"#, #""seed":1"#, #""deterministic":false,"seed":1"#] {
        let more = members.isEmpty ? "" : members + ","
        let reply = try conversation.ask("act", more + "\"obs\":" + examination.firstObservation)
        guard reply.code == nil else { throw reply.departure(clause: "16.12", expected: "an action") }
      }
      let reply = try conversation.ask("reload")
      guard reply.code == nil else {
        throw reply.departure(clause: "16.12", expected: "whether there is something new")
      }
    },
    Check("13.2", .binary, "bytes stand for the same observation as a list does") { examination in
      try examination.require(.b64)
      try examination.establish(.answer.everywhere)
      let (plain, binary) = (
        try examination.greet(isFresh: true), try examination.greet(features: [.b64], isFresh: true)
      )
      var observations = examination.observations()
      for _ in 0..<5 {
        let observation = observations.next()
        let bytes = try examination.asBytes(observation, of: examination.facts.observationSpace)
        let expected = try plain.act(observation, #""seed":9"#)
        let action = try expected.rows(
          "action", of: examination.facts.actionSpace, count: 1, form: ValueForm(), clause: "16.1")
        let reply = try binary.act(bytes, #""seed":9"#)
        let same = try reply.rows(
          "action", of: examination.facts.actionSpace, count: 1, form: ValueForm(allowsBase64: true), clause: "13.3")
        guard same.row(0, equals: action, row: 0), reply.value["value"] == expected.value["value"] else {
          let departure = reply.departure(
            clause: "13.2", expected: "the action of \(expected.text.abbreviated)")
          throw Mismatch(departure: departure, repetition: .answer.everywhere)
        }
      }
    },
    Check("13.5", .binary, "an observation of broken bytes is bad_message") { examination in
      try examination.require(.b64)
      let conversation = try examination.greet(features: [.b64])
      for text in [#"{"b64":"A"}"#, #"{"b64":"AAAA AAAA"}"#, #"{"b64":"____"}"#, #"{"b64":7}"#] {
        try conversation.expectRefusal(.badMessage, "act", #""obs":"# + text)
      }
    },
  ]
}

extension Conversation {
  /// Asks for an action, which has to succeed.
  @discardableResult
  func act(_ observation: String, _ members: String = "") throws -> Reply {
    let reply = try ask("act", (members.isEmpty ? "" : members + ",") + #""obs":"# + observation)
    guard reply.code == nil else { throw reply.departure(clause: "16.1", expected: "an action") }
    return reply
  }
}

extension Examination {
  /// Random observations, the same in every run.
  func observations() -> RandomTexts { RandomTexts(facts.observationSpace, seed: 6) }

  /// A legal observation.
  var firstObservation: String {
    var observations = observations()
    return observations.next()
  }

  /// The action of a reply has to lie in the action space.
  func requireAction(in reply: Reply) throws {
    let batch = try reply.rows("action", of: facts.actionSpace, count: 1, form: ValueForm(), clause: "16.1")
    guard let violation = batch.violation(in: 0..<1) else { return }
    throw reply.departure(clause: "16.7", expected: "an action within the space (\(violation.reason))")
  }
}
