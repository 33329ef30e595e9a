extension EnvironmentBatch {
  /// Nothing is promised.
  public var neverFails: Bool { false }
  /// Every action is always legal.
  public var offersMasks: Bool { false }
  /// Forbids nothing.
  public func writeMask(of index: Int, into masks: MaskBatch, row: Int) {}

  /// No state is kept.
  public var offersStates: Bool { false }
  /// No state is kept.
  public func state(of index: Int) throws(EnvironmentError) -> String { "" }
  /// Takes no state.
  public func restore(_ index: Int, to state: String) throws(EnvironmentError) {
    throw .invalidValue("no state is kept")
  }

  /// There is nothing to see.
  public var framesPerSecond: Double? { nil }
  /// There is nothing to see.
  public func scene(of index: Int) -> Scene? { nil }

  /// Applies rows `range` of `actions`, and begins new episodes where one has ended, within the same step.
  ///
  /// The last observation and info of an ended episode go to the outcome's final ones, so that nothing is lost. The random
  /// numbers run on (protocol/SPEC.md 12.5, 12.7).
  public func stepAndReset(_ range: Range<Int>, actions: ValueBatch, into outcome: StepBatch) throws {
    try step(range, actions: actions, into: outcome)
    try outcome.forEachEndedRow(in: range) { row in
      outcome.keepFinal(row)
      try reset(row, seed: nil, options: Dictionary(), into: outcome.observations, row: row)
    }
    if outcome.masks.width > 0 { writeMasks(of: range, into: outcome.masks) }
  }

  /// Writes the masks of sub-environments to their own rows.
  public func writeMasks(of range: Range<Int>, into masks: MaskBatch) {
    guard masks.width > 0 else { return }
    masks.allowEverything(in: range)
    for row in range { writeMask(of: row, into: masks, row: row) }
  }
}
