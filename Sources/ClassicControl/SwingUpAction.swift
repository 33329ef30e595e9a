import Environments

/// What an agent tells ``CartPoleSwingUp``: how hard to push the cart, as a part of the greatest force.
public struct SwingUpAction: FloatRecord {
  /// The push, −1 for the greatest force to the left, 1 to the right.
  public var push: Float

  /// Creates an action.
  @inlinable
  public init(push: Float) { self.push = push }
}
