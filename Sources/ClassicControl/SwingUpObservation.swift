import Environments

/// What an agent sees of ``CartPoleSwingUp``: the state with the angle by its cosine and sine, each rounded to Float.
public struct SwingUpObservation: FloatRecord {
  /// The cart's position in metres.
  public var position: Float
  /// The cart's velocity in metres per second.
  public var velocity: Float
  /// cos θ: 1 when the pole is upright, −1 when it hangs.
  public var cosine: Float
  /// sin θ.
  public var sine: Float
  /// The pole's angular velocity in radians per second.
  public var angularVelocity: Float
}
