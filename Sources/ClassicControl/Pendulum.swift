import Environments

/// A pendulum is to be swung up and held upright by a motor that is too weak to lift it.
///
/// **Action**, `Box(−2, 2, (1,))` of float32: the torque in N·m for 0.05 s; the environment clips it.
///
/// **Observation**, `Box(3)` of float32: cosine and sine of the angle, angular velocity. The angle θ is 0 when the
/// pendulum is upright, and is never wrapped in the state.
///
/// **Reward**: −(θ² + 0.1 θ̇² + 0.001 u²) with the angle in [−π, π) and the state before the step.
///
/// **Start**: an angle uniform in [−π, π), an angular velocity uniform in [−1, 1). The options `x_init` and `y_init` set
/// other bounds of the two; `state` sets angle and angular velocity themselves, and then nothing is drawn.
///
/// **End**: never. The limit of steps is `TimeLimit`'s.
///
/// Physics, seeding and rounding are those of Gymnasium 1.4.0's `PendulumEnv`, told float32 actions, bit for bit where
/// the platform's functions are glibc's on x86-64. A uniform rod of 1 kg and 1 m; g = 10.
public struct Pendulum: Mechanism {
  /// A torque.
  public struct Action: FloatRecord {
    /// The torque in N·m.
    public var torque: Float

    /// Creates an action.
    public init(torque: Float) { self.torque = torque }
  }

  /// What an agent sees: the state with the angle by its cosine and sine, each rounded to Float.
  public struct Observation: FloatRecord {
    /// cos θ: 1 when the pendulum is upright, −1 when it hangs.
    public var cosine: Float
    /// sin θ.
    public var sine: Float
    /// The angular velocity in radians per second.
    public var angularVelocity: Float
  }

  /// The registered name.
  public var id: String { "Pendulum-v1" }
  /// 200 steps.
  public var maximumEpisodeSteps: Int { 200 }

  /// The angle θ in radians, 0 when upright; never wrapped.
  public private(set) var angle = Double.pi
  /// The angular velocity in radians per second.
  public private(set) var angularVelocity = 0.0
  /// What the last step cost, negative.
  public private(set) var reward = 0.0
  private var sine = 0.0
  private var cosine = -1.0
  private var generator = PCG64()

  /// Creates an environment that has to be reset before its first step.
  public init() {}

  /// Cosine, sine and angular velocity within their bounds.
  public var observationSpace: Space {
    .box(Box(shape: [3], low: .each([-1, -1, -Self.greatestSpeed]), high: .each([1, 1, Self.greatestSpeed])))
  }
  /// One torque.
  public var actionSpace: Space {
    let limit = Double(Self.greatestTorque)
    return .box(Box(shape: [1], low: .same(-limit), high: .same(limit)))
  }

  /// The state with the angle by its cosine and sine, rounded.
  @inline(__always)
  public var observation: Observation {
    Observation(cosine: Float(cosine), sine: Float(sine), angularVelocity: Float(angularVelocity))
  }
  /// The task never ends.
  public var isTerminated: Bool { false }

  /// Whether a state can be kept: it can.
  public static var offersStates: Bool { true }

  /// Carries angle, velocity and the generator.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
    try carrier.carry(&angle)
    try carrier.carry(&angularVelocity)
    try carrier.carry(&generator)
    (sine, cosine) = sineAndCosine(angle)
  }

  /// Begins an episode at any angle.
  public mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Observation {
    let options = ResetOptions(options: options)
    let greatest = (try options.magnitude("x_init") ?? .pi, try options.magnitude("y_init") ?? 1)
    let start = try options.state("angle", "angular velocity")
    if let seed { generator = PCG64(seed: seed) }
    angle = start?[0] ?? generator.uniform(-greatest.0, greatest.0)
    angularVelocity = start?[1] ?? generator.uniform(-greatest.1, greatest.1)
    (sine, cosine) = sineAndCosine(angle)
    return observation
  }
}

extension Pendulum {
  private static var gravity: Double { 10 }
  private static var timeStep: Double { 0.05 }
  private static var greatestSpeed: Double { 8 }
  private static var greatestTorque: Float { 2 }

  /// Turns the pendulum for one time step, by the new velocity; the order of every operation is part of the result.
  @inline(__always)
  public mutating func advance(_ action: Action) {
    let u = max(-Self.greatestTorque, min(Self.greatestTorque, action.torque))
    // What is computed of the torque alone stays in float32.
    reward = -(librarySquare(angle.wrapped) + 0.1 * librarySquare(angularVelocity) + Double(0.001 * librarySquare(u)))
    let acceleration = 3 * Self.gravity / 2 * sine + Double(3 * u)
    let speed = angularVelocity + acceleration * Self.timeStep
    angularVelocity = max(-Self.greatestSpeed, min(Self.greatestSpeed, speed))
    angle += angularVelocity * Self.timeStep
    (sine, cosine) = sineAndCosine(angle)
  }
}

extension Double {
  /// The same angle in [−π, π), by Python's remainder.
  fileprivate var wrapped: Double {
    let remainder = (self + .pi).truncatingRemainder(dividingBy: 2 * .pi)
    return (remainder < 0 ? remainder + 2 * .pi : remainder) - .pi
  }
}
