import NeuralNetworks

/// The settings of the steps that learn.
public enum OptimizationSettings {
  /// The rule of every step.
  public static let optimizer = Setting("optimizer", default: OptimizerName.adam, "The rule of every step.")
  /// The learning rate of the policy.
  public static let policyLearningRate = Setting(
    "pi-lr", default: 1e-2, aboveZeroTo: 1e3, "The learning rate of the policy.")
  /// The learning rate of the value function.
  public static let valueLearningRate = Setting(
    "vf-lr", default: 1e-2, aboveZeroTo: 1e3, "The learning rate of the value function.")
  /// How the learning rates change over the run.
  public static let learningRateDecay = Setting(
    "lr-decay", default: LearningRateDecay.linear, "How the learning rates change over the run.")
  /// How many steps the value function makes on each batch.
  public static let valueIterations = Setting(
    "train-v-iters", default: 10, in: 1...10_000, "Steps of the value function on each batch.")
  /// The greatest Euclidean norm of a gradient.
  public static let maximumGradientNorm = Setting(
    "max-grad-norm", default: 0.0, in: 0...1e12,
    "Gradients with a larger norm are scaled down to this one; 0 for no limit.")
  /// How much entropy is worth.
  public static let entropyCoefficient = Setting(
    "ent-coef", default: 0.0, in: 0...1e6, "The weight of the entropy bonus, c in L = -mean(Φ ln π) - c·mean(H).")
}

/// The rule that moves parameters, by name.
public enum OptimizerName: String, SettingWord {
  /// Adam, with β₁ 0.9, β₂ 0.999, ε 1e-8.
  case adam
  /// RMSprop in TensorFlow's form, with decay 0.99 and ε 1e-5.
  case rmsprop
  /// Plain gradient descent.
  case sgd

  /// An optimiser for that many parameters.
  func make(count: Int, learningRate: Double) -> any Optimizer {
    switch self {
    case .adam: Adam(count: count, learningRate: learningRate)
    case .rmsprop: RMSprop(count: count, learningRate: learningRate, epsilon: 1e-5, form: .tensorFlow)
    case .sgd: SGD(count: count, learningRate: learningRate)
    }
  }
}

/// How the learning rates change over the run.
public enum LearningRateDecay: String, SettingWord {
  /// They stay.
  case none
  /// They fall on a straight line to 0.
  case linear

  /// What the rates are multiplied by at a share of the run that is over, from 0 to 1.
  func factor(progress: Double) -> Double { self == .linear ? 1 - progress : 1 }
}
