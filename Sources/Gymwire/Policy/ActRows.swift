import Environments
import JSONLines

/// Room for what drivers ask about and for what is answered, which grows to the largest batch and then stays.
final class ActRows {
  private let observationSpace: Space
  private let actionSpace: Space
  private var maskRows: MaskBatch
  /// What is asked about, from row 0 on.
  @exclusivity(unchecked) private(set) var observations: ValueBatch
  /// What is answered, in the same rows.
  @exclusivity(unchecked) private(set) var answers: ActionBatch
  /// Which actions are legal, in the same rows; nil if the last request forbade none.
  @exclusivity(unchecked) private(set) var masks: MaskBatch?

  init(observationSpace: Space, actionSpace: Space) {
    self.observationSpace = observationSpace
    self.actionSpace = actionSpace
    observations = ValueBatch(observationSpace, count: 1)
    answers = ActionBatch(actionSpace, count: 1, withEstimates: true)
    maskRows = MaskBatch(actionSpace, count: 1)
  }

  /// Makes room for a request that forbids nothing; false, with nothing done, if its line is too short to hold it.
  ///
  /// So a few bytes cannot ask for much memory: an element takes a byte at least, in text and in base64.
  func reserve(_ count: Int, lineLength: Int) -> Bool {
    guard count <= lineLength / max(1, observationSpace.elementCount) else { return false }
    masks = nil
    if count > observations.count {
      let room = max(count, 2 * observations.count)
      observations = ValueBatch(observationSpace, count: room)
      answers = ActionBatch(actionSpace, count: room, withEstimates: true)
    }
    return true
  }

  /// Refuses observations that are of the right shape and cannot be acted on all the same (protocol/SPEC.md 16.2).
  func requireUsable(_ count: Int) throws(ValueError) {
    guard let (row, reason) = observations.observationFault(in: 0..<count) else { return }
    throw ValueError(reason, row: row)
  }

  /// Reads the masks of as many rows as there is room for.
  func readMasks(
    from scanner: inout JSONScanner, count: Int, form: ValueForm, lineLength: Int
  ) throws(ValueError) {
    if count > maskRows.count {
      guard maskRows.width <= lineLength / count else {
        throw ValueError("it cannot hold \(count) masks of \(maskRows.width) numbers")
      }
      maskRows = MaskBatch(actionSpace, count: max(count, 2 * maskRows.count))
    }
    maskRows.allowEverything(in: 0..<count)
    try maskRows.read(rows: 0..<count, from: &scanner, as: form)
    try maskRows.requireChoices(in: 0..<count, isBatched: form.isBatched)
    masks = maskRows
  }
}

extension ValueForm {
  /// What an error tells about the row that it is in, which has a number only in a batch.
  func rowData(_ row: Int?) -> [String: PlainValue] {
    isBatched ? row.map { ["row": .number(Double($0))] } ?? [:] : [:]
  }
}

extension ValueBatch {
  /// The first of `rows` about which no policy can be asked, with a clause that says why; nil if there is none.
  ///
  /// Every number has to be finite, and every choice has to be one that there is; bounds of a Box bind nobody.
  fileprivate func observationFault(in rows: Range<Int>) -> (row: Int, reason: String)? {
    switch storage {
    case .members(let members):
      return members.lazy.compactMap { $0.observationFault(in: rows) }.first
    case .flat:
      guard case .box = space else { return violation(in: rows) }
      return firstNonFinite(in: rows).map { ($0.row, "element \($0.element) is \($0.value)") }
    case .irregular: return violation(in: rows)
    }
  }
}
