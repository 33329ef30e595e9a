extension StepBatch {
  /// Those of some rows whose episode has ended with this step, in order.
  ///
  /// Few do, so eight rows are looked at together.
  @inlinable
  public func endedRows(in rows: Range<Int>) -> EndedRows { EndedRows(of: self, in: rows) }
}

/// The rows of a ``StepBatch`` whose episode has ended.
public struct EndedRows: Sequence, IteratorProtocol {
  @usableFromInline let outcome: StepBatch
  @usableFromInline var rows: Range<Int>

  @inlinable
  init(of outcome: StepBatch, in rows: Range<Int>) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= outcome.count, "there are no such rows")
    self.outcome = outcome
    self.rows = rows
  }

  /// The next row whose episode has ended; nil when there is none left.
  @inlinable
  public mutating func next() -> Int? {
    while let row = rows.first {
      let flags = rows.count >= 8 ? flagsOfEight(row) : outcome.hasEnded(row) ? 1 : 0
      let step = rows.count >= 8 ? 8 : 1
      if flags != 0 {
        let found = row + flags.trailingZeroBitCount / 8
        rows = found + 1..<rows.upperBound
        return found
      }
      rows = row + step..<rows.upperBound
    }
    return nil
  }

  /// The flags of a row and the seven behind it, a byte each, those of the first row lowest.
  @inlinable
  @inline(__always)
  func flagsOfEight(_ row: Int) -> UInt64 {
    let terminated = UnsafeRawBufferPointer(outcome.isTerminated)
    let truncated = UnsafeRawBufferPointer(outcome.isTruncated)
    let flags =
      terminated.loadUnaligned(fromByteOffset: row, as: UInt64.self)
      | truncated.loadUnaligned(fromByteOffset: row, as: UInt64.self)
    return flags.littleEndian
  }
}
