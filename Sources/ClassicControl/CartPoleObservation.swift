import Environments

/// What an agent sees of ``CartPole``: the state, each number rounded to Float.
public struct CartPoleObservation: FloatRecord {
  /// The cart's position in metres.
  public var position: Float
  /// The cart's velocity in metres per second.
  public var velocity: Float
  /// The pole's angle in radians, 0 when upright.
  public var angle: Float
  /// The pole's angular velocity in radians per second.
  public var angularVelocity: Float

  /// Rounds a state.
  @inlinable
  public init(_ state: CartPoleState) {
    position = Float(state.position)
    velocity = Float(state.velocity)
    angle = Float(state.angle)
    angularVelocity = Float(state.angularVelocity)
  }
}
