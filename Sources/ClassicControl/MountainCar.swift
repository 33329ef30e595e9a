import Environments

/// A car in a valley is to reach the top of the right hill with an engine that is too weak to climb it at once.
///
/// **Action**, `Discrete(3)`: 0 drives to the left, 1 lets the car roll, 2 drives to the right.
///
/// **Observation**, `Box(2)` of float32: position in [−1.2, 0.6] and velocity in [−0.07, 0.07]. The lowest point is
/// −π/6, the left end is a wall that stops the car.
///
/// **Reward**: −1 for every step.
///
/// **Start**: a position uniform in [−0.6, −0.4), at rest. The options `low` and `high` set other bounds; `state` sets
/// position and velocity themselves, and then nothing is drawn.
///
/// **End**: terminated at 0.5 and beyond, unless the car moves to the left. The limit of steps is `TimeLimit`'s.
///
/// Physics, seeding and rounding are those of Gymnasium 1.4.0's `MountainCarEnv`, bit for bit where the platform's cosine
/// is glibc's on x86-64. Source: A. W. Moore, "Efficient Memory-Based Learning for Robot Control" (1990).
public struct MountainCar: MechanismOfChoices {
  /// What an agent sees: the state, rounded to Float.
  public struct Observation: FloatRecord {
    /// The position along the x axis.
    public var position: Float
    /// The change of the position in a step.
    public var velocity: Float
  }

  /// The registered name.
  public var id: String { "MountainCar-v0" }
  /// 200 steps.
  public var maximumEpisodeSteps: Int { 200 }
  /// The goal is reached in 110 steps.
  public var rewardThreshold: Double? { -110 }
  /// Left, none, right.
  public static var choices: Int { 3 }

  /// The position along the x axis.
  public private(set) var position = 0.0
  /// The change of the position in a step.
  public private(set) var velocity = 0.0
  private var generator = PCG64()

  /// Creates an environment that has to be reset before its first step.
  public init() {}

  /// Position and velocity within their bounds.
  public var observationSpace: Space {
    let (low, high) = ([Self.leftEnd, -Self.greatestSpeed], [Self.rightEnd, Self.greatestSpeed])
    return .box(Box(shape: [2], low: .each(low.map { Double(Float($0)) }), high: .each(high.map { Double(Float($0)) })))
  }

  /// The state, rounded.
  public var observation: Observation { Observation(position: Float(position), velocity: Float(velocity)) }
  /// −1 for every step.
  public var reward: Double { -1 }
  /// Whether the car has reached the goal.
  public var isTerminated: Bool { position >= Self.goal && velocity >= 0 }

  /// Whether a state can be kept: it can.
  public static var offersStates: Bool { true }

  /// Carries position, velocity and the generator.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
    try carrier.carry(&position)
    try carrier.carry(&velocity)
    try carrier.carry(&generator)
  }

  /// Begins an episode at rest near the bottom of the valley.
  public mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Observation {
    let options = ResetOptions(options: options)
    let bounds = try options.bounds(low: -0.6, high: -0.4)
    let start = try options.state("position", "velocity")
    if let seed { generator = PCG64(seed: seed) }
    position = start?[0] ?? generator.uniform(bounds.low, bounds.high)
    velocity = start?[1] ?? 0
    return observation
  }
}

extension MountainCar {
  private static var force: Double { 0.001 }
  private static var gravity: Double { 0.0025 }
  private static var greatestSpeed: Double { 0.07 }
  private static var leftEnd: Double { -1.2 }
  private static var rightEnd: Double { 0.6 }
  private static var goal: Double { 0.5 }

  /// Drives for one time step; the order of every operation is part of the result.
  @inline(__always)
  public mutating func advance(_ action: Int) {
    velocity += Double(action - 1) * Self.force + libraryCosine(3 * position) * -Self.gravity
    velocity = max(-Self.greatestSpeed, min(Self.greatestSpeed, velocity))
    position = max(Self.leftEnd, min(Self.rightEnd, position + velocity))
    if position == Self.leftEnd && velocity < 0 { velocity = 0 }
  }
}
