import NeuralNetworks

/// Every setting of a run; together with the environment and the number of sub-environments it determines all results.
///
/// Start from an algorithm's own: ``AlgorithmCatalog``.
public struct Configuration: Codable, Equatable, Sendable {
  /// The algorithm's name in the catalog.
  public var algorithm: String
  /// The seed of every random number of the run, below 2^53.
  public var seed: UInt64 = 0

  // How much is learned from.
  /// How many epochs the run has; after each one it reports.
  public var epochs = 100
  /// How many environment steps an epoch has, all sub-environments together; rounded down to whole batches, but to one at least.
  public var stepsPerEpoch = 500
  /// How many environment steps each update learns from, all sub-environments together; 0 for a whole epoch.
  public var stepsPerUpdate = 0
  /// The least number of steps that each sub-environment makes for one update, however many there are.
  public var minimumHorizon = 60
  /// Whether each update waits until the running episodes have ended, instead of cutting them; it then begins with resets.
  public var finishesEpisodes = false
  /// Whether each epoch begins with resets, which abandon the running episodes.
  public var resetsEachEpoch = false
  /// After how many epochs a checkpoint can be taken, which resets the sub-environments; 0 for never.
  public var checkpointInterval = 20

  // What the gradient is made of.
  /// The weight Φ of each action.
  public var weight = AdvantageWeight.generalizedAdvantage
  /// What is subtracted from the weight.
  public var baseline = Baseline.value
  /// The discount γ, from 0 to 1.
  public var discount = 0.99
  /// The decay λ of generalised advantage estimation, from 0 to 1.
  public var gaeLambda = 0.97
  /// The number n of steps of the n-step advantage, at least 1.
  public var stepCount = 5
  /// Whether the weights of a batch are brought to mean 0 and standard deviation 1.
  public var normalizesAdvantages = true
  /// What the value function is fitted to.
  public var valueTarget = ValueTarget.lambdaReturn
  /// How much entropy is worth, c in L = -mean(Φ ln π) - c·mean(H); at least 0.
  public var entropyCoefficient = 0.0

  // Functions.
  /// The widths of the hidden layers of every network; empty for a linear one.
  public var hiddenSizes = [64]
  /// The function of the hidden units.
  public var activation = ActivationName.tanh
  /// How weights begin.
  public var initialization = Initialization.orthogonal
  /// Where σ of a Gaussian policy comes from.
  public var sigmaForm = SigmaForm.free
  /// ln σ at the beginning.
  public var initialLogSigma = -0.5

  // Optimisation.
  /// The rule of every step.
  public var optimizer = OptimizerName.adam
  /// The learning rate of the policy, above 0.
  public var policyLearningRate = 1e-2
  /// The learning rate of the value function, above 0.
  public var valueLearningRate = 1e-2
  /// How the learning rates change over the run.
  public var learningRateDecay = LearningRateDecay.linear
  /// How many policy steps each batch gives, at least 1; from the second on, weighted by the ratio of probabilities.
  public var policyIterations = 1
  /// How many steps the value function makes on each batch, at least 1.
  public var valueIterations = 10
  /// The greatest Euclidean norm of a gradient, which is scaled down to it; 0 for any.
  public var maximumGradientNorm = 0.0
  /// How many rows each step is taken on, at random; 0 for the whole batch.
  ///
  /// An iteration is one pass over all of them.
  public var minibatchSize = 0
  /// How far the ratio of probabilities may move from 1 before a row gives no more reason to move on; 0 for any distance.
  public var clipRatio = 0.0
  /// The divergence KL(old ‖ new) in nats after which a batch gives no more policy steps; 0 for any.
  public var targetDivergence = 0.0

  // Scales.
  /// Whether observations are brought to mean 0 and standard deviation 1 by what has been seen so far.
  public var normalizesObservations = false
  /// Whether rewards are divided by the standard deviation of the discounted return seen so far.
  public var scalesRewards = false

  /// Creates the settings that every algorithm starts from.
  public init(algorithm: String) {
    self.algorithm = algorithm
  }
}

/// The function of the hidden units, by name.
public enum ActivationName: String, CaseIterable, Codable, Sendable {
  /// The hyperbolic tangent.
  case tanh
  /// max(x, 0).
  case relu

  var function: Activation {
    switch self {
    case .tanh: .tanh
    case .relu: .relu
    }
  }
}

/// The rule that moves parameters, by name.
public enum OptimizerName: String, CaseIterable, Codable, Sendable {
  /// Adam, with β₁ 0.9, β₂ 0.999, ε 1e-8.
  case adam
  /// RMSprop in TensorFlow's form, with decay 0.99 and ε 1e-5.
  case rmsprop
  /// Plain gradient descent.
  case sgd
}

/// How the learning rates change over the run.
public enum LearningRateDecay: String, CaseIterable, Codable, Sendable {
  /// They stay.
  case none
  /// They fall on a straight line to 0.
  case linear
}
