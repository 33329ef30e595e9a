/// What somebody is asked for who computes gradients of his own experience.
public struct GradientOrder: Sendable {
  /// The number of the update; with the round it says which question an answer is to.
  public var update: Int
  /// The round of the update.
  public var round: Int
  /// How many steps of each sub-environment to collect before; 0 keeps the experience of the round before.
  public var steps: Int
  /// The parts of the agent that gradients are computed by.
  public var state: [PartNumbers]
  /// The parts that belong to the sub-environments; none where nothing is collected.
  public var streamParts: [PartNumbers]

  /// Creates an order.
  public init(update: Int, round: Int, steps: Int, state: [PartNumbers], streamParts: [PartNumbers]) {
    (self.update, self.round, self.steps) = (update, round, steps)
    (self.state, self.streamParts) = (state, streamParts)
  }
}

/// Gradients, and what was seen while they were computed.
public struct GradientAnswer: Sendable {
  /// The gradients, by the names of the functions that they are of.
  public var gradients: [PartNumbers]
  /// What has been measured, by name.
  public var figures: [String: Double]
  /// The parts that belong to the sub-environments afterwards, and whatever was seen that others learn from too; none where
  /// nothing was collected.
  public var streamParts: [PartNumbers]
  /// What happened in the environments, by name; nothing where nothing was collected.
  public var counts: [String: Double]

  /// Creates an answer.
  public init(
    gradients: [PartNumbers], figures: [String: Double], streamParts: [PartNumbers], counts: [String: Double]
  ) {
    (self.gradients, self.figures) = (gradients, figures)
    (self.streamParts, self.counts) = (streamParts, counts)
  }
}

/// Somebody who computes gradients of the experience of sub-environments of its own, and is asked by one thread at a time.
public protocol GradientSource: AnyObject {
  /// How many sub-environments it has.
  var count: Int { get }

  /// Begins an episode in every sub-environment; sub-environment i gets seed `seed + i`.
  func reset(seed: UInt64) throws

  /// Computes gradients.
  ///
  /// - Returns: nil where the experience that the order is about was lost.
  func gradients(_ order: GradientOrder) throws -> GradientAnswer?
}
