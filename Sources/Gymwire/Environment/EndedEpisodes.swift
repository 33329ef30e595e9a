import Environments
import JSONLines

/// The list of episodes that a batched step has ended, one entry for each (protocol/SPEC.md 12.6).
struct EndedMember: MemberValue {
  // Whoever makes a reply keeps its outcome.
  unowned(unsafe) let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm

  func write(to writer: inout JSONWriter) {
    let outcome = outcome
    let hasInfos = outcome.hasFinalInfos
    var single = form
    single.isBatched = false
    writer.beginArray()
    outcome.forEachEndedRow(in: rows) { row in
      writer.beginObject()
      writer.put(verbatim: "\"env\":")
      writer.write(row - rows.lowerBound)
      writer.write(EndFlags(outcome, row: row))
      writer.put(verbatim: ",\"final_obs\":")
      writer.write(outcome.finalObservations, rows: row..<row + 1, as: single)
      if hasInfos, let info = outcome.finalInfos[row] {
        writer.put(verbatim: ",\"final_info\":")
        writer.write(.object(info))
      }
      writer.endObject()
    }
    writer.endArray()
  }

  func readUsual(from scanner: inout JSONScanner) -> Bool {
    let outcome = outcome
    UnsafeMutableBufferPointer(rebasing: outcome.isTerminated[rows]).update(repeating: false)
    UnsafeMutableBufferPointer(rebasing: outcome.isTruncated[rows]).update(repeating: false)
    var single = form
    single.isBatched = false
    guard scanner.skip(verbatim: "[") else { return false }
    var least = 0
    while !scanner.skip(verbatim: "]") {
      guard least == 0 || scanner.skip(verbatim: ","), scanner.skip(verbatim: "{\"env\":"),
        let index = scanner.usualInteger(),
        index >= least, index < rows.count, scanner.skip(verbatim: ",\"terminated\":"),
        let isTerminated = scanner.usualFlag(),
        scanner.skip(verbatim: ",\"truncated\":"), let isTruncated = scanner.usualFlag(), isTerminated || isTruncated,
        scanner.skip(verbatim: ",\"final_obs\":")
      else { return false }
      let row = rows.lowerBound + Int(index)
      outcome.isTerminated[row] = isTerminated
      outcome.isTruncated[row] = isTruncated
      guard RowsMember(outcome.finalObservations, row..<row + 1, single).readUsual(from: &scanner) else { return false }
      if scanner.skip(verbatim: ",\"final_info\":") {
        guard let info = try? scanner.plain().info() else { return false }
        outcome.finalInfos[row] = info
      }
      guard scanner.skip(verbatim: "}") else { return false }
      least = Int(index) + 1
    }
    return true
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    for row in rows {
      outcome.isTerminated[row] = false
      outcome.isTruncated[row] = false
    }
    try scanner.enterList(expected: "a list of ended episodes")
    var last = -1
    while try scanner.hasElement() {
      let end = try EndedEntry(from: &scanner)
      guard end.index > last, end.index < rows.count else {
        throw ValueError("env \(end.index) is out of order or beyond the last, \(rows.count - 1)")
      }
      last = end.index
      try store(end)
    }
  }

  private func store(_ end: EndedEntry) throws(ValueError) {
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
private struct EndedEntry {
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
  func info() throws(ValueError) -> [String: PlainValue]? {
    switch self {
    case .null: return nil
    case .object(let members): return members.isEmpty ? nil : members
    default: throw ValueError("an object was expected")
    }
  }
}
