import Environments
import Gymwire
import JSONLines

extension Examination {
  /// Seeds have to fix samples, each its own, where samples differ at all (clause 16.5).
  ///
  /// Sixty-four seeds that all give one action, where the most frequent of 64 unseeded samples came no more than 44 times,
  /// come of a right program less than once in a million runs.
  func requireSeedsToMatter(_ conversation: Conversation, _ uncertain: ActionSamples) throws {
    func seeded() throws -> [Reply] {
      try (0..<64).map { try conversation.act(uncertain.observation, "\"seed\":\($0)") }
    }
    let (first, second) = (try seeded(), try seeded())
    for (reply, again) in zip(first, second) where reply.value["action"] != again.value["action"] {
      throw again.departure(
        clause: "16.5", expected: "the action that this seed gave before, \(reply.text.abbreviated)")
    }
    var unseeded = ActionSamples(observation: uncertain.observation)
    try unseeded.draw(64, from: conversation)
    // So many equal ones by chance: below 1e-6, whatever the probability of the commonest is.
    guard (unseeded.groups.values.map(\.count).max() ?? 64) <= 50 else { return }
    guard first.contains(where: { $0.value["action"] != first[0].value["action"] }) else {
      throw first[63].departure(
        clause: "16.5", expected: "a sample of its own for each seed",
        came: "64 seeds gave one action, and 64 acts without a seed gave \(unseeded.groups.count)")
    }
  }

  /// One row is batched, and without `n` nothing is, while batch is on (clause 16.8).
  func requireForms(_ conversation: Conversation, _ observation: String) throws {
    let alone = try conversation.ask("act", #""obs":"# + observation)
    guard alone.code == nil else { throw alone.departure(clause: "16.8", expected: "one action, as there is no n") }
    let one = try conversation.ask("act", #""n":1,"obs":"# + (try batched([observation], of: facts.observationSpace)))
    guard one.code == nil else { throw one.departure(clause: "16.8", expected: "one row") }
    for (reply, isBatched) in [(alone, false), (one, true)] {
      let form = ValueForm(isBatched: isBatched)
      _ = try reply.rows("action", of: facts.actionSpace, count: 1, form: form, clause: "16.8")
      guard let logp = reply.value["logp"], logp != .null else { continue }
      guard (logp.elements?.count == 1) == isBatched else {
        throw reply.departure(
          clause: "16.8", expected: isBatched ? "a list of one number in logp" : "a number in logp, as there is no n")
      }
    }
  }

  /// An observation that cannot be used is refused without a batch too (clause 16.2).
  func requireRefusalAlone(_ conversation: Conversation, _ elements: [JSONValue]) throws {
    let observation = facts.observationSpace.flat?.shape.isEmpty == true ? elements.first : .array(elements)
    let reply = try conversation.ask("act", "\"obs\":" + (observation ?? .null).text)
    guard reply.code == ErrorCode.badMessage.rawValue else {
      throw reply.departure(clause: "16.2", expected: "the error bad_message")
    }
  }

  /// Each row of a batch has a mask of its own (clause 16.9).
  func requireBatchedMasks(_ discrete: Discrete) throws {
    guard facts.features.contains(.batch) else { return }
    let conversation = try greet(features: [.batch, .mask])
    let observations = try batched([firstObservation, firstObservation], of: facts.observationSpace)
    let masks = (0..<2).map { left in (0..<discrete.n).map { $0 == left ? "1" : "0" } }
    let members = #""n":2,"obs":"# + observations + #","action_mask":["#
    for rows in [[0, 1], [1, 0]] {
      let reply = try conversation.ask("act", members + rows.flatMap { masks[$0] }.joined(separator: ",") + "]")
      guard reply.code == nil,
        reply.value["action"]?.elements?.compactMap(\.double) == rows.map({ Double(discrete.start + $0) })
      else { throw reply.departure(clause: "16.9", expected: "in each row the one action that its mask leaves") }
    }
    let nothing = masks[0] + Array(repeating: "0", count: discrete.n)
    for mask in [masks[0], nothing] {
      try conversation.expectRefusal(.badMessage, "act", members + mask.joined(separator: ",") + "]")
    }
  }

  /// Observations of the space's form that lie outside the bounds of a Box, which are legal (clause 9.4).
  var observationsBeyondBounds: [String] {
    guard case .box(let box) = facts.observationSpace, box.type.isFloatingPoint, box.shape.elementCount > 0,
      box.high[0] < 1e6
    else { return [] }
    let number = JSONValue.number((box.high[0] + 1).rounded(.up)).text
    guard !box.shape.isEmpty else { return [number] }
    return ["[" + Array(repeating: number, count: box.shape.elementCount).joined(separator: ",") + "]"]
  }
}

extension JSONValue {
  private func with(_ name: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { $0.name != name } + [.init(name, value)])
  }

  private var elementCount: Int { (self["shape"]?.elements ?? []).compactMap(\.double).reduce(1) { $0 * Int($1) } }

  /// A Box whose bounds are one number for each element, where they were one for all.
  var asListedBounds: JSONValue {
    guard self["type"] == .string("Box"), self["shape"]?.elements?.isEmpty == false, elementCount <= 10_000 else {
      return self
    }
    return ["low", "high"].reduce(self) { space, name in
      guard let bound = self[name], bound.elements == nil else { return space }
      return space.with(name, .array(Array(repeating: bound, count: elementCount)))
    }
  }

  /// A Box of floating-point numbers with other bounds, which do not matter for observations.
  var withOtherBounds: JSONValue {
    let type = self["dtype"]?.word ?? "float32"
    guard self["type"] == .string("Box"), type.hasPrefix("float") else { return self }
    return with("low", .string("-Infinity")).with("high", .string("Infinity"))
  }

  /// Spaces that do not agree with this one in the sense of clause 16.3, each in one respect.
  func otherSpaces(areActions: Bool) -> [JSONValue] {
    let stranger = JSONValue.object([
      .init("type", .string("Tuple")),
      .init("spaces", .array([.object([.init("type", .string("Discrete")), .init("n", .integer(99))])])),
    ])
    switch self["type"]?.word {
    case "Discrete":
      let n = self["n"]?.double ?? 1
      let start = self["start"]?.double ?? 0
      return [
        stranger, with("n", .integer(Int64(n) + 1)), with("start", .integer(Int64(start) + 1)),
        with("dtype", .string(self["dtype"] == .string("int32") ? "int64" : "int32")),
      ]
    case "Box":
      let isDouble = self["dtype"] == .string("float64")
      let isFloating = (self["dtype"]?.word ?? "float32").hasPrefix("float")
      var others = [stranger]
      if self["low"]?.elements == nil, self["high"]?.elements == nil {
        others.append(with("shape", .array((self["shape"]?.elements ?? []) + [.integer(2)])))
      }
      if isFloating { others.append(with("dtype", .string(isDouble ? "float32" : "float64"))) }
      if areActions, isFloating, let high = self["high"]?.double { others.append(with("high", .number(high + 1))) }
      return others
    default: return [stranger]
    }
  }
}
