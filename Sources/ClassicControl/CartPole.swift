import Environments

/// A pole hinged on a cart is to be kept upright by pushing the cart to the left or to the right.
///
/// **Action**, `Discrete(2)`: 0 pushes the cart to the left, 1 to the right, both with 10 N for 0.02 s.
///
/// **Observation**, `Box(4)` of float32:
///
/// | number | meaning          | ends the episode beyond | range of the space |
/// |--------|------------------|-------------------------|--------------------|
/// | 0      | position         | ±2.4 m                  | ±4.8               |
/// | 1      | velocity         |                         | unbounded          |
/// | 2      | angle            | ±12° (0.209)            | ±0.419             |
/// | 3      | angular velocity |                         | unbounded          |
///
/// **Reward**: 1 for every step, the last one included. By Sutton and Barto's convention instead: 0 for every step, and
/// −1 for the one that ends the episode.
///
/// **Start**: four numbers, uniform in [−0.05, 0.05). The options `low` and `high` set other bounds; `state` sets the
/// four numbers themselves, and then nothing is drawn. Other options are ignored.
///
/// **End**: terminated beyond the bounds above. The limit of steps is `TimeLimit`'s.
///
/// Physics, seeding and rounding are those of Gymnasium 1.4.0's `CartPoleEnv` with its explicit Euler integrator, bit
/// for bit where the platform's sine and cosine are glibc's on x86-64.
/// Source: A. G. Barto, R. S. Sutton, C. W. Anderson, "Neuronlike Adaptive Elements That Can Solve Difficult Learning
/// Control Problems" (1983).
public struct CartPole: MechanismOfChoices {
  /// The registered versions, which differ in the length of an episode and in the return that counts as solved.
  public enum Version: String, Sendable, CaseIterable {
    case v0 = "CartPole-v0"
    case v1 = "CartPole-v1"
  }

  /// The registered name.
  public var id: String { version.rawValue }
  /// 200 steps in v0 and 500 in v1.
  public var maximumEpisodeSteps: Int { version == .v0 ? 200 : 500 }
  /// 195 in v0 and 475 in v1.
  public var rewardThreshold: Double? { version == .v0 ? 195 : 475 }
  /// Left or right.
  public static var choices: Int { 2 }

  /// The state in full precision.
  public private(set) var state = CartPoleState(position: 0, velocity: 0, angle: 0, angularVelocity: 0)
  private var generator = PCG64()
  private let version: Version
  private let usesSuttonBartoReward: Bool

  /// Creates an environment that has to be reset before its first step.
  public init(_ version: Version = .v1, usesSuttonBartoReward: Bool = false) {
    self.version = version
    self.usesSuttonBartoReward = usesSuttonBartoReward
  }

  /// Four float32 numbers, bounded at twice the bounds that end an episode.
  public var observationSpace: Space {
    let high = [2 * Self.positionLimit, .infinity, 2 * Self.angleLimit, .infinity].map { Double(Float($0)) }
    return .box(Box(shape: [4], low: .each(high.map { -$0 }), high: .each(high)))
  }

  /// Begins an episode near the upright position in the middle of the track.
  public mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> CartPoleObservation {
    var bounds = (low: -0.05, high: 0.05)
    var start: CartPoleState?
    if !options.isEmpty {
      let options = ResetOptions(options: options)
      bounds = try options.bounds(low: bounds.low, high: bounds.high)
      start = try options.cartPoleState()
    }
    if let seed { generator = PCG64(seed: seed) }
    state =
      start
      ?? CartPoleState(
        position: generator.uniform(bounds.low, bounds.high),
        velocity: generator.uniform(bounds.low, bounds.high),
        angle: generator.uniform(bounds.low, bounds.high),
        angularVelocity: generator.uniform(bounds.low, bounds.high)
      )
    return observation
  }

  /// Whether a state can be kept: it can.
  public static var offersStates: Bool { true }

  /// Carries the state and the generator.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
    try carrier.carry(&state)
    try carrier.carry(&generator)
  }

  /// The state, rounded.
  public var observation: CartPoleObservation { CartPoleObservation(state) }
  /// 1, or Sutton and Barto's.
  public var reward: Double { usesSuttonBartoReward ? (isTerminated ? -1 : 0) : 1 }
  /// Whether the pole has fallen or the cart has left the track.
  public var isTerminated: Bool {
    state.position.magnitude > Self.positionLimit || state.angle.magnitude > Self.angleLimit
  }

  /// Pushes the cart for one time step.
  @inline(__always)
  public mutating func advance(_ action: Int) { push(Int64(action)) }

  /// Pushes the carts of some rows for one time step, straight from and into the memory of a batch.
  @inline(__always)
  public static func step(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, of actions: ValueBatch, into outcome: StepBatch
  ) throws {
    let actions = try actions.numbers(ofRows: 0..<rows.upperBound, width: 1, as: Int64.self)
    let observations = try outcome.observations.numbers(ofRows: 0..<rows.upperBound, width: 4, as: Float.self)
    try check(actions[rows])
    let (rewards, isTerminated, isTruncated) = (outcome.rewards, outcome.isTerminated, outcome.isTruncated)
    CartPoleColumns.forEachBlock(of: rows) { rows, columns in
      push(environments, rows: rows, actions, columns)
      for row in rows {
        let environment = environments[row]
        environment.pointee.observation.store(in: observations, at: 4 &* row)
        rewards[row] = environment.pointee.reward
        isTerminated[row] = environment.pointee.isTerminated
        isTruncated[row] = false
      }
    }
  }

  @inline(__always)
  private static func push(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, _ actions: UnsafeMutableBufferPointer<Int64>,
    _ columns: CartPoleColumns
  ) {
    guard rows.count > 2 else {
      for row in rows { environments[row].pointee.push(actions[row]) }
      return
    }
    let first = rows.lowerBound
    // All sines and cosines before all the rest, since a call of glibc's function waits for what was begun before it.
    for index in 0..<rows.count {
      columns[index] = environments[first &+ index].pointee.state
      columns.force[index] = force(of: actions[first &+ index])
      findSineAndCosine(of: columns.angle[index], sine: columns.sine + index, cosine: columns.cosine + index)
    }
    for index in 0..<rows.count {
      advance(&columns[index], sine: columns.sine[index], cosine: columns.cosine[index], force: columns.force[index])
    }
    for index in 0..<rows.count { environments[first &+ index].pointee.state = columns[index] }
  }

  @inline(__always)
  private mutating func push(_ action: Int64) {
    let (sine, cosine) = sineAndCosine(state.angle)
    Self.advance(&state, sine: sine, cosine: cosine, force: Self.force(of: action))
  }

  @inline(__always)
  private static func check(_ actions: some Collection<Int64>) throws {
    // Without a way out in the middle, several are looked at in one instruction.
    guard actions.reduce(0, |) & ~1 != 0 else { return }
    for action in actions where action != 0 && action != 1 {
      throw EnvironmentError.invalidValue("action \(action) is outside Discrete(n=2)")
    }
  }

  private static func force(of action: Int64) -> Double { action == 1 ? push : -push }
}

extension CartPole {
  private static var gravity: Double { 9.8 }
  private static var poleMass: Double { 0.1 }
  private static var totalMass: Double { poleMass + 1.0 }
  private static var halfLength: Double { 0.5 }
  private static var poleMassLength: Double { poleMass * halfLength }
  private static var push: Double { 10 }
  private static var timeStep: Double { 0.02 }
  private static var positionLimit: Double { 2.4 }
  private static var angleLimit: Double { 12 * 2 * Double.pi / 360 }

  /// One step of the explicit Euler method; the order of every operation is part of the result.
  @inline(__always)
  private static func advance(_ state: inout CartPoleState, sine sinθ: Double, cosine cosθ: Double, force: Double) {
    let ω = state.angularVelocity
    let common = (force + poleMassLength * (ω * ω) * sinθ) / totalMass
    let angularAcceleration =
      (gravity * sinθ - cosθ * common) / (halfLength * (4.0 / 3.0 - poleMass * (cosθ * cosθ) / totalMass))
    let acceleration = common - poleMassLength * angularAcceleration * cosθ / totalMass
    state.position += timeStep * state.velocity
    state.velocity += timeStep * acceleration
    state.angle += timeStep * ω
    state.angularVelocity += timeStep * angularAcceleration
  }
}
