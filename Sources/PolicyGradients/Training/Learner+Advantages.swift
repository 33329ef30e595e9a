import Kernels

extension Learner {
  /// Fills the batch's values, advantages and targets, and settles which rows are learned from.
  public func estimateAdvantages(_ batch: RolloutBuffer, usedSteps: [Int]? = nil) {
    estimateValues(batch)
    let estimator = AdvantageEstimator(
      weight: configuration.weight,
      discount: configuration.discount,
      gaeLambda: configuration.gaeLambda,
      stepCount: configuration.stepCount
    )
    estimator.estimateWeights(batch)
    if value != nil { estimator.estimateTargets(batch, configuration.valueTarget) }
    if let usedSteps { batch.compact(usedSteps: usedSteps) } else { batch.useAllRows() }
    batch.separateForeignActions()
    guard batch.policyRows > 0 else { return }
    subtractBaseline(batch)
    if configuration.normalizesAdvantages { normalize(batch) }
    weighEarlierActions(batch)
  }

  private func estimateValues(_ batch: RolloutBuffer) {
    let (rows, count) = (batch.rows, batch.environments)
    guard let value else {
      batch.values.update(repeating: 0, count: rows)
      batch.nextValues.update(repeating: 0, count: rows)
      return
    }
    value.evaluate(batch.observations, rows: rows, into: batch.values)
    // Row r of the next values is row r + count of the values; the last step's are those of the last observations.
    batch.nextValues.update(from: batch.values + count, count: max(rows - count, 0))
    if rows > 0 { value.evaluate(batch.lastObservations, rows: count, into: batch.nextValues + (rows - count)) }
    for row in 0..<rows where batch.ends[row] == .terminated { batch.nextValues[row] = 0 }
    finalValues.reserve(batch.finalRows.count)
    value.evaluate(batch.finalObservationMemory.pointer, rows: batch.finalRows.count, into: finalValues.pointer)
    for (index, row) in batch.finalRows.enumerated() { batch.nextValues[row] = finalValues[index] }
  }

  private func subtractBaseline(_ batch: RolloutBuffer) {
    let (rows, advantages) = (batch.policyRows, batch.advantages)
    switch configuration.baseline {
    case .none: break
    case .average: subtract(Kernel.mean(advantages, count: rows), from: batch)
    case .optimal: subtract(OptimalBaseline.estimate(policy, batch), from: batch)
    case .value:
      guard !configuration.weight.containsValue else { return }
      for row in 0..<rows { advantages[row] -= batch.values[row] }
    }
  }

  private func subtract(_ baseline: Double, from batch: RolloutBuffer) {
    for row in 0..<batch.policyRows { batch.advantages[row] -= Float(baseline) }
  }

  /// Brings the advantages to mean 0 and standard deviation 1; to 0 where they are all the same.
  private func normalize(_ batch: RolloutBuffer) {
    let (rows, advantages) = (batch.policyRows, batch.advantages)
    let mean = Kernel.mean(advantages, count: rows)
    let deviation = Kernel.variance(advantages, count: rows).squareRoot()
    let scale = Float(1 / (deviation + 1e-8))
    for row in 0..<rows { advantages[row] = (advantages[row] - Float(mean)) * scale }
  }

  /// Multiplies the advantages of what an earlier version of the policy did by min(1, π(a|o) / π_earlier(a|o)).
  ///
  /// With it a step on those rows estimates the gradient at the policy as it is now. For the clipped ratio this is the
  /// decoupled objective of Hilton, Cobbe & Schulman 2021 (arXiv 2110.00641); the bound of 1 is that of V-trace (Espeholt
  /// et al. 2018, arXiv 1802.01561).
  private func weighEarlierActions(_ batch: RolloutBuffer) {
    for row in 0..<batch.policyRows where batch.sources[row] == .earlierPolicy {
      let now = loss.logProbability(policy, batch, row: row)
      batch.advantages[row] *= min(1, exponential(now - batch.logProbabilities[row]))
    }
  }
}
