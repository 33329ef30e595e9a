import Environments

/// What an agent sees of ``CartPole``: the state, each number rounded to Float.
public struct CartPoleObservation: SpaceElement, Equatable, Sendable {
  /// The cart's position in metres.
  public var position: Float
  /// The cart's velocity in metres per second.
  public var velocity: Float
  /// The pole's angle in radians, 0 when upright.
  public var angle: Float
  /// The pole's angular velocity in radians per second.
  public var angularVelocity: Float

  /// Creates an observation.
  @inlinable
  public init(position: Float, velocity: Float, angle: Float, angularVelocity: Float) {
    self.position = position
    self.velocity = velocity
    self.angle = angle
    self.angularVelocity = angularVelocity
  }

  /// Rounds a state.
  @inlinable
  public init(_ state: CartPoleState) {
    position = Float(state.position)
    velocity = Float(state.velocity)
    angle = Float(state.angle)
    angularVelocity = Float(state.angularVelocity)
  }

  /// Writes the four numbers, in the order in which they are declared.
  @inlinable
  @inline(__always)
  public func store(in batch: ValueBatch, row: Int) throws(EnvironmentError) {
    store(in: try batch.numbers(ofRow: row, width: 4, as: Float.self), at: 0)
  }

  @inlinable
  @inline(__always)
  func store(in numbers: UnsafeMutableBufferPointer<Float>, at index: Int) {
    numbers[index] = position
    numbers[index &+ 1] = velocity
    numbers[index &+ 2] = angle
    numbers[index &+ 3] = angularVelocity
  }

  /// Reads the four numbers.
  @inlinable
  @inline(__always)
  public static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> Self {
    let numbers = try batch.numbers(ofRow: row, width: 4, as: Float.self)
    return Self(position: numbers[0], velocity: numbers[1], angle: numbers[2], angularVelocity: numbers[3])
  }
}
