import Environments
import Gymwire
import JSONLines

/// Section 12: several sub-environments.
enum BatchChecks {
  static let all = [
    Check("12.1", .batch, "no more sub-environments are granted than were wanted") { examination in
      for wanted in [1, 2, 100] { _ = try examination.batch(wanting: wanted) }
      try examination.require(.batch)
      let fresh = try examination.start()
      for wish in ["0", "-1", "1.5", "\"3\""] {
        let members = #""versions":[1],"features":["batch"],"want":{"num_envs":\#(wish)}"#
        guard try fresh.ask("hello", members).code == "bad_message" else {
          throw fresh.departure(
            clause: "4.12", expected: "the error bad_message", came: "another answer to num_envs \(wish)")
        }
      }
      let conversation = try examination.greet(features: [.batch])
      guard [nil, .integer(1)].contains(conversation.greeting?.value["num_envs"]) else {
        throw conversation.departure(
          expected: "num_envs 1 if none were wanted", came: conversation.greeting?.text ?? "")
      }
    },
    Check("12.2", .batch, "one sub-environment is batched, too") { examination in
      let batch = try examination.batch(wanting: 1)
      _ = try batch.reset(#""seed":1"#)
      _ = try batch.step(try examination.batched([examination.firstAction]))
    },
    Check("12.3", .batch, "observations and actions have a row for each sub-environment") { examination in
      let batch = try examination.batch()
      _ = try batch.reset(#""seed":1"#)
      var streams = examination.actionStreams(batch.count)
      for _ in 0..<5 { _ = try batch.step(try examination.batched(streams.indices.map { streams[$0].next() })) }
    },
    Check("12.4", .batch, "reward is a list with a number for each") { examination in
      let batch = try examination.batch()
      _ = try batch.reset(#""seed":1"#)
      let actions = try examination.batched((0..<batch.count).map { _ in examination.firstAction })
      let reply = try batch.conversation.step(actions)
      guard case .array(let rewards)? = reply.value["reward"], rewards.count == batch.count else {
        throw reply.departure(clause: "12.4", expected: "a list of \(batch.count) rewards")
      }
    },
    Check("12.5", .batch, "an ended sub-environment is reset within the step, and goes on") { examination in
      let batch = try examination.batch()
      try examination.playOn(batch) { _ in }
    },
    Check("12.6", .batch, "ended has an entry for each episode that ended, in ascending order") { examination in
      let batch = try examination.batch()
      try examination.playOn(batch) { step in
        let environments = step.ended.compactMap { $0["env"]?.double }
        guard environments.allSatisfy({ $0 < Double(batch.count) }),
          zip(environments, environments.dropFirst()).allSatisfy(<)
        else { throw step.reply.departure(clause: "12.6", expected: "entries in ascending order of env") }
        for entry in step.ended {
          let form = ValueForm(allowsBase64: batch.form.allowsBase64)
          guard entry["final_obs"]?.value(of: batch.space, form: form) != nil else {
            throw step.reply.departure(clause: "12.6", expected: "one unbatched value in final_obs")
          }
        }
      }
    },
    Check("12.10", .batch, "a batch is the same, number for number, as so many single environments") { examination in
      let batch = try examination.batch()
      try examination.establish(.episodes.everywhere.batched)
      let singles = try (0..<batch.count).map { _ in try examination.greet() }
      let seeds = (0..<batch.count).map { "\(70 + $0)" }.joined(separator: ",")
      var observations = try batch.reset("\"seed\":[\(seeds)]")
      for (index, single) in singles.enumerated() {
        let reply = try single.reset("\"seed\":\(70 + index)")
        try examination.require(row: index, of: observations, equals: reply)
      }
      var streams = examination.actionStreams(batch.count)
      for _ in 0..<60 {
        let actions = streams.indices.map { streams[$0].next() }
        let step = try batch.step(try examination.batched(actions))
        observations = step.observations
        for (index, single) in singles.enumerated() {
          let reply = try single.step(actions[index])
          try examination.require(step, environment: index, of: observations, equals: reply, from: single)
        }
      }
    },
    Check("11.9", .batch, "the numbers of the info that ends an episode stand in final_info with batch") {
      examination in
      let single = try examination.greet()
      try single.reset(#""seed":70"#)
      let names = numbers(in: try examination.playToTheEnd(single).value["info"])
      guard !names.isEmpty else { throw NotApplicable("the info that ends an episode has no numbers") }
      let batch = try examination.batch()
      try examination.establish(.episodes.everywhere.batched)
      _ = try batch.reset(#""seed":70"#)
      var actions = examination.actions()
      for _ in 0..<min(examination.facts.maximumEpisodeSteps ?? 2_000, 5_000) {
        let action = actions.next()
        let step = try batch.step(try examination.batched(Array(repeating: action, count: batch.count)))
        guard let entry = step.entry(of: 0) else { continue }
        let missing = names.subtracting(numbers(in: entry["final_info"])).sorted()
        guard missing.isEmpty else {
          throw step.reply.departure(
            clause: "11.9",
            expected: "\(missing.joined(separator: ", ")) in final_info, as the same episode has it in info")
        }
        return
      }
    },
    Check("12.13", .batch, "info is a list with an object for each") { examination in
      let batch = try examination.batch()
      try examination.playOn(batch) { step in
        guard let info = step.reply.value["info"], info != .null else { return }
        guard info.elements?.count == batch.count else {
          throw step.reply.departure(clause: "12.13", expected: "a list of \(batch.count) objects in info")
        }
      }
    },
    Check("12.14", .batch, "one bad action among several changes nothing in any") { examination in
      let batch = try examination.batch(atLeast: 2)
      try examination.establish(.episodes.batched)
      let good = (0..<batch.count).map { _ in examination.firstAction }
      let actions = try examination.batched(good)
      guard case .array(var rows) = try JSONValue(parsing: actions) else {
        throw NotApplicable("actions are not batched as one list")
      }
      rows[rows.count - 1] = .string("left")
      _ = try batch.reset(#""seed":1"#)
      let undisturbed = try batch.step(actions)
      _ = try batch.reset(#""seed":1"#)
      try batch.conversation.expectRefusal(.badAction, "step", #""action":"# + JSONValue.array(rows).text)
      let disturbed: BatchConversation.Step
      do { disturbed = try batch.step(actions) } catch let departure as Departure {
        throw departure.naming("12.14")
      }
      for row in 0..<batch.count
      where !disturbed.observations.row(row, equals: undisturbed.observations, row: row)
        || disturbed.rewards != undisturbed.rewards
      {
        let expected = "what came without the refused step, \(undisturbed.reply.text.abbreviated)"
        throw Mismatch(
          departure: disturbed.reply.departure(clause: "12.14", expected: expected), repetition: .episodes.batched)
      }
    },
  ]
}

/// The members of an object that are numbers or truth values.
private func numbers(in info: JSONValue?) -> Set<String> {
  guard case .object(let members)? = info else { return [] }
  return Set(
    members.filter { member in
      switch member.value {
      case .integer, .number, .boolean: true
      default: false
      }
    }.map(\.name))
}

extension Examination {
  /// Steps a batch until episodes have ended, and some steps on.
  fileprivate func playOn(_ batch: BatchConversation, look: (BatchConversation.Step) throws -> Void) throws {
    _ = try batch.reset(#""seed":1"#)
    var streams = actionStreams(batch.count)
    let longest = min(facts.maximumEpisodeSteps ?? 500, 1_000) + 1
    for _ in 0..<longest {
      let step = try batch.step(try batched(streams.indices.map { streams[$0].next() }))
      try look(step)
    }
  }

  fileprivate func require(row: Int, of batch: ValueBatch, equals reply: Reply) throws {
    let single = try reply.rows("obs", of: facts.observationSpace, count: 1, form: ValueForm(), clause: "10.1")
    guard batch.row(row, equals: single, row: 0) else {
      throw unlikeSingle(reply, clause, "the observation of sub-environment \(row) of the batch")
    }
  }

  private func unlikeSingle(_ reply: Reply, _ clause: String, _ expected: String) -> Mismatch {
    Mismatch(departure: reply.departure(clause: clause, expected: expected), repetition: .episodes.everywhere.batched)
  }

  /// A step of a batch has to tell of one sub-environment what the step of a single environment tells.
  fileprivate func require(
    _ step: BatchConversation.Step, environment index: Int, of batch: ValueBatch, equals reply: Reply,
    from single: Conversation
  ) throws {
    let entry = step.entry(of: index)
    let flags = ["terminated", "truncated"].map { entry?[$0] ?? .boolean(false) }
    guard flags == [reply.value["terminated"], reply.value["truncated"]],
      reply.value["reward"]?.double.map({ $0 == step.rewards[index] }) ?? true
    else {
      throw unlikeSingle(
        step.reply, clause, "for sub-environment \(index) what a single one tells, \(reply.text.abbreviated)")
    }
    guard let entry else { return try require(row: index, of: batch, equals: reply) }
    let final = try reply.rows("obs", of: facts.observationSpace, count: 1, form: ValueForm(), clause: "10.1")
    guard let told = entry["final_obs"]?.value(of: facts.observationSpace, form: ValueForm()),
      told.row(0, equals: final, row: 0)
    else { throw unlikeSingle(step.reply, "12.5", "the final observation \(reply.text.abbreviated)") }
    try require(row: index, of: batch, equals: try single.reset(""))
  }
}
