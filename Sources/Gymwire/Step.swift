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
    writer.beginRequest(id, .step)
    writer.name("action")
    writer.write(actions, rows: rows, as: form)
    writer.endLine()
  }
}

/// What came of a step, read into rows of an outcome.
struct StepReply: ReplyBody {
  let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm
  private var hasObservation = false
  private var hasReward = false
  private var hasTerminated = false
  private var hasTruncated = false
  private var hasEnded = false

  init(into outcome: StepBatch, rows: Range<Int>, form: ValueForm) {
    self.outcome = outcome
    self.rows = rows
    self.form = form
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    if name == "obs" {
      try outcome.observations.read(rows: rows, from: &scanner, as: form)
      hasObservation = true
    } else if name == "reward" {
      try readReward(from: &scanner)
      hasReward = true
    } else if name == "terminated" {
      outcome.isTerminated[rows.lowerBound] = try scanner.flag()
      hasTerminated = true
    } else if name == "truncated" {
      outcome.isTruncated[rows.lowerBound] = try scanner.flag()
      hasTruncated = true
    } else if name == "ended", form.isBatched {
      try readEnded(from: &scanner)
      hasEnded = true
    } else if name == "info" {
      try outcome.readInfos(rows: rows, from: &scanner, isBatched: form.isBatched)
    } else {
      return false
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

  private func readReward(from scanner: inout JSONScanner) throws(ValueError) {
    let rewards = UnsafeMutableBufferPointer(rebasing: outcome.rewards[rows])
    try outcome.rewardArray.read(rows, isScalar: !form.isBatched, from: &scanner, as: form)
    if let index = rewards.firstIndex(where: { !$0.isFinite }) {
      throw ValueError("reward \(index) is \(rewards[index]); a return cannot be made of that")
    }
  }

  private func readEnded(from scanner: inout JSONScanner) throws(ValueError) {
    for row in rows {
      outcome.isTerminated[row] = false
      outcome.isTruncated[row] = false
    }
    try scanner.enterList(expected: "a list of ended episodes")
    var last = -1
    while try scanner.hasElement() { try readEnd(after: &last, from: &scanner) }
  }

  private func readEnd(after last: inout Int, from scanner: inout JSONScanner) throws(ValueError) {
    var index: Int?
    var terminated: Bool?
    var truncated: Bool?
    var finalObservation: JSONScanner?
    var info: PlainValue?
    guard try scanner.kind() == .object else { throw ValueError("an entry is \(try scanner.kind().phrase)") }
    try ValueError.wrap { () throws(JSONError) in try scanner.enterObject() }
    while let name = try ValueError.wrap({ () throws(JSONError) in try scanner.nextName() }) {
      if name == "env" {
        index = try scanner.integer("env")
      } else if name == "terminated" {
        terminated = try scanner.flag()
      } else if name == "truncated" {
        truncated = try scanner.flag()
      } else if name == "final_info" {
        info = try ValueError.wrap { () throws(JSONError) in try PlainValue(from: &scanner) }
      } else {
        if name == "final_obs" { finalObservation = scanner }
        try ValueError.wrap { () throws(JSONError) in try scanner.skipValue() }
      }
    }
    guard let index, let terminated, let truncated, var finalObservation else {
      throw ValueError("an entry needs env, terminated, truncated and final_obs")
    }
    guard index > last, index < rows.count else {
      throw ValueError("env \(index) is out of order or beyond the last, \(rows.count - 1)")
    }
    guard terminated || truncated else { throw ValueError("env \(index) is listed but neither flag is true") }
    last = index
    let row = rows.lowerBound + index
    outcome.isTerminated[row] = terminated
    outcome.isTruncated[row] = truncated
    if case .object(let members) = info { outcome.finalInfos[row] = members }
    var single = form
    single.isBatched = false
    try outcome.finalObservations.read(rows: row..<row + 1, from: &finalObservation, as: single)
  }
}

extension StepBatch {
  /// Reads `info`: one object, or with batch a list of one for each row.
  func readInfos(rows: Range<Int>, from scanner: inout JSONScanner, isBatched: Bool) throws(ValueError) {
    let value = try ValueError.wrap { () throws(JSONError) in try PlainValue(from: &scanner) }
    let objects = isBatched ? value.list ?? [] : [value]
    guard objects.count == rows.count || value == .null else {
      throw ValueError("there are \(objects.count) objects instead of \(rows.count)")
    }
    for (row, object) in zip(rows, objects) {
      if case .object(let members) = object, !members.isEmpty { infos[row] = members }
    }
  }
}

extension StepReply {
  static func write(
    id: Int64,
    outcome: StepBatch,
    rows: Range<Int>,
    form: ValueForm,
    to writer: inout JSONWriter
  ) {
    writer.beginReply(id)
    writer.name("obs")
    writer.write(outcome.observations, rows: rows, as: form)
    writer.name("reward")
    if form.isBatched {
      writer.writeRewards(outcome, rows: rows, asBase64: form.allowsBase64)
      writer.name("ended")
      writer.beginArray()
      for row in rows where outcome.hasEnded(row) {
        writer.writeEnd(outcome, row: row, index: row - rows.lowerBound, form: form)
      }
      writer.endArray()
    } else {
      writer.write(outcome.rewards[rows.lowerBound])
      writer.name("terminated")
      writer.write(outcome.isTerminated[rows.lowerBound])
      writer.name("truncated")
      writer.write(outcome.isTruncated[rows.lowerBound])
    }
    if !outcome.infos.isEmpty { writer.writeInfos(outcome, rows: rows, isBatched: form.isBatched) }
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

  fileprivate mutating func writeEnd(_ outcome: StepBatch, row: Int, index: Int, form: ValueForm) {
    var single = form
    single.isBatched = false
    beginObject()
    name("env")
    write(index)
    name("terminated")
    write(outcome.isTerminated[row])
    name("truncated")
    write(outcome.isTruncated[row])
    name("final_obs")
    write(outcome.finalObservations, rows: row..<row + 1, as: single)
    if let info = outcome.finalInfos[row] {
      name("final_info")
      write(.object(info))
    }
    endObject()
  }

  fileprivate mutating func writeInfos(_ outcome: StepBatch, rows: Range<Int>, isBatched: Bool) {
    name("info")
    if isBatched { beginArray() }
    for row in rows { write(.object(outcome.infos[row] ?? [:])) }
    if isBatched { endArray() }
  }
}
