import Environments

/// How an episode has ended, if it has: two flags, which are written and read in one piece of known length.
struct EndFlags {
  /// One place each.
  private let terminated, truncated: UnsafeMutableBufferPointer<Bool>

  @inline(__always)
  init(_ outcome: StepBatch, row: Int) {
    terminated = outcome.isTerminated.extracting(row..<row + 1)
    truncated = outcome.isTruncated.extracting(row..<row + 1)
  }

  @inline(__always) var isTerminated: Bool {
    get { terminated[0] }
    nonmutating set { terminated[0] = newValue }
  }

  @inline(__always) var isTruncated: Bool {
    get { truncated[0] }
    nonmutating set { truncated[0] = newValue }
  }
}
