extension StepBatch {
  /// Goes to those of some rows whose episode has ended with this step, in order.
  ///
  /// Few do, so eight rows are looked at together.
  @inlinable
  @inline(__always)
  public func forEachEndedRow<Failure: Error>(
    in rows: Range<Int>, _ body: (Int) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "there are no such rows")
    var row = rows.lowerBound
    while rows.upperBound - row >= 8 {
      var flags = flagsOfEight(row)
      while flags != 0 {
        try body(row + flags.trailingZeroBitCount / 8)
        flags &= flags - 1
      }
      row += 8
    }
    while row < rows.upperBound {
      if hasEnded(row) { try body(row) }
      row += 1
    }
  }

  /// The flags of a row and the seven behind it, a byte each with a single bit, those of the first row lowest.
  @inlinable
  @inline(__always)
  func flagsOfEight(_ row: Int) -> UInt64 {
    let terminated = UnsafeRawBufferPointer(isTerminated)
    let truncated = UnsafeRawBufferPointer(isTruncated)
    let flags =
      terminated.loadUnaligned(fromByteOffset: row, as: UInt64.self)
      | truncated.loadUnaligned(fromByteOffset: row, as: UInt64.self)
    return flags.littleEndian
  }
}
