import Kernels

extension RolloutBuffer {
  /// Settles which rows are learned from: those of the steps that are used, the policy's own in front.
  ///
  /// It comes after the weights have been estimated, because they need the order of time.
  public func selectRows() {
    let usedSteps = usedSteps ?? recordedSteps
    if usedSteps == nil, lostRows.isEmpty {
      useAllRows()
    } else {
      compact(usedSteps: usedSteps ?? Array(repeating: steps, count: environments))
    }
    separateForeignActions()
  }

  /// Brings the weights of the policy's rows to mean 0 and standard deviation 1; to 0 where they are all the same.
  public func normalizeAdvantages() {
    guard policyRows > 0 else { return }
    let mean = Kernel.mean(advantages, count: policyRows)
    let deviation = Kernel.variance(advantages, count: policyRows).squareRoot()
    let scale = Float(1 / (deviation + 1e-8))
    for row in 0..<policyRows { advantages[row] = (advantages[row] - Float(mean)) * scale }
  }

  /// Subtracts V(o) from the weights of the policy's rows.
  public func subtractValues() {
    for row in 0..<rows { advantages[row] -= values[row] }
  }

  /// 1 - Var(target - V) / Var(target): 1 for a perfect value function, 0 for one that is no better than the mean.
  var explainedVariance: Double? {
    let rows = learnableRows
    let total = Kernel.variance(targets, count: rows)
    guard total > 0 else { return nil }
    var (sum, squares) = (0.0, 0.0)
    for row in 0..<rows {
      let error = Double(targets[row]) - Double(values[row])
      sum += error
      squares += error * error
    }
    let mean = sum / Double(rows)
    return 1 - (squares / Double(rows) - mean * mean) / total
  }

  /// The ranges of rows that steps are taken on, of about equal size; all of them where the size is 0.
  func minibatches(of size: Int, rows: Int) -> [Range<Int>] {
    let count = size > 0 ? max(1, (rows + size / 2) / size) : 1
    return (0..<count).map { $0 * rows / count..<($0 + 1) * rows / count }
  }
}
