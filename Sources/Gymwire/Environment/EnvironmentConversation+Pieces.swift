import Environments
import JSONLines

extension EnvironmentConversation {
  /// Answers a step of many sub-environments in pieces, each sent while the next is computed.
  ///
  /// So the driver reads one part while this side makes another. A reply that has begun cannot become an error, so this
  /// is done only for requests that are known to be good and for environments that promise never to fail. One that
  /// breaks its promise ends the conversation in mid-line.
  /// - Returns: false, with nothing done, for every other line; `answer(_:)` is for those.
  public func answerInPieces<Failure>(
    _ line: UnsafeRawBufferPointer,
    send: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    guard let rowsPerPiece, isGreeted else { return false }
    let hosted = hosted
    guard let id = hosted.readUsualActions(line, as: form), hosted.isReady,
      hosted.actions.violation(in: 0..<hosted.count) == nil
    else { return false }
    let outcome = hosted.outcome
    outcome.clearInfos()
    reply.removeAll()
    let whole = StepReply(outcome, rows: 0..<hosted.count, form: form, isMasked: hosted.isMasked)
    whole.writeBeginning(id: id, to: &reply)
    var first = 0
    while first < hosted.count {
      let rows = first..<min(first + rowsPerPiece, hosted.count)
      do { try hosted.step(rows) } catch {
        breakOff()
        return true
      }
      reply.writePiece(of: outcome.observations, rows: rows, form: form)
      if rows.upperBound < hosted.count {
        try send(reply.bytes)
        reply.removeSent()
      }
      first = rows.upperBound
    }
    whole.writeRest(to: &reply)
    try send(reply.bytes)
    return true
  }
}

/// How long replies are cut.
enum ReplyPieces {
  /// Bytes in a piece, about: enough to be worth a system call, little enough that several make a reply.
  static let size = 16_384

  /// How many rows make a piece; nil if replies are too short, may be too long, or may become errors.
  static func rows(of outcome: StepBatch, form: ValueForm, longestReply: Int, neverFails: Bool) -> Int? {
    guard neverFails, form.isBatched, case .flat(let array, let width) = outcome.observations.storage, width > 0 else {
      return nil
    }
    guard form.allowsBase64 || array.type == .float32 else { return nil }
    let bytesPerRow = form.allowsBase64 ? width * array.type.size * 4 / 3 : width * 12
    // Base64 is cut between groups of three bytes.
    let rows = max(3, size / max(1, bytesPerRow) / 3 * 3)
    // At most 17 bytes for a number of 32 bits, twice if an episode ends, and what else there is for each row.
    let longest = outcome.count * (2 * width * max(17, array.type.size * 2) + 2 * outcome.masks.width + 160) + 200
    return outcome.count >= 2 * rows && longest <= longestReply ? rows : nil
  }
}

extension JSONWriter {
  fileprivate mutating func writePiece(of batch: ValueBatch, rows: Range<Int>, form: ValueForm) {
    guard let numbers = batch.slice(rows) else { return }
    if form.allowsBase64 {
      Base64.encodePiece(UnsafeRawBufferPointer(numbers.bytes), into: &self)
    } else {
      writeElements(floats: UnsafeBufferPointer(numbers.numbers(as: Float.self)))
    }
  }
}
