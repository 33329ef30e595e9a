import Environments

/// What an agent tells ``CartPoleSwingUp``: how hard to push the cart, as a part of the greatest force.
public struct SwingUpAction: SpaceElement, Equatable, Sendable {
  /// The push, −1 for the greatest force to the left, 1 to the right.
  public var push: Float

  /// Creates an action.
  @inlinable
  public init(push: Float) { self.push = push }

  /// Writes the push as the only number.
  @inlinable
  @inline(__always)
  public func store(in batch: ValueBatch, row: Int) throws(EnvironmentError) {
    try batch.numbers(ofRow: row, width: 1, as: Float.self)[0] = push
  }

  /// Reads the only number.
  @inlinable
  @inline(__always)
  public static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> Self {
    Self(push: try batch.numbers(ofRow: row, width: 1, as: Float.self)[0])
  }
}
