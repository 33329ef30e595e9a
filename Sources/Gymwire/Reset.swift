import Environments
import JSONLines

/// The wish for new episodes (protocol/SPEC.md, "reset").
public struct ResetRequest: Sendable {
  /// Restarts the generators; nil continues them.
  public var seed: UInt64?
  /// Hold for this reset only.
  public var options: [String: PlainValue] = [:]

  /// Creates a request.
  public init(seed: UInt64? = nil, options: [String: PlainValue] = [:]) {
    self.seed = seed
    self.options = options
  }

  /// Writes the request with its line end.
  public func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .reset)
    if let seed {
      writer.name("seed")
      writer.write(seed)
    }
    if !options.isEmpty {
      writer.name("options")
      writer.write(.object(options))
    }
    writer.endLine()
  }
}

/// The first observations of new episodes, read into rows of a step's outcome.
struct ResetReply: ReplyBody {
  let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm
  let maskedActions: Space?
  private var hasObservation = false

  init(into outcome: StepBatch, rows: Range<Int>, form: ValueForm, maskedActions: Space?) {
    self.outcome = outcome
    self.rows = rows
    self.form = form
    self.maskedActions = maskedActions
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    switch name {
    case "obs":
      try outcome.observations.read(rows: rows, from: &scanner, as: form)
      hasObservation = true
    case "info": try outcome.readInfos(rows: rows, from: &scanner, isBatched: form.isBatched)
    case "action_mask":
      // Without the feature it is a member like any other that this driver does not know (protocol/SPEC.md 4.6).
      guard let maskedActions else { return false }
      try outcome.masks.read(rows: rows, of: maskedActions, from: &scanner, as: form)
      try outcome.masks.requireChoices(in: rows, of: maskedActions, isBatched: form.isBatched)
    default: return false
    }
    return true
  }

  func missingMember() -> String? { hasObservation ? nil : "obs" }

  static func write(
    id: Int64,
    outcome: StepBatch,
    rows: Range<Int>,
    form: ValueForm,
    maskedActions: Space?,
    to writer: inout JSONWriter
  ) {
    writer.beginReply(id)
    writer.name("obs")
    writer.write(outcome.observations, rows: rows, as: form)
    if let maskedActions { writer.writeMasks(outcome.masks, rows: rows, of: maskedActions, as: form) }
    writer.endLine()
  }
}
