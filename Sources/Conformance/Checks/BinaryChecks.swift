import Environments
import Gymwire
import JSONLines

/// Section 13: arrays as bytes.
enum BinaryChecks {
  static let all = [
    Check("13.2", .binary, "bytes stand for the same numbers as lists do") { examination in
      try examination.require(.b64)
      try examination.establish(.episode.everywhere)
      let (conversation, plain) = try examination.begin(seed: 9)
      let binary = try examination.greet(features: [.b64])
      try examination.require(try binary.reset(#""seed":9"#), saysTheSameAs: plain)
      var actions = examination.actions(seed: 9)
      for _ in 0..<5 {
        let action = actions.next()
        let reply = try conversation.step(action)
        try examination.require(
          try binary.step(try examination.asBytes(action, of: examination.facts.actionSpace)), saysTheSameAs: reply)
        if reply.isEnd { break }
      }
    },
    Check("13.3", .binary, "bytes of a wrong number, or written wrongly, are bad_action") { examination in
      try examination.require(.b64)
      let (conversation, good) = try examination.withArrayAction()
      let bytes = Base64.bytes(of: good) ?? []
      var wrong = [
        Base64.text(of: bytes.dropLast()), Base64.text(of: bytes + [0]), "", good + "\\n", " " + good, good + "====",
        "-" + good.dropFirst(), String(good.dropLast()),
      ]
      if good.hasSuffix("=") { wrong.append(good.replacing("=", with: "")) }
      if good.hasSuffix("A=") { wrong.append(good.dropLast(2) + "B=") }
      for text in wrong {
        try conversation.expectRefusal(.badAction, "step", "\"action\":{\"b64\":\"\(text)\"}")
      }
      try conversation.expectRefusal(.badAction, "step", #""action":{"b64":7}"#)
      let reply = try conversation.ask("step", "\"action\":{\"b64\":\"\(good)\"}")
      guard reply.code == nil else {
        throw reply.departure(
          clause: reply.code == "bad_action" ? "13.3" : "1.10", expected: "a step with good bytes")
      }
    },
    Check("13.4", .binary, "a bare action is never bytes") { examination in
      try examination.require(.b64)
      let space = examination.facts.actionSpace
      guard let (type, shape) = space.flat, shape.isEmpty else { throw NotApplicable("an action is not one number") }
      let conversation = try examination.greet(features: [.b64])
      try conversation.reset(#""seed":1"#)
      let bytes = Base64.text(of: Array(repeating: 0, count: type.size))
      try conversation.expectRefusal(.badAction, "step", "\"action\":{\"b64\":\"\(bytes)\"}")
    },
  ]
}

extension Examination {
  /// A value with its arrays as bytes, where b64 allows them.
  func asBytes(_ text: String, of space: Space) throws -> String {
    let form = ValueForm(allowsBase64: true)
    guard let value = try JSONValue(parsing: text).value(of: space, form: form) else { return text }
    var writer = JSONWriter()
    writer.write(value, rows: 0..<1, as: form)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// A conversation with an episode under way and b64 on, in which an action is one array, and a good action's bytes.
  fileprivate func withArrayAction() throws -> (Conversation, String) {
    guard let (_, shape) = facts.actionSpace.flat else { throw NotApplicable("actions are no arrays") }
    if !shape.isEmpty, case .object(let members) = try JSONValue(parsing: asBytes(firstAction, of: facts.actionSpace)) {
      let conversation = try greet(features: [.b64])
      try conversation.reset(#""seed":1"#)
      return (conversation, members[0].value.word)
    }
    // Single numbers become an array when they are batched.
    let batch = try batch(features: [.batch, .b64])
    _ = try batch.reset(#""seed":1"#)
    var actions = actions(form: ValueForm(isBatched: true, allowsBase64: true))
    return (batch.conversation, try JSONValue(parsing: actions.next(count: batch.count))["b64"]?.word ?? "")
  }

  fileprivate func require(_ reply: Reply, saysTheSameAs plain: Reply) throws {
    let space = facts.observationSpace
    let bytes = try reply.rows("obs", of: space, count: 1, form: ValueForm(allowsBase64: true), clause: "13.3")
    let numbers = try plain.rows("obs", of: space, count: 1, form: ValueForm(), clause: "10.1")
    guard bytes.row(0, equals: numbers, row: 0) else {
      let expected = "the same observation as in \(plain.text.abbreviated)"
      throw Mismatch(
        departure: reply.departure(clause: clause, expected: expected), repetition: .episode.everywhere)
    }
  }
}
