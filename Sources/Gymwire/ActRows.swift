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

  /// Reads the observations of a request, and its masks where the feature is on.
  ///
  /// - Parameter form: batched where the request has `n`.
  /// - Throws: `bad_message` for anything but `count` observations that a policy can be asked about.
  func read(
    _ members: Request.Members, count: Int, form: ValueForm, readsMasks: Bool
  ) throws(ErrorReply) {
    guard reserve(count, lineLength: members.lineLength) else {
      throw ErrorReply(.badMessage, "\"obs\" cannot hold \(count) observations, as \"n\" has it")
    }
    guard var observation = members.observation else { throw ErrorReply(.badMessage, "\"obs\" is missing") }
    do throws(ValueError) { try observations.read(rows: 0..<count, from: &observation, as: form) } catch {
      throw ErrorReply(.badMessage, "\"obs\" cannot be used: \(error)", data: form.rowData(error.row))
    }
    try requireUsable(count, form)
    if readsMasks, try members.mask.isPresent("action_mask"), let mask = members.mask {
      try readMasks(mask, count: count, form: form, lineLength: members.lineLength)
    }
  }

  /// Refuses observations that are of the right shape and cannot be acted on all the same (protocol/SPEC.md 16.2).
  func requireUsable(_ count: Int, _ form: ValueForm) throws(ErrorReply) {
    guard let (row, reason) = observations.observationFault(in: 0..<count) else { return }
    throw ErrorReply(.badMessage, "\"obs\" cannot be used: \(reason)", data: form.rowData(row))
  }

  private func readMasks(
    _ mask: JSONScanner, count: Int, form: ValueForm, lineLength: Int
  ) throws(ErrorReply) {
    var mask = mask
    if count > maskRows.count {
      guard maskRows.width <= lineLength / count else {
        throw ErrorReply(.badMessage, "\"action_mask\" cannot hold \(count) masks of \(maskRows.width) numbers")
      }
      maskRows = MaskBatch(actionSpace, count: max(count, 2 * maskRows.count))
    }
    maskRows.allowEverything(in: 0..<count)
    do throws(ValueError) {
      try maskRows.read(rows: 0..<count, of: actionSpace, from: &mask, as: form)
      try maskRows.requireChoices(in: 0..<count, of: actionSpace, isBatched: form.isBatched)
    } catch {
      throw ErrorReply(.badMessage, "\"action_mask\" cannot be used: \(error)")
    }
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
