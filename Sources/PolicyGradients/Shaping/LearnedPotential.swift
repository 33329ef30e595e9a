import Environments

/// A potential that is the value function of a trained policy.
///
/// Where that policy learned from scaled rewards (`--scale-rewards`), its values are on that scale.
public final class LearnedPotential: Potential {
  private let value: ValueNetwork
  private let normalizer: ObservationNormalizer?
  private let width: Int
  private let normalized: Memory<Float>
  private let outputs: Memory<Float>

  /// Takes the value function out of what a policy file holds.
  ///
  /// - Throws: ``TrainingError/unusablePotential(reason:)`` where it has none, or one of other observations.
  public init(_ snapshot: PolicySnapshot, observationSpace: Space) throws(TrainingError) {
    guard snapshot.observationSpace == observationSpace, !snapshot.wrappers.changesNumbers else {
      throw .unusablePotential(reason: "its policy was made for other observations than those of this environment")
    }
    let width = try ObservationEncoder(observationSpace).width
    guard let value = try ValueNetwork(snapshot, observationWidth: width) else {
      throw .unusablePotential(reason: "its policy has no value function; one of vpg or ppo has")
    }
    (self.value, self.width) = (value, width)
    normalizer = try snapshot.normalization.map { (statistics) throws(TrainingError) in
      try ObservationNormalizer(statistics, width: width, count: Double(max(1, snapshot.environmentSteps)))
    }
    normalized = Memory(count: width, filledWith: 0)
    outputs = Memory(filledWith: 0)
  }

  /// Writes V of each row.
  public func evaluate(
    _ observations: UnsafePointer<Float>, rows: Int, into values: UnsafeMutablePointer<Double>
  ) {
    normalized.reserve(rows * width)
    outputs.reserve(rows)
    normalized.pointer.update(from: observations, count: rows * width)
    normalizer?.apply(normalized.pointer, rows: rows)
    value.evaluate(normalized.pointer, rows: rows, into: outputs.pointer)
    for row in 0..<rows { values[row] = Double(outputs[row]) }
  }
}
