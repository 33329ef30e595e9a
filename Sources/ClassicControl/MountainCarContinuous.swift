import Environments

/// ``MountainCar`` with an engine of any strength, which costs what it is used.
///
/// **Action**, `Box(−1, 1, (1,))` of float32: the force in units of 0.0015; the environment clips it.
///
/// **Observation**, `Box(2)` of float32: position in [−1.2, 0.6] and velocity in [−0.07, 0.07].
///
/// **Reward**: −0.1 a² of the action before it is clipped, and 100 more for the step that reaches the goal.
///
/// **Start**: a position uniform in [−0.6, −0.4), at rest. The options `low` and `high` set other bounds; `state` sets
/// position and velocity themselves, and then nothing is drawn.
///
/// **End**: terminated at 0.45 and beyond, unless the car moves to the left. The limit of steps is `TimeLimit`'s.
///
/// Physics, seeding and rounding are those of Gymnasium 1.4.0's `Continuous_MountainCarEnv`, told float32 actions, bit for
/// bit where the platform's functions are glibc's on x86-64. Its first step after a reset computes in Double, and rounds
/// the state to Float; every later one computes in Float.
public struct MountainCarContinuous: Mechanism {
  /// A force.
  public struct Action: FloatRecord {
    /// The force, −1 for the greatest to the left, 1 to the right.
    public var force: Float

    /// Creates an action.
    public init(force: Float) { self.force = force }
  }

  /// What an agent sees: the state, rounded to Float.
  public struct Observation: FloatRecord {
    /// The position along the x axis.
    public var position: Float
    /// The change of the position in a step.
    public var velocity: Float
  }

  /// The registered name.
  public var id: String { "MountainCarContinuous-v0" }
  /// 999 steps.
  public var maximumEpisodeSteps: Int { 999 }
  /// The goal is reached with a tenth of the greatest reward to spare.
  public var rewardThreshold: Double? { 90 }

  /// The position along the x axis.
  public private(set) var position = 0.0
  /// The change of the position in a step.
  public private(set) var velocity = 0.0
  /// The reward of the last step.
  public private(set) var reward = 0.0
  private var isRounded = false
  private var generator = PCG64()

  /// Creates an environment that has to be reset before its first step.
  public init() {}

  /// Position and velocity within their bounds.
  public var observationSpace: Space {
    let (low, high) = ([Self.leftEnd, -Self.greatestSpeed], [Self.rightEnd, Self.greatestSpeed])
    return .box(Box(shape: [2], low: .each(low.map { Double(Float($0)) }), high: .each(high.map { Double(Float($0)) })))
  }
  /// One force.
  public var actionSpace: Space { .box(Box(shape: [1], low: .same(-1), high: .same(1))) }

  /// The state, rounded.
  public var observation: Observation { Observation(position: Float(position), velocity: Float(velocity)) }
  /// Whether the car has reached the goal.
  public private(set) var isTerminated = false

  /// Whether a state can be kept: it can.
  public static var offersStates: Bool { true }

  /// Carries position and velocity, whether they have been rounded, and the generator.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
    try carrier.carry(&position)
    try carrier.carry(&velocity)
    try carrier.carry(&isRounded)
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
    isRounded = false
    return observation
  }
}

extension MountainCarContinuous {
  private static var power: Double { 0.0015 }
  private static var gravity: Double { 0.0025 }
  private static var greatestSpeed: Double { 0.07 }
  private static var leftEnd: Double { -1.2 }
  private static var rightEnd: Double { 0.6 }
  private static var goal: Double { 0.45 }

  /// Drives for one time step; the order and the precision of every operation are part of the result.
  @inline(__always)
  public mutating func advance(_ action: Action) {
    let angle = isRounded ? Double(3 * Float(position)) : 3 * position
    let slope = Self.gravity * libraryCosine(angle)
    let push = action.force
    // A force within the bounds is a float32 in NumPy and makes its product one; a bound is a Double in Python.
    let change =
      push.magnitude <= 1
      ? Double(push * Float(Self.power) - Float(slope)) : (push < 0 ? -1 : 1) * Self.power - slope
    if isRounded { roll(Float(position), Float(velocity) + Float(change)) } else { roll(position, velocity + change) }
    isRounded = true
    reward = (isTerminated ? 100 : 0) - librarySquare(Double(push)) * 0.1
  }

  @inline(__always)
  private mutating func roll<Number: BinaryFloatingPoint>(_ position: Number, _ velocity: Number) {
    let greatestSpeed = Number(Self.greatestSpeed)
    var velocity = max(-greatestSpeed, min(greatestSpeed, velocity))
    let position = max(Number(Self.leftEnd), min(Number(Self.rightEnd), position + velocity))
    if position == Number(Self.leftEnd) && velocity < 0 { velocity = 0 }
    isTerminated = position >= Number(Self.goal) && velocity >= 0
    self.position = Double(Float(position))
    self.velocity = Double(Float(velocity))
  }
}
