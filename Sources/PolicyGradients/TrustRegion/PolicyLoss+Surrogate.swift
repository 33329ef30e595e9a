extension PolicyLoss {
  /// What a step is to raise, mean(ρ Φ) + c·mean(H), and the mean KL(π_old ‖ π), of the policy as it is now.
  func surrogate(
    _ policy: PolicyNetwork, _ batch: RolloutBuffer, entropyCoefficient: Double
  ) -> (objective: Double, divergence: Double) {
    let (normalized, width) = (policy.distribution.normalized, policy.distribution.parameterCount)
    let old = oldDistributions(of: batch, width: width)
    let (logs, oldLogs) = (logProbabilities.pointer, oldLogProbabilities.pointer)
    let (entropies, divergences) = (entropies.pointer, divergences.pointer)
    var (objective, divergence) = (0.0, 0.0)
    forEachBlock(policy, batch) { range, parameters in
      let (first, rows) = (range.lowerBound, range.count)
      let (actions, blockOld) = (batch.actions + first * batch.actionWidth, old + first * width)
      normalized.logProbabilities(parameters, of: actions, rows: rows, into: logs)
      normalized.logProbabilities(blockOld, of: actions, rows: rows, into: oldLogs)
      normalized.entropies(parameters, rows: rows, into: entropies)
      normalized.divergences(from: blockOld, to: parameters, rows: rows, into: divergences)
      for row in 0..<rows {
        objective += Double(batch.advantages[first + row] * exponential(logs[row] - oldLogs[row]))
        objective += entropyCoefficient * Double(entropies[row])
        divergence += Double(divergences[row])
      }
    }
    let rows = Double(max(batch.policyRows, 1))
    return (objective / rows, divergence / rows)
  }
}
