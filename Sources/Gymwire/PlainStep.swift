import Environments
import JSONLines

/// Step messages in the one spelling that writers use, which is how nearly every message comes.
///
/// The general readers take members in any order and with any white space, and cost several times as much. These take
/// members in the order of protocol/SPEC.md's examples without white space, and leave every other line, faulty ones
/// included, to the general readers: they have then changed nothing but the rows that are about to be read anyway.
enum PlainStep {
  /// Reads a request's action into all rows of `actions`, and returns its id.
  static func readRequest(_ line: UnsafeRawBufferPointer, into actions: ValueBatch, as form: ValueForm) -> Int64? {
    var scanner = JSONScanner(line)
    guard scanner.skip(verbatim: "{\"id\":"), let id = scanner.plainInteger(), id >= 0,
      id <= ProtocolConstants.greatestInteger, scanner.skip(verbatim: ",\"op\":\"step\",\"action\":"),
      scanner.readPlain(actions, rows: 0..<actions.count, as: form), scanner.skip(verbatim: "}"), scanner.isAtEnd
    else { return nil }
    return id
  }

  /// Reads the reply to request `id` into rows of `outcome`; false if it is anything but a plain reply without infos.
  static func readReply(
    _ line: UnsafeRawBufferPointer,
    expecting id: Int64,
    into outcome: StepBatch,
    rows: Range<Int>,
    as form: ValueForm,
    ahead: ReadAhead
  ) -> Bool {
    var scanner = JSONScanner(line)
    if ahead.elements > 0, let floats = outcome.observations.floats(rows), ahead.elements <= floats.count {
      scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: line[ahead.offset...]))
      let rest = UnsafeMutableBufferPointer(rebasing: floats[ahead.elements...])
      guard scanner.readLastFloats(into: rest, isFirst: false) else { return false }
    } else {
      guard scanner.skip(verbatim: "{\"id\":"), scanner.plainInteger() == id, scanner.skip(verbatim: ",\"obs\":"),
        scanner.readPlain(outcome.observations, rows: rows, as: form)
      else { return false }
    }
    guard scanner.skip(verbatim: ",\"reward\":") else { return false }
    if form.isBatched {
      guard scanner.readPlainRewards(outcome, rows: rows, as: form), scanner.skip(verbatim: ",\"ended\":["),
        scanner.readPlainEnds(outcome, rows: rows, as: form)
      else { return false }
    } else {
      guard let reward = scanner.plainNumber(), reward.isFinite, let flags = scanner.plainFlags() else { return false }
      outcome.rewards[rows.lowerBound] = reward
      outcome.isTerminated[rows.lowerBound] = flags.isTerminated
      outcome.isTruncated[rows.lowerBound] = flags.isTruncated
    }
    return scanner.skip(verbatim: "}") && scanner.isAtEnd
  }
}

extension JSONScanner {
  mutating func plainInteger() -> Int64? {
    do { return try readInteger() } catch { return nil }
  }

  fileprivate mutating func plainNumber() -> Double? {
    do { return try readDouble() } catch { return nil }
  }

  fileprivate mutating func plainFlags() -> (isTerminated: Bool, isTruncated: Bool)? {
    if skip(verbatim: ",\"terminated\":false,\"truncated\":false") { return (false, false) }
    guard skip(verbatim: ",\"terminated\":"), let isTerminated = plainFlag(), skip(verbatim: ",\"truncated\":"),
      let isTruncated = plainFlag()
    else { return nil }
    return (isTerminated, isTruncated)
  }

  mutating func plainFlag() -> Bool? {
    if skip(verbatim: "false") { return false }
    return skip(verbatim: "true") ? true : nil
  }

  mutating func readPlain(_ batch: ValueBatch, rows: Range<Int>, as form: ValueForm) -> Bool {
    if !form.isBatched, batch.isScalar, let integers = batch.integers(rows) {
      guard let value = plainInteger() else { return false }
      integers[0] = value
      return true
    }
    do throws(ValueError) { try batch.read(rows: rows, from: &self, as: form) } catch { return false }
    return true
  }

  fileprivate mutating func readPlainRewards(_ outcome: StepBatch, rows: Range<Int>, as form: ValueForm) -> Bool {
    do throws(ValueError) {
      try outcome.rewardArray.read(rows, isScalar: false, from: &self, as: form)
    } catch { return false }
    // An exponent of ones, as NaN and infinity have it, carries into the sign.
    let exponent = Double.infinity.bitPattern
    var carries: UInt64 = 0
    for row in rows { carries |= (outcome.rewards[row].bitPattern & exponent) &+ (1 << 52) }
    return carries >> 63 == 0
  }

  /// Reads the entries of `ended` and the bracket behind them.
  fileprivate mutating func readPlainEnds(_ outcome: StepBatch, rows: Range<Int>, as form: ValueForm) -> Bool {
    UnsafeMutableBufferPointer(rebasing: outcome.isTerminated[rows]).update(repeating: false)
    UnsafeMutableBufferPointer(rebasing: outcome.isTruncated[rows]).update(repeating: false)
    var single = form
    single.isBatched = false
    var least = 0
    while !skip(verbatim: "]") {
      guard least == 0 || skip(verbatim: ","), skip(verbatim: "{\"env\":"), let index = plainInteger(),
        index >= least, index < rows.count, skip(verbatim: ",\"terminated\":"), let isTerminated = plainFlag(),
        skip(verbatim: ",\"truncated\":"), let isTruncated = plainFlag(), isTerminated || isTruncated,
        skip(verbatim: ",\"final_obs\":")
      else { return false }
      let row = rows.lowerBound + Int(index)
      outcome.isTerminated[row] = isTerminated
      outcome.isTruncated[row] = isTruncated
      guard readPlain(outcome.finalObservations, rows: row..<row + 1, as: single), skip(verbatim: "}") else {
        return false
      }
      least = Int(index) + 1
    }
    return true
  }
}
