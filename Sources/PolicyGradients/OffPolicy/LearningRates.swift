import NeuralNetworks

/// The learning rates of some optimisers, which a schedule multiplies.
struct LearningRates {
  private let optimizers: [any Optimizer]
  private let rates: [Double]

  init(_ optimizers: [any Optimizer]) {
    (self.optimizers, rates) = (optimizers, optimizers.map(\.learningRate))
  }

  func set(factor: Double) {
    for (optimizer, rate) in zip(optimizers, rates) { optimizer.learningRate = rate * factor }
  }
}
