import Environments

/// Where a cart on a track and the pole on it are, and how they move.
public struct CartPoleState: Equatable, Sendable {
  /// The cart's position x in metres, 0 at the middle of the track.
  public var position: Double
  /// The cart's velocity ẋ in metres per second.
  public var velocity: Double
  /// The pole's angle θ in radians, 0 when upright; never wrapped.
  public var angle: Double
  /// The pole's angular velocity in radians per second.
  public var angularVelocity: Double

  /// Creates a state.
  @inlinable
  public init(position: Double, velocity: Double, angle: Double, angularVelocity: Double) {
    self.position = position
    self.velocity = velocity
    self.angle = angle
    self.angularVelocity = angularVelocity
  }
}

extension StateCarrier {
  /// Carries the four numbers of a cart and a pole.
  mutating func carry(_ state: inout CartPoleState) throws(EnvironmentError) {
    try carry(&state.position)
    try carry(&state.velocity)
    try carry(&state.angle)
    try carry(&state.angularVelocity)
  }
}
