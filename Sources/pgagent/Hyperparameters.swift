import CommandLineOptions
import PolicyGradients

/// Every hyper-parameter on the command line: one line for each, under the headings of the help.
enum Hyperparameters {
  static let experience: [any ConfigurationOption] = [
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
    Hyperparameter("reset-each-epoch", \.resetsEachEpoch, .onOff, "Begin every epoch with resets."),
    Hyperparameter(
      "checkpoint-interval", \.checkpointInterval, .integer("E", in: 0...1_000_000_000),
      "Reset and make a checkpoint possible after every E epochs; 0 for never."),
  ]
  static let gradient: [any ConfigurationOption] = [
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
  static let networks: [any ConfigurationOption] = [
    Hyperparameter(
      "hidden", \.hiddenSizes, .integers(in: 1...65536, count: 0...16),
      "Widths of the hidden layers; none for a linear policy."),
    Hyperparameter("activation", \.activation, .choice(of: ActivationName.self), "The function of the hidden units."),
    Hyperparameter("init", \.initialization, .choice(of: Initialization.self), "How weights begin."),
    Hyperparameter(
      "sigma", \.sigmaForm, .choice(of: SigmaForm.self), "Where the deviation σ of a Gaussian policy comes from."),
    Hyperparameter("log-std", \.initialLogSigma, .number(in: -20...5), "ln σ at the beginning."),
  ]
  static let optimisation: [any ConfigurationOption] = [
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
  static let scales: [any ConfigurationOption] = [
    Hyperparameter(
      "normalize-obs", \.normalizesObservations, .onOff, "Bring observations to mean 0 and deviation 1 as they come."),
    Hyperparameter(
      "scale-rewards", \.scalesRewards, .onOff, "Divide rewards by the deviation of the discounted return so far."),
  ]

  static let sections: [(heading: String, options: [any ConfigurationOption])] = [
    ("Experience", experience), ("Policy gradient", gradient), ("Networks", networks),
    ("Optimisation", optimisation), ("Scales", scales),
  ]

  static var groups: [OptionGroup] { sections.map { OptionGroup($0.heading, $0.options.map(\.declared)) } }

  /// The name of every option, and whether it is on the command line.
  static func given(_ arguments: Arguments) -> [(name: String, isGiven: Bool)] {
    sections.flatMap { $0.options.map { ($0.name, $0.isGiven(arguments)) } }
  }

  /// Puts everything that the command line says into the configuration.
  static func apply(_ arguments: Arguments, to configuration: inout Configuration) {
    for section in sections {
      for option in section.options { option.apply(arguments, to: &configuration) }
    }
  }
}

extension ValueType where Value == Bool {
  /// The words `on` and `off`.
  static var onOff: Self { .choice([(word: "on", value: true), (word: "off", value: false)], placeholder: "on|off") }
}
