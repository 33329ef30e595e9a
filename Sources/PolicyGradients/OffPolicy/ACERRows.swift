/// What ACER notes of each row of a batch.
final class ACERRows {
  private let memory = (0..<8).map { _ in Memory<Float>(filledWith: 0) }
  private let divergenceGradients = [Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)]

  /// V(o).
  var values: UnsafeMutablePointer<Float> { memory[0].pointer }
  /// Q(o, a).
  var actionValues: UnsafeMutablePointer<Float> { memory[1].pointer }
  /// ρ = π(a|o)/μ(a|o); 0 where μ is not known.
  var ratios: UnsafeMutablePointer<Float> { memory[2].pointer }
  /// The traces of Retrace.
  var traces: UnsafeMutablePointer<Float> { memory[3].pointer }
  /// Q^ret.
  var targets: UnsafeMutablePointer<Float> { memory[4].pointer }
  /// ln π(a|o).
  var logProbabilities: UnsafeMutablePointer<Float> { memory[5].pointer }
  /// H(π(·|o)).
  var entropies: UnsafeMutablePointer<Float> { memory[6].pointer }
  /// KL(π_avg(·|o) ‖ π(·|o)).
  var divergences: UnsafeMutablePointer<Float> { memory[7].pointer }

  func reserve(_ rows: Int) { for memory in memory { memory.reserve(rows) } }

  /// Room for one row's ∇KL, for half 0 or 1 of the work.
  func divergenceGradient(_ half: Int, width: Int) -> UnsafeMutablePointer<Float> {
    divergenceGradients[half].reserve(width)
    return divergenceGradients[half].pointer
  }

  /// The figures of a batch.
  func measure(_ batch: TrajectoryBatch, _ rule: ACERRule, _ metrics: inout Metrics) {
    guard metrics.isRecording else { return }
    var sums = (loss: 0.0, error: 0.0, value: 0.0, entropy: 0.0, divergence: 0.0, trace: 0.0)
    for row in 0..<batch.rows where batch.isTransition[row] {
      let error = Double(targets[row] - actionValues[row])
      // What somebody else chose may have no probability.
      if ratios[row] > 0 {
        sums.loss -= Double(rule.importance.weight(ratios[row]) * logProbabilities[row] * (targets[row] - values[row]))
      }
      sums.error += error * error
      sums.value += Double(actionValues[row])
      sums.entropy += Double(entropies[row])
      sums.divergence += Double(divergences[row])
      sums.trace += Double(min(1, ratios[row]))
    }
    let steps = Double(max(batch.steps, 1))
    (metrics["policy_loss"], metrics["q_loss"]) = (sums.loss / steps, sums.error / steps)
    (metrics["q_mean"], metrics["entropy"]) = (sums.value / steps, sums.entropy / steps)
    (metrics["kl"], metrics["importance"]) = (sums.divergence / steps, sums.trace / steps)
  }
}
