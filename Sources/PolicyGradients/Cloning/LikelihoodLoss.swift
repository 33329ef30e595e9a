import NeuralNetworks

/// The loss of actions that somebody else has chosen: L = -mean ln π(a|o).
final class LikelihoodLoss {
  /// The least ln σ that it still pulls further down: of somebody who always does the same the likelihood has no bound.
  private static let leastLogSigma: Float = -3

  private let workspace = PolicyWorkspace()
  private let logs = Memory<Float>(count: MLP.blockRows, filledWith: 0)
  private let weights = Memory<Float>(count: MLP.blockRows, filledWith: 0)

  /// Adds the gradient over some rows to the policy's, and returns the sum of ln π.
  func accumulateGradients(_ policy: PolicyNetwork, _ rows: ForeignRows) -> Double {
    let distribution = policy.distribution
    let (normalized, width) = (distribution.normalized, distribution.parameterCount)
    var sum = 0.0
    policy.accumulateGradients(rows.observations.pointer, rows: rows.count, workspace) { block, parameters, gradient in
      rows.prepare(parameters, block, distribution)
      let actions = rows.actions.pointer + block.lowerBound * distribution.actionCount
      normalized.logProbabilities(parameters, of: actions, rows: block.count, into: logs.pointer)
      for row in 0..<block.count {
        sum += Double(logs[row])
        // Descent on L is ascent on ln π.
        weights[row] = -1 / Float(rows.count)
      }
      normalized.addGradients(
        parameters, of: actions, rows: block.count, weights: weights.pointer, entropyWeight: 0, into: gradient)
      for row in 0..<block.count {
        for column in distribution.logSigmaColumns {
          let place = row * width + column
          if parameters[place] < Self.leastLogSigma, gradient[place] > 0 { gradient[place] = 0 }
        }
      }
    }
    return sum
  }

  /// The sum of ln π over at most a block of rows.
  func sumOfLogs(_ policy: PolicyNetwork, _ rows: ForeignRows) -> Double {
    let parameters = policy.forward(rows.observations.pointer, rows: rows.count, workspace)
    rows.prepare(parameters, 0..<rows.count, policy.distribution)
    policy.distribution.normalized.logProbabilities(
      parameters, of: rows.actions.pointer, rows: rows.count, into: logs.pointer)
    return (0..<rows.count).reduce(0) { $0 + Double(logs[$1]) }
  }
}
