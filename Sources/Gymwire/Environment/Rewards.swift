import Environments
import JSONLines

/// The reward of one row.
struct RewardMember: MemberValue {
  let outcome: StepBatch
  let row: Int

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(outcome.rewards[row]) }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool {
    do throws(JSONError) { outcome.rewards[row] = try scanner.readDouble() } catch { return false }
    return outcome.rewards[row].isFinite
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try outcome.rewardArray.read(row..<row + 1, isScalar: true, from: &scanner, as: ValueForm())
    try outcome.requireFiniteRewards(row..<row + 1, isBatched: false)
  }
}

/// The rewards of all rows of a batch.
struct RewardsMember: MemberValue {
  let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm

  func write(to writer: inout JSONWriter) {
    if form.allowsBase64 {
      writer.write(outcome.rewardArray, rows, asBase64: true)
    } else {
      writer.write(doubles: UnsafeBufferPointer(rebasing: outcome.rewards[rows]))
    }
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try outcome.rewardArray.read(rows, isScalar: false, from: &scanner, as: form)
    try outcome.requireFiniteRewards(rows, isBatched: true)
  }
}

extension StepBatch {
  /// Refuses rewards that are not finite, since no return can be made of them.
  fileprivate func requireFiniteRewards(_ rows: Range<Int>, isBatched: Bool) throws(ValueError) {
    // An exponent of ones, as NaN and infinity have it, carries into the sign.
    let exponent = Double.infinity.bitPattern
    var carries: UInt64 = 0
    for row in rows { carries |= (rewards[row].bitPattern & exponent) &+ (1 << 52) }
    guard carries >> 63 != 0, let row = rows.first(where: { !rewards[$0].isFinite }) else { return }
    let place = isBatched ? " in sub-environment \(row - rows.lowerBound)" : ""
    throw ValueError("it is \(rewards[row])\(place), and no return can be made of that")
  }
}

/// How an episode has ended, if it has: two flags, which are written and read in one piece of known length.
struct EndFlags {
  let outcome: StepBatch
  let row: Int
}

extension JSONWriter {
  @inline(__always)
  mutating func write(_ flags: EndFlags) {
    switch (flags.outcome.isTerminated[flags.row], flags.outcome.isTruncated[flags.row]) {
    case (false, false): put(verbatim: ",\"terminated\":false,\"truncated\":false")
    case (true, false): put(verbatim: ",\"terminated\":true,\"truncated\":false")
    case (false, true): put(verbatim: ",\"terminated\":false,\"truncated\":true")
    case (true, true): put(verbatim: ",\"terminated\":true,\"truncated\":true")
    }
  }
}

extension JSONScanner {
  @inline(__always)
  mutating func readUsual(_ flags: EndFlags) -> Bool {
    let (outcome, row) = (flags.outcome, flags.row)
    if skip(verbatim: ",\"terminated\":false,\"truncated\":false") {
      (outcome.isTerminated[row], outcome.isTruncated[row]) = (false, false)
      return true
    }
    guard skip(verbatim: ",\"terminated\":"), let isTerminated = usualFlag(), skip(verbatim: ",\"truncated\":"),
      let isTruncated = usualFlag()
    else { return false }
    (outcome.isTerminated[row], outcome.isTruncated[row]) = (isTerminated, isTruncated)
    return true
  }
}
