extension RolloutBuffer {
  /// Takes back a row of whose step nothing is known, the latest of its environment.
  ///
  /// Its episode ends with the step before, cut at the observation of this row, which is the last that was seen. Of this row
  /// only its place is left until ``selectRows()``, because all environments have as many.
  func lose(row: Int) {
    lostRows.append(row)
    (ends[row], rewards[row]) = (.truncated, 0)
    let previous = row - environments
    guard previous >= 0, ends[previous] == .none else { return }
    ends[previous] = .truncated
    let target = appendFinalObservation(ofRow: previous)
    target.update(from: observations + row * observationWidth, count: observationWidth)
  }

  /// Whether nothing is known of the step of a row.
  func isLost(_ row: Int) -> Bool { !lostRows.isEmpty && lostRows.contains(row) }
}
