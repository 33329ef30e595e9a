import Environments
import JSONLines

/// One action for each sub-environment (protocol/SPEC.md, "step").
public enum StepRequest {
  /// Writes the request with its line end.
  public static func write(
    id: Int64,
    actions: ValueBatch,
    rows: Range<Int>,
    form: ValueForm,
    to writer: inout JSONWriter
  ) {
    writer.put(verbatim: "{\"id\":")
    writer.write(id)
    writer.put(verbatim: ",\"op\":\"step\",\"action\":")
    writer.write(actions, rows: rows, as: form)
    writer.endLine()
  }
}

/// What came of a step, read into rows of an outcome.
struct StepReply: ReplyBody {
  let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm
  let maskedActions: Space?
  private var hasObservation = false
  private var hasReward = false
  private var hasTerminated = false
  private var hasTruncated = false
  private var hasEnded = false

  init(into outcome: StepBatch, rows: Range<Int>, form: ValueForm, maskedActions: Space?) {
    self.outcome = outcome
    self.rows = rows
    self.form = form
    self.maskedActions = maskedActions
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    // With batch on, both flags belong to the entries of "ended" alone (protocol/SPEC.md 12.6).
    switch name {
    case "obs":
      try outcome.observations.read(rows: rows, from: &scanner, as: form)
      hasObservation = true
    case "reward":
      try readReward(from: &scanner)
      hasReward = true
    case "terminated" where !form.isBatched:
      outcome.isTerminated[rows.lowerBound] = try scanner.flag()
      hasTerminated = true
    case "truncated" where !form.isBatched:
      outcome.isTruncated[rows.lowerBound] = try scanner.flag()
      hasTruncated = true
    case "ended" where form.isBatched:
      try readEnded(from: &scanner)
      hasEnded = true
    case "info": try outcome.readInfos(rows: rows, from: &scanner, isBatched: form.isBatched)
    case "action_mask":
      // Without the feature it is a member like any other that this driver does not know (protocol/SPEC.md 4.6).
      guard let maskedActions else { return false }
      try outcome.masks.read(rows: rows, of: maskedActions, from: &scanner, as: form)
    default: return false
    }
    return true
  }

  func missingMember() -> String? {
    if !hasObservation { return "obs" }
    if !hasReward { return "reward" }
    if form.isBatched { return hasEnded ? nil : "ended" }
    if !hasTerminated { return "terminated" }
    return hasTruncated ? nil : "truncated"
  }

  /// A mask is looked at where there is something to choose: not where the episode is over (protocol/SPEC.md 14.4).
  func fault() -> ReplyError? {
    guard let maskedActions, form.isBatched || !outcome.hasEnded(rows.lowerBound) else { return nil }
    return outcome.masks.fault(in: rows, of: maskedActions, isBatched: form.isBatched)
      .map { .invalid(member: "action_mask", reason: $0) }
  }

  private func readReward(from scanner: inout JSONScanner) throws(ValueError) {
    let rewards = UnsafeMutableBufferPointer(rebasing: outcome.rewards[rows])
    try outcome.rewardArray.read(rows, isScalar: !form.isBatched, from: &scanner, as: form)
    if let index = rewards.firstIndex(where: { !$0.isFinite }) {
      let place = form.isBatched ? " in sub-environment \(index)" : ""
      throw ValueError("it is \(rewards[index])\(place), of which no return can be made")
    }
  }

  private func readEnded(from scanner: inout JSONScanner) throws(ValueError) {
    for row in rows {
      outcome.isTerminated[row] = false
      outcome.isTruncated[row] = false
    }
    try scanner.enterList(expected: "a list of ended episodes")
    var last = -1
    while try scanner.hasElement() {
      let end = try EpisodeEnd(from: &scanner)
      guard end.index > last, end.index < rows.count else {
        throw ValueError("env \(end.index) is out of order or beyond the last, \(rows.count - 1)")
      }
      last = end.index
      try store(end)
    }
  }

  private func store(_ end: EpisodeEnd) throws(ValueError) {
    let row = rows.lowerBound + end.index
    outcome.isTerminated[row] = end.isTerminated
    outcome.isTruncated[row] = end.isTruncated
    outcome.finalInfos[row] = end.info
    var single = form
    single.isBatched = false
    var observation = end.observation
    do throws(ValueError) {
      try outcome.finalObservations.read(rows: row..<row + 1, from: &observation, as: single)
    } catch {
      throw ValueError("the final_obs of env \(end.index) cannot be used: \(error)")
    }
  }
}

/// One entry of `ended` (protocol/SPEC.md 12.6).
private struct EpisodeEnd {
  let index: Int
  let isTerminated: Bool
  let isTruncated: Bool
  /// Stands at the value of `final_obs`.
  let observation: JSONScanner
  /// Nil when it is absent or empty.
  let info: [String: PlainValue]?

  init(from scanner: inout JSONScanner) throws(ValueError) {
    var index: Int?
    var terminated: Bool?
    var truncated: Bool?
    var observation: JSONScanner?
    var info = PlainValue.null
    try scanner.enterMembers(expected: "an object for each ended episode")
    while let name = try scanner.nextMember() {
      switch name {
      case "env": index = try scanner.integer()
      case "terminated": terminated = try scanner.flag()
      case "truncated": truncated = try scanner.flag()
      case "final_info": info = try scanner.plain()
      case "final_obs":
        observation = scanner
        try scanner.skip()
      default: try scanner.skip()
      }
    }
    guard let index, let terminated, let truncated, let observation else {
      throw ValueError("an entry needs env, terminated, truncated and final_obs")
    }
    guard terminated || truncated else { throw ValueError("env \(index) is listed, but neither of its flags is true") }
    self.index = index
    isTerminated = terminated
    isTruncated = truncated
    self.observation = observation
    self.info = try info.info()
  }
}

extension PlainValue {
  /// The members of an `info`; nil when it is absent or empty.
  fileprivate func info() throws(ValueError) -> [String: PlainValue]? {
    switch self {
    case .null: return nil
    case .object(let members): return members.isEmpty ? nil : members
    default: throw ValueError("an object was expected")
    }
  }
}

extension StepBatch {
  /// Reads `info`: one object, or with batch a list of one for each row.
  func readInfos(rows: Range<Int>, from scanner: inout JSONScanner, isBatched: Bool) throws(ValueError) {
    let value = try scanner.plain()
    guard let objects = isBatched ? value.list : [value] else { throw ValueError("a list of objects was expected") }
    guard objects.count == rows.count else {
      throw ValueError("there are \(objects.count) objects instead of \(rows.count)")
    }
    for (row, object) in zip(rows, objects) { infos[row] = try object.info() }
  }
}

extension StepReply {
  static func write(
    id: Int64,
    outcome: StepBatch,
    rows: Range<Int>,
    form: ValueForm,
    maskedActions: Space?,
    to writer: inout JSONWriter
  ) {
    writer.put(verbatim: "{\"id\":")
    writer.write(id)
    writer.put(verbatim: ",\"obs\":")
    writer.write(outcome.observations, rows: rows, as: form)
    writeMembers(behindObservations: outcome, rows: rows, form: form, maskedActions: maskedActions, to: &writer)
  }

  /// Writes what stands before the observations of a batched reply that is sent in pieces.
  static func writeBeginning(id: Int64, form: ValueForm, to writer: inout JSONWriter) {
    writer.put(verbatim: "{\"id\":")
    writer.write(id)
    writer.put(verbatim: form.allowsBase64 ? ",\"obs\":{\"b64\":\"" : ",\"obs\":[")
  }

  /// Writes what stands behind them.
  static func writeRest(
    outcome: StepBatch, rows: Range<Int>, form: ValueForm, maskedActions: Space?, to writer: inout JSONWriter
  ) {
    writer.put(verbatim: form.allowsBase64 ? "\"}" : "]")
    writeMembers(behindObservations: outcome, rows: rows, form: form, maskedActions: maskedActions, to: &writer)
  }

  private static func writeMembers(
    behindObservations outcome: StepBatch,
    rows: Range<Int>,
    form: ValueForm,
    maskedActions: Space?,
    to writer: inout JSONWriter
  ) {
    writer.put(verbatim: ",\"reward\":")
    if form.isBatched {
      writer.writeRewards(outcome, rows: rows, asBase64: form.allowsBase64)
      writer.put(verbatim: ",\"ended\":")
      writer.writeEnds(outcome, rows: rows, form: form)
    } else {
      writer.write(outcome.rewards[rows.lowerBound])
      writer.writeFlags(outcome, row: rows.lowerBound)
    }
    if outcome.hasInfos { writer.writeInfos(outcome, rows: rows, isBatched: form.isBatched) }
    if let maskedActions { writer.writeMasks(outcome.masks, rows: rows, of: maskedActions, as: form) }
    writer.endLine()
  }
}

extension JSONWriter {
  fileprivate mutating func writeRewards(_ outcome: StepBatch, rows: Range<Int>, asBase64: Bool) {
    if asBase64 {
      write(outcome.rewardArray, rows, asBase64: true)
    } else {
      write(doubles: UnsafeBufferPointer(rebasing: outcome.rewards[rows]))
    }
  }

  /// Writes both flags of a row, each in one piece of known length.
  @inline(__always)
  fileprivate mutating func writeFlags(_ outcome: StepBatch, row: Int) {
    switch (outcome.isTerminated[row], outcome.isTruncated[row]) {
    case (false, false): put(verbatim: ",\"terminated\":false,\"truncated\":false")
    case (true, false): put(verbatim: ",\"terminated\":true,\"truncated\":false")
    case (false, true): put(verbatim: ",\"terminated\":false,\"truncated\":true")
    case (true, true): put(verbatim: ",\"terminated\":true,\"truncated\":true")
    }
  }

  /// Writes `ended`, one entry for each episode that has ended (protocol/SPEC.md 12.6).
  fileprivate mutating func writeEnds(_ outcome: StepBatch, rows: Range<Int>, form: ValueForm) {
    let hasInfos = !outcome.finalInfos.isEmpty
    var single = form
    single.isBatched = false
    beginArray()
    for row in outcome.endedRows(in: rows) {
      beginObject()
      put(verbatim: "\"env\":")
      write(row - rows.lowerBound)
      writeFlags(outcome, row: row)
      put(verbatim: ",\"final_obs\":")
      write(outcome.finalObservations, rows: row..<row + 1, as: single)
      if hasInfos, let info = outcome.finalInfos[row] {
        put(verbatim: ",\"final_info\":")
        write(.object(info))
      }
      endObject()
    }
    endArray()
  }

  fileprivate mutating func writeInfos(_ outcome: StepBatch, rows: Range<Int>, isBatched: Bool) {
    name("info")
    if isBatched { beginArray() }
    for row in rows { write(.object(outcome.infos[row] ?? [:])) }
    if isBatched { endArray() }
  }
}
