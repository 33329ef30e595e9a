import Environments

/// A pole that hangs from a cart is to be swung up and held there, by pushes of any strength.
///
/// **Action**, `Box(−1, 1, (1,))` of float32: the force in units of 10 N for 0.01 s; the environment clips it.
///
/// **Observation**, `Box(5)` of float32: position, velocity, cosine and sine of the angle, angular velocity. The angle θ
/// is 0 when the pole is upright.
///
/// **Reward**, in the state after the step: cos θ in v0, (1 + cos θ) / 2 in v1.
///
/// **Start**: hanging, θ near π: four normal numbers of mean (0, 0, π, 0) and standard deviation 0.2, rounded to Float.
/// They are `RandomNumberGenerator.normal()`'s, so that a seed gives another start than in other
/// implementations. The option `state` sets the four numbers in full precision, and then nothing is drawn.
///
/// **Info**, where an episode ends: `upright`, the part of its steps that ended with cos θ above 0.9, from 0 to 1.
///
/// **End**: terminated beyond ±2.4 m. The limit of steps is `TimeLimit`'s.
///
/// A cart of 0.5 kg with friction, a uniform rod of 0.5 kg and 0.6 m, explicit Euler steps in Double.
/// Source: the cart-pole of M. P. Deisenroth and C. E. Rasmussen, "PILCO: A Model-Based and Data-Efficient Approach to
/// Policy Search" (2011), by way of hardmaru's estool; the time step and both rewards are those with which the task was
/// registered for Gym as `CartPoleSwingUp-v0` and `-v1`.
public struct CartPoleSwingUp: Mechanism {
  /// The registered versions, which differ in the reward; no threshold is registered.
  public enum Version: String, Sendable, CaseIterable {
    case v0 = "CartPoleSwingUp-v0"
    case v1 = "CartPoleSwingUp-v1"
  }

  /// A push.
  public typealias Action = SwingUpAction
  /// The state with the angle by its cosine and sine.
  public typealias Observation = SwingUpObservation

  /// The registered name.
  public var id: String { version.rawValue }
  /// 500 steps.
  public var maximumEpisodeSteps: Int { 500 }

  /// The state in full precision.
  public private(set) var state = CartPoleState(position: 0, velocity: 0, angle: .pi, angularVelocity: 0)
  private var sine = 0.0
  private var cosine = -1.0
  private var generator = PCG64()
  private var (steps, uprightSteps) = (0, 0)
  private let version: Version

  /// Creates an environment that has to be reset before its first step.
  public init(_ version: Version = .v0) {
    self.version = version
  }

  /// Five float32 numbers, bounded by nothing but their type.
  public var observationSpace: Space {
    let limit = Double(Float.greatestFiniteMagnitude)
    return .box(Box(shape: [5], low: .same(-limit), high: .same(limit)))
  }

  /// One number between −1 and 1.
  public var actionSpace: Space { .box(Box(shape: [1], low: .same(-1), high: .same(1))) }

  /// Begins an episode with the pole hanging near the middle of the track.
  public mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> SwingUpObservation {
    let start = try ResetOptions(options: options).cartPoleState()
    if let seed { generator = PCG64(seed: seed) }
    state =
      start
      ?? CartPoleState(
        position: normal(around: 0),
        velocity: normal(around: 0),
        angle: normal(around: .pi),
        angularVelocity: normal(around: 0)
      )
    (steps, uprightSteps) = (0, 0)
    look()
    return observation
  }

  /// Whether a state can be kept: it can.
  public static var offersStates: Bool { true }

  /// Carries the state and the generator.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
    try carrier.carry(&state)
    try carrier.carry(&generator)
    try carrier.carry(&steps, in: 0...Int.max)
    try carrier.carry(&uprightSteps, in: 0...steps)
    look()
  }

  /// The state with the angle by its cosine and sine, rounded.
  @inline(__always)
  public var observation: SwingUpObservation {
    SwingUpObservation(
      position: Float(state.position),
      velocity: Float(state.velocity),
      cosine: Float(cosine),
      sine: Float(sine),
      angularVelocity: Float(state.angularVelocity)
    )
  }
  /// The height of the pole's end, from −1 in v0 and from 0 in v1 up to 1.
  public var reward: Double { version == .v0 ? cosine : (1 + cosine) / 2 }
  /// The part of the episode's steps after which the pole stood upright; nothing before the first.
  public var episodeInfo: [String: PlainValue] {
    steps > 0 ? ["upright": .number(Double(uprightSteps) / Double(steps))] : [:]
  }
  /// Whether the cart has left the track.
  public var isTerminated: Bool { state.position.magnitude > Self.positionLimit }

  /// Pushes the cart for one time step.
  public mutating func advance(_ action: SwingUpAction) {
    Self.advance(&state, sine: sine, cosine: cosine, force: Self.force(of: action.push))
    look()
    count()
  }

  /// Pushes the carts of some rows for one time step, straight from and into the memory of a batch.
  @inline(__always)
  public static func step(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, of actions: ValueBatch, into outcome: StepBatch
  ) throws {
    let pushes = try actions.numbers(ofRows: 0..<rows.upperBound, width: 1, as: Float.self)
    let observations = try outcome.observations.numbers(ofRows: 0..<rows.upperBound, width: 5, as: Float.self)
    let (rewards, isTerminated, isTruncated) = (outcome.rewards, outcome.isTerminated, outcome.isTruncated)
    CartPoleColumns.forEachBlock(of: rows) { rows, columns in
      push(environments, rows: rows, pushes, columns)
      for row in rows {
        let environment = environments[row]
        environment.pointee.look()
        environment.pointee.count()
        environment.pointee.observation.store(in: observations, at: 5 &* row)
        rewards[row] = environment.pointee.reward
        isTerminated[row] = environment.pointee.isTerminated
        isTruncated[row] = false
      }
    }
  }

  @inline(__always)
  private static func push(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, _ pushes: UnsafeMutableBufferPointer<Float>,
    _ columns: CartPoleColumns
  ) {
    let first = rows.lowerBound
    for index in 0..<rows.count {
      let environment = environments[first &+ index]
      columns[index] = environment.pointee.state
      columns.sine[index] = environment.pointee.sine
      columns.cosine[index] = environment.pointee.cosine
      columns.force[index] = force(of: pushes[first &+ index])
    }
    for index in 0..<rows.count {
      advance(&columns[index], sine: columns.sine[index], cosine: columns.cosine[index], force: columns.force[index])
    }
    for index in 0..<rows.count { environments[first &+ index].pointee.state = columns[index] }
  }

  @inline(__always)
  private static func force(of push: Float) -> Double { greatestForce * Double(max(-1, min(1, push))) }

  private mutating func normal(around mean: Double) -> Double {
    Double(Float(mean + 0.2 * generator.normal()))
  }

  /// Finds what the observation, the reward and the next step all need.
  @inline(__always)
  private mutating func look() { (sine, cosine) = sineAndCosine(state.angle) }

  /// Counts a step, and whether it has brought the pole upright.
  @inline(__always)
  private mutating func count() {
    steps &+= 1
    if cosine > Self.uprightCosine { uprightSteps &+= 1 }
  }
}

extension CartPoleSwingUp {
  private static var gravity: Double { 9.82 }
  private static var poleMass: Double { 0.5 }
  private static var totalMass: Double { poleMass + 0.5 }
  private static var length: Double { 0.6 }
  private static var poleMassLength: Double { poleMass * length }
  private static var friction: Double { 0.1 }
  private static var greatestForce: Double { 10 }
  private static var timeStep: Double { 0.01 }
  private static var positionLimit: Double { 2.4 }
  /// The pole is within 26 degrees of upright above this.
  private static var uprightCosine: Double { 0.9 }

  /// One step of the explicit Euler method; the order of every operation is part of the result.
  ///
  /// The sine and cosine of the angle are known, since it has been observed.
  @inline(__always)
  private static func advance(_ state: inout CartPoleState, sine s: Double, cosine c: Double, force: Double) {
    let (ẋ, ω) = (state.velocity, state.angularVelocity)
    let (m, M, ml, l, g, b) = (poleMass, totalMass, poleMassLength, length, gravity, friction)
    let acceleration = (-2 * ml * (ω * ω) * s + 3 * m * g * s * c + 4 * force - 4 * b * ẋ) / (4 * M - 3 * m * (c * c))
    let angularAcceleration =
      (-3 * ml * (ω * ω) * s * c + 6 * M * g * s + 6 * (force - b * ẋ) * c) / (4 * l * M - 3 * ml * (c * c))
    state.position += ẋ * timeStep
    state.angle += ω * timeStep
    state.velocity += acceleration * timeStep
    state.angularVelocity += angularAcceleration * timeStep
  }
}
