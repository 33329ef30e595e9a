extension Configuration {
  /// Throws a sentence about the first setting that is outside its range or contradicts another.
  public func validate() throws(TrainingError) {
    try require("algorithm", algorithm, AlgorithmCatalog.algorithm(named: algorithm) != nil, AlgorithmCatalog.names)
    try require("seed", seed, seed < 1 << 53, "less than 2^53")
    try requireInteger("epochs", epochs, 1...(1 << 40))
    try requireInteger("stepsPerEpoch", stepsPerEpoch, 1...(1 << 32))
    try requireInteger("stepsPerUpdate", stepsPerUpdate, 0...(1 << 32))
    try requireInteger("minimumHorizon", minimumHorizon, 1...(1 << 24))
    try requireInteger("checkpointInterval", checkpointInterval, 0...(1 << 40))
    try requireNumber("discount", discount, 0...1)
    try requireNumber("gaeLambda", gaeLambda, 0...1)
    try requireInteger("stepCount", stepCount, 1...(1 << 24))
    try requireNumber("entropyCoefficient", entropyCoefficient, 0...1e6)
    try require(
      "hiddenSizes",
      hiddenSizes,
      hiddenSizes.count <= 16 && hiddenSizes.allSatisfy { (1...65536).contains($0) },
      "at most 16 widths of 1 ... 65536"
    )
    try requireNumber("initialLogSigma", initialLogSigma, -20...5)
    for (name, rate) in [("policyLearningRate", policyLearningRate), ("valueLearningRate", valueLearningRate)] {
      try require(name, rate, rate > 0 && rate <= 1e3, "above 0 and at most 1000")
    }
    try requireInteger("policyIterations", policyIterations, 1...10_000)
    try requireInteger("valueIterations", valueIterations, 1...10_000)
    try requireNumber("maximumGradientNorm", maximumGradientNorm, 0...1e12)
    try requireInteger("minibatchSize", minibatchSize, 0...(1 << 32))
    try requireNumber("clipRatio", clipRatio, 0...1e6)
    try requireNumber("targetDivergence", targetDivergence, 0...1e6)
    try require(
      "baseline",
      baseline.rawValue,
      !weight.containsValue || baseline == .value,
      "value, because the weight \(weight.rawValue) contains the value function"
    )
    try require(
      "stepsPerUpdate",
      stepsPerUpdate,
      !finishesEpisodes || stepsPerUpdate == 0,
      "0 where finishesEpisodes is true, because each update then begins with resets"
    )
  }

  /// Whether a value function is learned.
  public var learnsValue: Bool { baseline == .value }

  private func requireInteger(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(TrainingError) {
    try require(name, value, range.contains(value), "from \(range.lowerBound) to \(range.upperBound)")
  }

  private func requireNumber(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws(TrainingError) {
    try require(name, value, range.contains(value), "from \(range.lowerBound) to \(range.upperBound)")
  }

  private func require(
    _ name: String,
    _ value: some Any,
    _ holds: Bool,
    _ requirement: String
  ) throws(TrainingError) {
    guard holds else { throw .unusableSetting(name: name, value: "\(value)", requirement: requirement) }
  }
}
