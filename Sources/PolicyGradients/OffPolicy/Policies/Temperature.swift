import NeuralNetworks

/// The temperature α of an entropy-regularised algorithm: what a nat of entropy is worth.
///
/// If it is learned, ln α descends -ln α · E[ln π + H̄], so that entropy is kept near H̄ (Haarnoja et al. 2018, arXiv
/// 1812.05905, section 5).
final class Temperature {
  let logarithms = Parameters(count: 1)
  let optimizer: any Optimizer
  let isLearned: Bool

  init(initial: Double, isLearned: Bool, learningRate: Double) {
    self.isLearned = isLearned
    optimizer = Adam(count: 1, learningRate: learningRate)
    logarithms.values[0] = logarithm(Float(initial))
  }

  /// α.
  var value: Float { exponential(logarithms.values[0]) }

  /// One step, given the mean of ln π + H̄ over the rows.
  func step(excess: Double) {
    guard isLearned else { return }
    logarithms.gradients[0] = -Float(excess)
    optimizer.step(logarithms)
  }
}
