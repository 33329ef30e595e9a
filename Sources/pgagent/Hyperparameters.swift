import CommandLineOptions
import PolicyGradients

/// The hyper-parameters of a command: one line for each, under the headings of the help.
struct Hyperparameters {
  /// All that there are.
  static let training = Hyperparameters(experience: experience + resets)
  /// Those that mean something where others own the loop, and nobody can be made to reset anything.
  static let learning = Hyperparameters(experience: experience)

  static let algorithm = Option(
    "algo", .choice(AlgorithmCatalog.all.map(\.name)), default: AlgorithmCatalog.standard.name,
    help: AlgorithmCatalog.all.map { "\($0.name): \($0.summary)." }.joined(separator: " "))
  static let seed = Option(
    "seed", .seed(), default: 0, help: "The seed of all randomness; the same seed gives the same bytes.")

  private static let experience: [any ConfigurationOption] = [
    Hyperparameter("epochs", \.epochs, .integer("E", in: 1...1_000_000_000), "How many epochs to train."),
    Hyperparameter(
      "steps-per-epoch", \.stepsPerEpoch, .integer(in: 1...1_000_000_000),
      "Environment steps in an epoch, all sub-environments together."),
    Hyperparameter(
      "steps-per-update", \.stepsPerUpdate, .integer(in: 0...1_000_000_000),
      "Environment steps that each update learns from; 0 for the whole epoch."),
    Hyperparameter(
      "min-horizon", \.minimumHorizon, .integer(in: 1...16_777_216),
      "The least number of steps that each sub-environment makes for an update."),
    Hyperparameter(
      "finish-episodes", \.finishesEpisodes, .onOff,
      "Whether an update waits for the running episodes to end, instead of cutting them."),
  ]
  private static let resets: [any ConfigurationOption] = [
    Hyperparameter("reset-each-epoch", \.resetsEachEpoch, .onOff, "Begin every epoch with resets."),
    Hyperparameter(
      "checkpoint-interval", \.checkpointInterval, .integer("E", in: 0...1_000_000_000),
      "Reset and make a checkpoint possible after every E epochs; 0 for never."),
  ]
  private static let gradient: [any ConfigurationOption] = [
    Hyperparameter(
      "weight", \.weight, .choice(of: AdvantageWeight.self), "The weight Φ of each action in the policy gradient."),
    Hyperparameter("baseline", \.baseline, .choice(of: Baseline.self), "What is subtracted from the weight."),
    Hyperparameter("gamma", \.discount, .number(in: 0...1), "The discount γ of future rewards."),
    Hyperparameter("lam", \.gaeLambda, .number(in: 0...1), "The decay λ of generalised advantage estimation."),
    Hyperparameter("n-steps", \.stepCount, .integer(in: 1...1_000_000), "The n of the n-step advantage."),
    Hyperparameter(
      "normalize-advantages", \.normalizesAdvantages, .onOff, "Bring the weights of a batch to mean 0 and deviation 1."),
    Hyperparameter(
      "value-target", \.valueTarget, .choice(of: ValueTarget.self), "What the value function is fitted to."),
    Hyperparameter("ent-coef", \.entropyCoefficient, .number(in: 0...1e6), "How much entropy is worth in the loss."),
  ]
  private static let networks: [any ConfigurationOption] = [
    Hyperparameter(
      "hidden", \.hiddenSizes, .integers(in: 1...65536, count: 0...16),
      "Widths of the hidden layers; none for a linear policy."),
    Hyperparameter("activation", \.activation, .choice(of: ActivationName.self), "The function of the hidden units."),
    Hyperparameter("init", \.initialization, .choice(of: Initialization.self), "How weights begin."),
    Hyperparameter(
      "sigma", \.sigmaForm, .choice(of: SigmaForm.self), "Where the deviation σ of a Gaussian policy comes from."),
    Hyperparameter("log-std", \.initialLogSigma, .number(in: -20...5), "ln σ at the beginning."),
  ]
  private static let optimisation: [any ConfigurationOption] = [
    Hyperparameter("optimizer", \.optimizer, .choice(of: OptimizerName.self), "The rule of every step."),
    Hyperparameter("pi-lr", \.policyLearningRate, .number(above: 0), "The learning rate of the policy."),
    Hyperparameter("vf-lr", \.valueLearningRate, .number(above: 0), "The learning rate of the value function."),
    Hyperparameter(
      "lr-decay", \.learningRateDecay, .choice(of: LearningRateDecay.self),
      "How the learning rates change over the run."),
    Hyperparameter(
      "train-pi-iters", \.policyIterations, .integer(in: 1...10000), "Policy steps on each batch."),
    Hyperparameter(
      "train-v-iters", \.valueIterations, .integer(in: 1...10000), "Steps of the value function on each batch."),
    Hyperparameter(
      "minibatch-size", \.minibatchSize, .integer(in: 0...1_000_000_000),
      "Rows of each of those steps, at random; 0 for the whole batch. An iteration is one pass over all rows."),
    Hyperparameter(
      "clip-ratio", \.clipRatio, .number(in: 0...1e6),
      "How far from 1 the ratio of new to old probability gives a reason to go; 0 for any distance."),
    Hyperparameter(
      "max-grad-norm", \.maximumGradientNorm, .number(in: 0...1e12), "The greatest norm of a gradient; 0 for any."),
    Hyperparameter(
      "target-kl", \.targetDivergence, .number(in: 0...1e6),
      "The divergence after which a batch gives no more policy steps; 0 for any."),
  ]
  private static let scales: [any ConfigurationOption] = [
    Hyperparameter(
      "normalize-obs", \.normalizesObservations, .onOff, "Bring observations to mean 0 and deviation 1 as they come."),
    Hyperparameter(
      "scale-rewards", \.scalesRewards, .onOff, "Divide rewards by the deviation of the discounted return so far."),
  ]

  private let sections: [(heading: String, options: [any ConfigurationOption])]

  private init(experience: [any ConfigurationOption]) {
    sections = [
      ("Experience", experience), ("Policy gradient", Self.gradient), ("Networks", Self.networks),
      ("Optimisation", Self.optimisation), ("Scales", Self.scales),
    ]
  }

  var groups: [OptionGroup] { sections.map { OptionGroup($0.heading, $0.options.map(\.declared)) } }

  /// The algorithm's settings, with whatever the command line says instead.
  func configuration(_ arguments: Arguments) throws(UsageError) -> Configuration {
    let algorithm = AlgorithmCatalog.algorithm(named: arguments[Self.algorithm]) ?? AlgorithmCatalog.standard
    var configuration = algorithm.configuration
    configuration.seed = UInt64(arguments[Self.seed])
    for section in sections {
      for option in section.options { option.apply(arguments, to: &configuration) }
    }
    do throws(TrainingError) { try configuration.validate() } catch { throw .conflict(error.description) }
    return configuration
  }

  /// The names of those that are on the command line.
  func given(_ arguments: Arguments) -> [String] {
    sections.flatMap { $0.options.filter { $0.isGiven(arguments) }.map(\.name) }
  }

  /// Refuses a command line that would change the settings of a run that is gone on with.
  ///
  /// - Parameter others: further options that are fixed, and whether they are given.
  func refuseChanges(
    of run: String, _ arguments: Arguments, alsoFixed others: [(name: String, isGiven: Bool)]
  ) throws(UsageError) {
    let fixed =
      given(arguments).map { ($0, true) }
      + [("algo", arguments.isGiven(Self.algorithm)), ("seed", arguments.isGiven(Self.seed))] + others
    guard let name = fixed.first(where: \.1)?.0 else { return }
    throw .conflict("--\(name) cannot be changed by --resume, which goes on with the settings of \(run)")
  }
}

extension ValueType where Value == Bool {
  /// The words `on` and `off`.
  static var onOff: Self { .choice([(word: "on", value: true), (word: "off", value: false)], placeholder: "on|off") }
}
