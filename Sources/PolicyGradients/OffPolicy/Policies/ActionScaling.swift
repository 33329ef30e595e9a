import Environments

/// The one place where actions of a Box are scaled between (-1, 1), in which off-policy algorithms think, and their bounds.
///
/// a = low + (u + 1)/2 · (high - low). Exploration noise and entropies are in units of u.
public struct ActionScaling: Equatable, Sendable {
  /// The least value of each number.
  public let low: [Float]
  /// The greatest.
  public let high: [Float]

  /// The number of numbers of an action.
  public var width: Int { low.count }

  /// The scaling of a space whose every part is a Box with finite bounds.
  ///
  /// - Throws: ``TrainingError/unsupportedSpace(path:kind:reason:)`` where a bound is missing or leaves no room.
  public init(_ space: Space) throws(TrainingError) {
    var (low, high): ([Float], [Float]) = ([], [])
    for leaf in try SpaceLeaf.all(of: space, path: "action") {
      guard case .box(let box) = leaf.space else {
        throw .unsupportedSpace(
          path: leaf.path, kind: leaf.space.kind, reason: "only the numbers of a Box can be scaled to (-1, 1)")
      }
      for element in 0..<leaf.width {
        let (least, greatest) = (Float(box.low[element]), Float(box.high[element]))
        guard (greatest - least).isFinite, greatest > least else {
          throw .unsupportedSpace(
            path: leaf.path, kind: leaf.space.kind,
            reason: "number \(element) is from \(box.low[element]) to \(box.high[element]); an off-policy algorithm "
              + "scales actions to their bounds, so that these have to be finite and apart")
        }
        low.append(least)
        high.append(greatest)
      }
    }
    (self.low, self.high) = (low, high)
  }

  /// Writes `rows` actions in the units of the space; `actions` may be `units`.
  @inline(__always)
  public func scale(_ units: UnsafePointer<Float>, rows: Int, into actions: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      for index in 0..<width {
        let position = row * width + index
        let share = (max(-1, min(1, units[position])) + 1) * 0.5
        // Weighted, so that ±1 give exactly the bounds.
        actions[position] = low[index] * (1 - share) + high[index] * share
      }
    }
  }

  /// Writes `rows` actions in (-1, 1); those outside the bounds are clipped to them.
  public func unscale(_ actions: UnsafePointer<Float>, rows: Int, into units: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      for index in 0..<width {
        let position = row * width + index
        let share = (actions[position] - low[index]) / (high[index] - low[index])
        units[position] = max(-1, min(1, 2 * share - 1))
      }
    }
  }

  /// Σ ln((high - low)/2): what the density of an action has less than that of its u.
  public var logVolume: Float {
    zip(low, high).reduce(0) { $0 + logarithm(($1.1 - $1.0) / 2) }
  }
}
