import Environments
import JSONLines

/// The order to act for a number of steps (protocol/WORKERS.md, "collect").
struct CollectRequest {
  let order: RolloutOrder

  /// A request to be written.
  ///
  /// - Parameter policy: the text of the policy; nil where the worker has that version already.
  func write(id: Int64, policy: PolicyText?, to writer: inout JSONWriter) {
    writer.beginRequest(id, .collect)
    writer.name("steps")
    writer.write(order.steps)
    if order.furtherSteps > 0 {
      writer.name("further")
      writer.write(order.furtherSteps)
    }
    writer.name("policy_version")
    writer.write(order.policyVersion)
    writer.name("streams")
    writer.write(order.streamParts)
    if let policy {
      writer.name("policy")
      writer.writeVerbatim(policy.json(of: order))
    }
    writer.endLine()
  }

  /// Reads an order.
  static func order(_ members: Request.Members) throws(ErrorReply) -> RolloutOrder {
    RolloutOrder(
      steps: try WorkerMembers.count(members.steps, "steps", otherwise: nil),
      furtherSteps: try WorkerMembers.count(members.furtherSteps, "further", otherwise: 0),
      policyVersion: try WorkerMembers.count(members.policyVersion, "policy_version", otherwise: nil),
      policy: try WorkerMembers.parts(members.policy, "policy") ?? [],
      streamParts: try WorkerMembers.parts(members.streams, "streams") ?? [])
  }
}

/// What a worker has collected.
struct CollectReply: ReplyBody {
  private static let form = ValueForm(isBatched: true, allowsBase64: true)
  private(set) var steps: Int?
  /// Where each member's value begins, since how many numbers it has is told by `steps`.
  private var values: [String: JSONScanner] = [:]

  /// Writes the reply with its line end.
  static func write(_ rollout: Rollout, id: Int64, isMasked: Bool, to writer: inout JSONWriter) {
    let (outcome, rows) = (rollout.outcome, 0..<rollout.outcome.count)
    writer.beginReply(id)
    writer.name("steps")
    writer.write(rollout.steps)
    writer.name("restarts")
    writer.write(rollout.restarts)
    for (name, list) in [("lost", outcome.lostRows), ("cut", outcome.cutRows)] where !list.isEmpty {
      writer.name(name)
      writer.beginArray()
      for row in list { writer.write(row) }
      writer.endArray()
    }
    writer.name("streams")
    writer.write(rollout.streamParts)
    writer.name("action")
    writer.write(rollout.actions.slice, asBase64: true)
    writer.name("drawn")
    writer.write(rollout.drawn.slice, asBase64: true)
    writer.name("obs")
    writer.write(outcome.observations, rows: rows, as: form)
    writer.name("reward")
    writer.write(outcome.rewardArray.slice, asBase64: true)
    writer.name("ended")
    EndedMember(outcome: outcome, rows: rows, form: form).write(to: &writer)
    if isMasked {
      writer.name("action_mask")
      MaskMember(masks: outcome.masks, rows: rows, form: form).write(to: &writer)
    }
    writer.endLine()
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    switch name {
    case "steps": steps = try scanner.integer()
    case "restarts", "lost", "cut", "streams", "action", "drawn", "obs", "reward", "ended", "action_mask":
      values[name.string] = scanner
      try scanner.skip()
    default: return false
    }
    return true
  }

  func missingMember() -> String? {
    if steps == nil { return "steps" }
    return ["streams", "action", "drawn", "obs", "reward", "ended"].first { values[$0] == nil }
  }

  /// The rollout that has been read, while its line is still in place.
  ///
  /// - Parameters:
  ///   - order: what was asked for.
  ///   - actionWidth: how many numbers an action has.
  func rollout(
    of streams: Int, answering order: RolloutOrder, observationSpace: Space, maskedActions: Space?, actionWidth: Int
  ) throws(ReplyError) -> Rollout {
    let range = order.steps...order.steps + order.furtherSteps
    guard let steps, range.contains(steps) else {
      throw .invalid(
        member: "steps", reason: "it is \(steps ?? 0) where \(range.lowerBound) to \(range.upperBound) were asked for")
    }
    let rows = steps * streams
    var drawnWidth = 0
    try read("drawn") { (scanner) throws(ValueError) in
      let count = try FlatArray.readRows(.float32, width: 1, from: &scanner, as: Self.form).count
      guard rows == 0 ? count == 0 : count % rows == 0 else {
        throw ValueError("it has \(count) numbers for \(rows) rows")
      }
      drawnWidth = rows > 0 ? count / rows : 0
    }
    let rollout = Rollout(
      steps: steps, streams: streams, observationSpace: observationSpace, maskedActions: maskedActions,
      actionWidth: actionWidth, drawnWidth: drawnWidth)
    try fill(rollout)
    return rollout
  }

  private func fill(_ rollout: Rollout) throws(ReplyError) {
    let (outcome, rows) = (rollout.outcome, 0..<rollout.outcome.count)
    for (name, array) in [("drawn", rollout.drawn), ("action", rollout.actions)] {
      try read(name) { (scanner) throws(ValueError) in
        try array.slice.read(isScalar: false, from: &scanner, as: Self.form)
      }
    }
    try read("obs") { (scanner) throws(ValueError) in
      try RowsMember(outcome.observations, rows, Self.form).read(from: &scanner)
    }
    try read("reward") { (scanner) throws(ValueError) in
      try RewardsMember(places: outcome.rewardArray.slice, form: Self.form).read(from: &scanner)
    }
    try read("ended") { (scanner) throws(ValueError) in
      try EndedMember(outcome: outcome, rows: rows, form: Self.form).read(from: &scanner)
    }
    if outcome.masks.width > 0 {
      try read("action_mask") { (scanner) throws(ValueError) in
        try MaskMember(masks: outcome.masks, rows: rows, form: Self.form).read(from: &scanner)
      }
    }
    try read("streams") { (scanner) throws(ValueError) in rollout.streamParts = try scanner.parts() }
    try read("restarts") { (scanner) throws(ValueError) in rollout.restarts = max(0, try scanner.integer()) }
    for row in try list("lost", below: rows.count) { outcome.lose(row..<row + 1) }
    outcome.noteCuts(try list("cut", below: rows.count))
  }

  private func list(_ name: String, below limit: Int) throws(ReplyError) -> [Int] {
    var list: [Int] = []
    try read(name) { (scanner) throws(ValueError) in
      try scanner.enterList(expected: "a list of rows")
      while try scanner.hasElement() { list.append(try scanner.integer()) }
      guard zip(list, list.dropFirst()).allSatisfy(<), list.allSatisfy((0..<limit).contains) else {
        throw ValueError("its rows are not in order, or not all below \(limit)")
      }
    }
    return list
  }

  /// Reads a member that has come.
  private func read(_ name: String, _ body: (inout JSONScanner) throws(ValueError) -> Void) throws(ReplyError) {
    guard var scanner = values[name] else { return }
    do throws(ValueError) { try body(&scanner) } catch {
      throw .invalid(member: name, reason: error.description)
    }
  }
}
