import Environments
import Gymwire
import JSONLines

/// Section 12: seeds of sub-environments, and resets of some of them.
enum PartialResetChecks {
  /// So many that chance gives no two lists of beginnings alike, and never all rows of each.
  fileprivate static let resets = 24

  static let all = [
    Check("12.7", .batch, "the options of a partial reset hold for that reset alone") { examination in
      guard let options = examination.subject.options.resetOptions else {
        throw NotApplicable("no options to try were given (--options)")
      }
      let batch = try examination.batch(atLeast: 2)
      try examination.establish(.beginning.batched)
      _ = try batch.reset(#""seed":1"#)
      let plain = try batch.reset([1], #""seed":41"#)
      let special = try batch.reset([1], #""seed":41,"options":\#(options)"#)
      let again = try batch.reset([1], #""seed":41"#)
      guard again.row(0, equals: plain, row: 0) else {
        throw Mismatch(
          departure: batch.conversation.departure(
            expected: "what the seed gave before the options", came: "another observation"),
          repetition: .beginning.batched)
      }
      guard !special.row(0, equals: plain, row: 0) else {
        throw NotApplicable("the options \(options) make no difference with seed 41")
      }
    },
    Check("12.8", .batch, "seed s gives sub-environment i the seed s+i, also in a partial reset") { examination in
      let batch = try examination.batch(atLeast: 2)
      try examination.establish(.beginning.everywhere)
      let last = batch.count - 1
      let all = try batch.reset(#""seed":30"#)
      for row in 0...last { try examination.require(row: row, of: all, isBegunBySeed: 30 + row) }
      let some = try batch.reset([last], #""seed":40"#)
      try examination.require(row: 0, of: some, isBegunBySeed: 40 + last)
      try batch.conversation.expectRefusal(.badSeed, "reset", #""seed":9007199254740991"#)
      try examination.requireOwnNumbersWithoutSeeds(seeded: batch)
    },
    Check("12.9", .batch, "a list of seeds has an integer or null for each") { examination in
      let batch = try examination.batch(atLeast: 2)
      try examination.establish(.beginning.everywhere.batched)
      let rest = Array(repeating: "null", count: batch.count - 1).joined(separator: ",")
      let rows = try batch.reset("\"seed\":[17,\(rest)]")
      try examination.require(row: 0, of: rows, isBegunBySeed: 17)
      try examination.requireNullsRunOn(batch, rest)
      for seeds in ["[17]", "[]", "[17,\(rest),1]", "[-1,\(rest)]", "[1.5,\(rest)]", "[\"1\",\(rest)]"] {
        try batch.conversation.expectRefusal(.badSeed, "reset", "\"seed\":\(seeds)")
      }
    },
    Check("12.11", .batch, "a partial reset has a row for each, and the others go on") { examination in
      let batch = try examination.batch(atLeast: 2)
      try examination.establish(.episodes.batched)
      let actions = try examination.batched((0..<batch.count).map { _ in examination.firstAction })
      _ = try batch.reset(#""seed":1"#)
      _ = try batch.step(actions)
      let undisturbed = try batch.step(actions)
      _ = try batch.reset(#""seed":1"#)
      _ = try batch.step(actions)
      _ = try batch.reset([1], #""seed":8"#)
      let disturbed = try batch.step(actions)
      guard disturbed.observations.row(0, equals: undisturbed.observations, row: 0) else {
        let expected = "that sub-environment 0 goes on as in \(undisturbed.reply.text.abbreviated)"
        throw Mismatch(
          departure: disturbed.reply.departure(clause: "12.11", expected: expected), repetition: .episodes.batched)
      }
      try examination.establish(.beginning.everywhere.batched)
      // Compared with itself: which seed it gets is the affair of clause 12.8.
      let alone = try batch.reset([1], #""seed":8"#)
      let turned = try batch.reset([1, 0], #""seed":8"#)
      guard turned.row(0, equals: alone, row: 0) else {
        throw Mismatch(
          departure: batch.conversation.departure(
            expected: "first the row of sub-environment 1, which envs names first", came: "another observation"),
          repetition: .beginning.everywhere.batched)
      }
      for environments in ["[]", "[0,0]", "[\(batch.count)]", "[-1]", "[0.5]", "[null]", "0", "\"0\""] {
        try batch.conversation.expectRefusal(.badMessage, "reset", "\"envs\":\(environments)")
      }
    },
    Check("12.12", .batch, "a partial reset before the first whole one is needs_reset") { examination in
      let batch = try examination.batch(atLeast: 2, isFresh: true)
      try batch.conversation.expectRefusal(.badMessage, "reset", #""envs":[\#(batch.count)]"#)
      try batch.conversation.expectRefusal(.needsReset, "reset", #""envs":[0]"#)
      _ = try batch.reset(#""seed":1"#)
    },
  ]
}

extension ValueBatch {
  /// Whether all rows are alike.
  fileprivate var isUniform: Bool { (1..<count).allSatisfy { row($0, equals: self, row: 0) } }
}

extension Examination {
  /// Sub-environments that nobody has seeded have random numbers of their own, too.
  fileprivate func requireOwnNumbersWithoutSeeds(seeded: BatchConversation) throws {
    let count = PartialResetChecks.resets
    // Where no seed makes a difference, nothing shows.
    if try (0..<count).allSatisfy({ try seeded.reset("\"seed\":\($0)").isUniform }) { return }
    let batch = try batch(atLeast: 2, isFresh: true)
    if try (0..<count).allSatisfy({ _ in try batch.reset("").isUniform }) {
      throw batch.conversation.departure(
        expected: "other beginnings in one sub-environment than in another",
        came: "\(count) resets without a seed that each gave the same to all")
    }
    // A server may draw from real entropy here (6.3); what it gives another time is nothing to compare with then.
    let alone = try unseededBeginnings(resettingOther: false)
    guard alone == (try unseededBeginnings(resettingOther: false)) else { return }
    guard alone == (try unseededBeginnings(resettingOther: true)) else {
      throw batch.conversation.departure(
        expected: "that what sub-environment 1 begins with does not depend on the resets of sub-environment 0",
        came: "other beginnings once sub-environment 0 was reset in between")
    }
  }

  /// What sub-environment 1 of a new process begins with, reset after reset without a seed.
  fileprivate func unseededBeginnings(resettingOther: Bool) throws -> [JSONValue?] {
    let batch = try batch(atLeast: 2, isFresh: true)
    _ = try batch.reset("")
    return try (0..<PartialResetChecks.resets).map { _ in
      if resettingOther { _ = try batch.reset([0]) }
      let reply = try batch.conversation.ask("reset", "\"envs\":[1]")
      guard reply.code == nil else { throw reply.departure(clause: "12.11", expected: "a partial reset that succeeds") }
      return reply.value["obs"]
    }
  }

  /// Null in a list of seeds lets the others run on as a reset without a seed does.
  fileprivate func requireNullsRunOn(_ batch: BatchConversation, _ nulls: String) throws {
    try establish(.episodes.batched)
    for seed in 1...6 {
      _ = try batch.reset("\"seed\":\(seed)")
      let unseeded = try batch.reset("")
      _ = try batch.reset("\"seed\":\(seed)")
      let reply = try batch.conversation.reset("\"seed\":[17,\(nulls)]")
      let rows = try reply.rows("obs", of: batch.space, count: batch.count, form: batch.form, clause: "12.3")
      for row in 1..<batch.count where !rows.row(row, equals: unseeded, row: row) {
        let expected = "in row \(row) what a reset without a seed brings"
        throw Mismatch(
          departure: reply.departure(clause: "12.9", expected: expected), repetition: .episodes.batched)
      }
    }
  }

  /// A row has to be what a single environment, in another process, begins with after a reset with this seed.
  fileprivate func require(row: Int, of batch: ValueBatch, isBegunBySeed seed: Int) throws {
    let reply = try greet().reset("\"seed\":\(seed)")
    let single = try reply.rows("obs", of: facts.observationSpace, count: 1, form: ValueForm(), clause: "10.1")
    guard batch.row(row, equals: single, row: 0) else {
      let departure = reply.departure(
        clause: clause, expected: "that row \(row) of the batch begins as seed \(seed) does alone",
        came: "it does not; alone it is \(reply.text.abbreviated)")
      throw Mismatch(departure: departure, repetition: .beginning.everywhere)
    }
  }
}
