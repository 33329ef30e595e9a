import Environments
import JSONLines

extension Examination {
  /// Whether an action has a Box in it, so that `logp` is a density and not a probability.
  private var hasDensity: Bool { facts.actionSpace.parts.contains { $0.kind == "Box" } }

  /// `logp` has to be the natural logarithm of the probability, or the density, of the action beside it (clause 16.1).
  ///
  /// - Throws: a ``Departure``; by chance alone with a probability below ``Likelihood/errorRate``.
  func requireTrueEstimates(_ conversation: Conversation) throws {
    let seen = try uncertainAndUneven(conversation)
    guard let most = seen.first, most.samples.first?.logp != nil else { return }
    if hasDensity { return try requireTrueDensity(conversation, most.observation) }
    for samples in seen { try requireTrueProbabilities(conversation, samples, comparisons: seen.count) }
  }

  /// Counts the actions that were seen at one observation, and holds the counts against the probabilities that were told.
  private func requireTrueProbabilities(
    _ conversation: Conversation, _ samples: ActionSamples, comparisons: Int
  ) throws {
    // Which actions are counted is settled before they are counted.
    let counted = Array(Set(samples.samples.map(\.action)).sorted().prefix(64))
    try samples.requireOneEstimate()
    var later = ActionSamples(observation: samples.observation)
    try later.draw(1_500, from: conversation)
    try later.requireOneEstimate()
    let groups = later.groups
    let sum = groups.values.reduce(0) { $0 + Likelihood.probability($1[0].logp ?? 0) }
    guard sum <= 1.001, let any = later.samples.first else {
      throw later.samples[0].reply.departure(
        clause: "16.1", expected: "natural logarithms of probabilities in logp, which add up to no more than 1",
        came: "those of \(groups.count) actions at one observation add up to \(sum)")
    }
    for action in counted {
      let count = groups[action]?.count ?? 0
      guard let sample = groups[action]?[0] ?? samples.groups[action]?[0], let logp = sample.logp else { continue }
      let probability = Likelihood.probability(logp)
      guard
        !Likelihood.allows(
          count, of: later.samples.count, probability: probability * 0.999...min(1, probability * 1.001),
          comparisons: comparisons * counted.count)
      else { continue }
      throw any.reply.departure(
        clause: "16.1", expected: "the natural logarithm of the action's probability in logp",
        came: "the action \(action), whose logp is \(logp), came \(count) times in \(later.samples.count), "
          + "and not about \(Int(probability * Double(later.samples.count)))")
    }
  }

  /// The same for one number, whose density is summed up between the points at which it was told.
  private func requireTrueDensity(_ conversation: Conversation, _ observation: String) throws {
    guard case .box(let box) = facts.actionSpace, box.shape.elementCount == 1 else { return }
    func draw() throws -> [(place: Double, density: Double, sample: ActionSamples.Sample)] {
      var samples = ActionSamples(observation: observation)
      try samples.draw(1_000, from: conversation)
      return samples.samples.compactMap { sample in
        sample.reply.number.map { ($0, Likelihood.probability(sample.logp ?? 0), sample) }
      }
    }
    let told = try draw().sorted { $0.place < $1.place }
    let inner = told.filter { $0.place > box.low[0] && $0.place < box.high[0] }
    for bound in [box.low[0], box.high[0]] {
      let clipped = told.filter { $0.place == bound }
      guard clipped.count >= 8, Set(clipped.map(\.density)).count == 1, Set(inner.map(\.density)).count > 8 else {
        continue
      }
      throw clipped[0].sample.reply.departure(
        clause: "16.7", expected: "in logp that of the action before it was clipped, which differs",
        came: "logp is the same for \(clipped.count) actions that were clipped to \(bound)")
    }
    guard inner.count >= 300 else { return }
    let counted = try draw()
    for part in [0.02, 0.25] {
      let (first, last) = (Int(part * Double(inner.count)), Int((1 - part) * Double(inner.count)) - 1)
      let within = inner[first...last]
      let count = counted.count { $0.place >= inner[first].place && $0.place <= inner[last].place }
      let mass = Likelihood.mass(of: within.map { ($0.place, $0.density) })
      let probability = min(1, mass.lowerBound * 0.98)...min(1, mass.upperBound * 1.02)
      guard
        mass.lowerBound > 1.05
          || !Likelihood.allows(count, of: counted.count, probability: probability, comparisons: 2)
      else { continue }
      throw counted[0].sample.reply.departure(
        clause: "16.1", expected: "the natural logarithm of the action's density in logp",
        came: "\(count) of \(counted.count) actions are from \(inner[first].place) to \(inner[last].place), "
          + "where the densities that were told add up to \((mass.lowerBound + mass.upperBound) / 2)")
    }
  }

  private static let drawsForTheMiddle = 1_500

  /// A deterministic action has to be the most probable one, or the mean (clause 16.4).
  func requireMostProbable(_ conversation: Conversation) throws {
    let texts = [try mostUncertain(conversation).observation] + (try inner(conversation, 3))
    for observation in texts {
      let certain = try conversation.act(observation, #""deterministic":true"#)
      var samples = ActionSamples(observation: observation)
      try samples.draw(Self.drawsForTheMiddle, from: conversation)
      let action = (certain.value["action"] ?? .null).text
      if hasDensity {
        try requireMiddle(certain, samples)
      } else if let best = samples.samples.compactMap(\.logp).max(), let own = certain.value["logp"]?.double {
        guard own < best - 1e-3 else { continue }
        throw certain.departure(
          clause: "16.4", expected: "the most probable action, as there is one with the logp \(best)")
      } else if let best = samples.groups.max(by: { $0.value.count < $1.value.count }) {
        // Hoeffding's bound on the difference of two counts, of which the first has the larger mean.
        let own = samples.groups[action]?.count ?? 0
        let tolerance =
          (2 * Double(Self.drawsForTheMiddle)
          * Likelihood.logarithm(Double(texts.count * samples.groups.count) / Likelihood.errorRate))
          .squareRoot()
        guard Double(best.value.count - own) > tolerance else { continue }
        throw certain.departure(
          clause: "16.4",
          expected: "the most probable action: \(best.key) came \(best.value.count) times in \(Self.drawsForTheMiddle)",
          came: "\(action), which came \(own) times")
      }
    }
  }

  /// Some observations, of a Box of one number those whose deterministic action lies within its bounds, as far as there are.
  private func inner(_ conversation: Conversation, _ count: Int) throws -> [String] {
    var observations = observations()
    guard case .box(let box) = facts.actionSpace, box.shape.elementCount == 1 else {
      return (0..<count).map { _ in observations.next() }
    }
    var found: [String] = []
    for _ in 0..<40 where found.count < count {
      let observation = observations.next()
      let action = try conversation.act(observation, #""deterministic":true"#).number ?? box.low[0]
      if action > box.low[0], action < box.high[0] { found.append(observation) }
    }
    return found
  }

  /// Of a Box of one number the deterministic action has to be where samples are dense, or in their middle.
  private func requireMiddle(_ certain: Reply, _ samples: ActionSamples) throws {
    guard case .box(let box) = facts.actionSpace, box.shape.elementCount == 1 else { return }
    guard let own = certain.number, own > box.low[0], own < box.high[0] else { return }
    let told = samples.samples.compactMap { sample in sample.reply.number.map { (place: $0, logp: sample.logp) } }
    let isClipped = told.contains { $0.place == box.low[0] || $0.place == box.high[0] }
    let nearest = told.min { ($0.place - own).magnitude < ($1.place - own).magnitude }
    let best = told.compactMap(\.logp).max() ?? .infinity
    if let logp = nearest?.logp, logp >= best - 0.02 { return }
    let below = told.count { $0.place < own }
    // Seven standard deviations of the number of samples below the median.
    if (610...890).contains(below) || told.allSatisfy({ $0.place == own }) { return }
    let mean = told.reduce(0) { $0 + $1.place } / Double(told.count)
    let spread = (told.reduce(0) { $0 + ($1.place - mean) * ($1.place - mean) } / Double(told.count)).squareRoot()
    // The mean of what was clipped does not show; that of an exponential distribution has 948 below it.
    if isClipped ? (450...1_050).contains(below) : (mean - own).magnitude <= 0.4 * spread { return }
    throw certain.departure(
      clause: "16.4", expected: "the most probable action or the mean; \(below) of \(told.count) samples are below it")
  }
}

extension Reply {
  /// The only number of the action.
  fileprivate var number: Double? { value["action"].flatMap { $0.elements?.first?.double ?? $0.double } }
}

extension ActionSamples {
  /// One action at one observation has one probability.
  fileprivate func requireOneEstimate() throws {
    for group in groups.values {
      guard let other = group.first(where: { (($0.logp ?? 0) - (group[0].logp ?? 0)).magnitude > 1e-3 }) else {
        continue
      }
      throw other.reply.departure(
        clause: "16.1",
        expected: "the logp of the same action at the same observation, as in \(group[0].reply.text.abbreviated)")
    }
  }
}
