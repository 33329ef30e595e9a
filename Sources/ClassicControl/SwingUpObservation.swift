import Environments

/// What an agent sees of ``CartPoleSwingUp``: the state with the angle by its cosine and sine, each rounded to Float.
public struct SwingUpObservation: SpaceElement, Equatable, Sendable {
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

  /// Creates an observation.
  @inlinable
  public init(position: Float, velocity: Float, cosine: Float, sine: Float, angularVelocity: Float) {
    self.position = position
    self.velocity = velocity
    self.cosine = cosine
    self.sine = sine
    self.angularVelocity = angularVelocity
  }

  /// Writes the five numbers, in the order in which they are declared.
  @inlinable
  @inline(__always)
  public func store(in batch: ValueBatch, row: Int) throws(EnvironmentError) {
    store(in: try batch.numbers(ofRow: row, width: 5, as: Float.self), at: 0)
  }

  @inlinable
  @inline(__always)
  func store(in numbers: UnsafeMutableBufferPointer<Float>, at index: Int) {
    numbers[index] = position
    numbers[index &+ 1] = velocity
    numbers[index &+ 2] = cosine
    numbers[index &+ 3] = sine
    numbers[index &+ 4] = angularVelocity
  }

  /// Reads the five numbers.
  @inlinable
  @inline(__always)
  public static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> Self {
    let numbers = try batch.numbers(ofRow: row, width: 5, as: Float.self)
    return Self(
      position: numbers[0],
      velocity: numbers[1],
      cosine: numbers[2],
      sine: numbers[3],
      angularVelocity: numbers[4]
    )
  }
}
