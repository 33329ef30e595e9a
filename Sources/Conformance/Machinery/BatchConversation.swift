import Environments
import Gymwire
import JSONLines

/// A conversation with the feature batch on.
struct BatchConversation {
  let conversation: Conversation
  let space: Space
  /// The number of sub-environments that was granted.
  let count: Int
  let form: ValueForm

  /// The clause about the form of observations.
  private var clauseOfForm: String { form.allowsBase64 ? "13.3" : "12.3" }

  /// What came of a step.
  struct Step {
    let reply: Reply
    let observations: ValueBatch
    let rewards: [Double]
    let ended: [JSONValue]

    /// The entry of a sub-environment whose episode ended.
    func entry(of environment: Int) -> JSONValue? {
      ended.first { $0["env"] == .integer(Int64(environment)) }
    }
  }

  /// Begins an episode in all sub-environments, which has to succeed.
  func reset(_ members: String) throws -> ValueBatch {
    try conversation.reset(members).rows("obs", of: space, count: count, form: form, clause: clauseOfForm)
  }

  /// Resets some sub-environments, which has to succeed.
  func reset(_ environments: [Int], _ members: String = "") throws -> ValueBatch {
    let reply = try conversation.ask(
      "reset", "\"envs\":\(environments)".replacing(" ", with: "") + (members.isEmpty ? "" : "," + members))
    guard reply.code == nil else { throw reply.departure(clause: "12.11", expected: "a partial reset that succeeds") }
    return try reply.rows("obs", of: space, count: environments.count, form: form, clause: "12.11")
  }

  /// Steps all of them, which has to succeed, also after episodes have ended.
  func step(_ actions: String) throws -> Step {
    let reply = try conversation.ask("step", #""action":"# + actions)
    guard reply.code == nil else {
      let clause = reply.code == "needs_reset" ? "12.5" : reply.code == "bad_action" ? clauseOfForm : "1.10"
      throw reply.departure(clause: clause, expected: "a step with a legal action for each of \(count)")
    }
    guard let ended = reply.value["ended"]?.elements else {
      throw reply.departure(clause: count == 1 ? "12.2" : "12.6", expected: "\"ended\"")
    }
    return Step(
      reply: reply, observations: try reply.rows("obs", of: space, count: count, form: form, clause: clauseOfForm),
      rewards: try rewards(reply), ended: ended)
  }

  private func rewards(_ reply: Reply) throws -> [Double] {
    let space = Space.box(Box(shape: [], type: .float64, low: .same(-.infinity), high: .same(.infinity)))
    let batch = try reply.rows("reward", of: space, count: count, form: form, clause: "12.4")
    return (0..<count).map { batch.flat?.array.double(at: $0) ?? .nan }
  }
}

extension Examination {
  /// A conversation in which batch is on and a number of sub-environments was wanted.
  ///
  /// - Parameter least: ends the check if fewer are granted.
  func batch(
    wanting wanted: Int = 3, atLeast least: Int = 1, features: [Feature] = [.batch], isFresh: Bool = false
  ) throws -> BatchConversation {
    try require(.batch)
    let conversation = try greet(features: features, #""want":{"num_envs":\#(wanted)}"#, isFresh: isFresh)
    let count = conversation.greeting?.value["num_envs"]?.double.flatMap { Int(exactly: $0) } ?? 1
    guard count >= 1, count <= wanted else {
      throw conversation.departure(
        clause: "12.1", expected: "1 to \(wanted) sub-environments", came: "there are \(count)")
    }
    guard count >= least else { throw NotApplicable("the server grants no more than \(count) sub-environments") }
    return BatchConversation(
      conversation: conversation, space: facts.observationSpace, count: count,
      form: ValueForm(isBatched: true, allowsBase64: features.contains(.b64)))
  }

  /// The same actions for a batch as single environments would get, each from its own stream.
  func actionStreams(_ count: Int) -> [RandomTexts] { (0..<count).map { actions(seed: 50 + UInt64($0)) } }

  /// Puts single values, by default actions, together to a batched one.
  func batched(_ texts: [String], of space: Space? = nil) throws -> String {
    let batch = ValueBatch(space ?? facts.actionSpace, count: texts.count)
    for (row, text) in texts.enumerated() {
      guard let value = try JSONValue(parsing: text).value(of: batch.space, form: ValueForm()) else { continue }
      batch.copyRow(0, of: value, to: row)
    }
    var writer = JSONWriter()
    writer.write(batch, rows: 0..<texts.count, as: ValueForm(isBatched: true))
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
