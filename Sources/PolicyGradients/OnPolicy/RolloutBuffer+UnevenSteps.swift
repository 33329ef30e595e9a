// Where environments have made different numbers of steps, the columns of the batch have different heights. What lies
// behind the last step of a column is left from earlier batches: it is evaluated with the rest, but no row that is learned
// from depends on it.
extension RolloutBuffer {
  /// How many rows have been recorded.
  var recordedRows: Int { recordedSteps?.reduce(0, +) ?? rows }

  /// Whether a row has been recorded.
  @inline(__always)
  func isRecorded(_ row: Int) -> Bool {
    recordedSteps.map { row / environments < $0[row % environments] } ?? true
  }

  /// Cuts the episodes of the environments with fewer steps than others, to be bootstrapped from ``lastObservations``.
  func cutShorterColumns() {
    guard let recordedSteps else { return }
    for (environment, count) in recordedSteps.enumerated() where count < steps {
      // They are scaled with the others, again and again.
      for step in count..<steps { rewards[step * environments + environment] = 0 }
      let row = (count - 1) * environments + environment
      guard count > 0, ends[row] == .none else { continue }
      ends[row] = .truncated
      appendFinalObservation(ofRow: row).update(
        from: lastObservations + environment * observationWidth, count: observationWidth)
    }
  }
}
