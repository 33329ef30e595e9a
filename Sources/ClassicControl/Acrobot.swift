import Environments

/// Two links hang from a fixed point; torque on the joint between them is to swing the lower end above a line.
///
/// **Action**, `Discrete(3)`: a torque of −1, 0 or 1 N·m on the joint between the links for 0.2 s.
///
/// **Observation**, `Box(6)` of float32: cosine and sine of the first angle, 0 when the link hangs; cosine and sine of the
/// second angle, 0 when the links are in line; both angular velocities, at most 4π and 9π.
///
/// **Reward**: −1 for every step, and 0 for the one that reaches the line.
///
/// **Start**: four numbers, uniform in [−0.1, 0.1) and rounded to Float. The options `low` and `high` set other bounds;
/// `state` sets the four numbers themselves, and then nothing is drawn.
///
/// **End**: terminated when the lower end is more than a link's length above the fixed point. The limit of steps is
/// `TimeLimit`'s.
///
/// Physics, seeding and rounding are those of Gymnasium 1.4.0's `AcrobotEnv` with the dynamics of the book, bit for bit
/// where the platform's functions are glibc's on x86-64: one step of the classical Runge–Kutta method of fourth order.
/// Source: R. S. Sutton, "Generalization in Reinforcement Learning: Successful Examples Using Sparse Coarse Coding"
/// (1996).
public struct Acrobot: MechanismOfChoices {
  /// What an agent sees: the state with the angles by their cosines and sines, each rounded to Float.
  public struct Observation: FloatRecord {
    /// The cosine of the first link's angle, 1 when it hangs.
    public var cosine1: Float
    /// The sine of the first link's angle.
    public var sine1: Float
    /// The cosine of the second link's angle, 1 when it is in line with the first.
    public var cosine2: Float
    /// The sine of the second link's angle.
    public var sine2: Float
    /// The angular velocity of the first link in radians per second.
    public var angularVelocity1: Float
    /// The angular velocity of the second link, against the first.
    public var angularVelocity2: Float
  }

  /// The registered name.
  public var id: String { "Acrobot-v1" }
  /// 500 steps.
  public var maximumEpisodeSteps: Int { 500 }
  /// The line is reached in 100 steps.
  public var rewardThreshold: Double? { -100 }
  /// Torque to one side, none, to the other.
  public static var choices: Int { 3 }

  /// Both angles and both angular velocities.
  public private(set) var state: SIMD4<Double> = .zero
  /// The state with the angles by their cosines and sines, rounded.
  public private(set) var observation = Observation(
    cosine1: 1, sine1: 0, cosine2: 1, sine2: 0, angularVelocity1: 0, angularVelocity2: 0)
  /// Whether the lower end is above the line.
  public private(set) var isTerminated = false
  private var generator = PCG64()

  /// Creates an environment that has to be reset before its first step.
  public init() {}

  /// Cosines, sines and angular velocities within their bounds.
  public var observationSpace: Space {
    let high = [1, 1, 1, 1, Self.greatestSpeeds[0], Self.greatestSpeeds[1]].map { Double(Float($0)) }
    return .box(Box(shape: [6], low: .each(high.map { -$0 }), high: .each(high)))
  }

  /// −1, or 0 for the step that reaches the line.
  public var reward: Double { isTerminated ? 0 : -1 }

  /// Whether a state can be kept: it can.
  public static var offersStates: Bool { true }

  /// Carries angles, velocities and the generator; the next step looks anew.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
    for index in 0..<4 { try carrier.carry(&state[index]) }
    try carrier.carry(&generator)
  }

  /// Begins an episode with both links hanging nearly still.
  public mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Observation {
    let options = ResetOptions(options: options)
    let bounds = try options.bounds(low: -0.1, high: 0.1)
    let start = try options.state("first angle", "second angle", "first angular velocity", "second angular velocity")
    if let seed { generator = PCG64(seed: seed) }
    for index in 0..<4 {
      state[index] = start?[index] ?? Double(Float(generator.uniform(bounds.low, bounds.high)))
    }
    isTerminated = false
    guard start == nil else {
      look()
      return observation
    }
    // NumPy looks at a state of float32 by its own functions of float32.
    let angles = (Float(state[0]), Float(state[1]))
    observation = Observation(
      cosine1: NumPySingle.cosine(angles.0), sine1: NumPySingle.sine(angles.0),
      cosine2: NumPySingle.cosine(angles.1), sine2: NumPySingle.sine(angles.1),
      angularVelocity1: Float(state[2]), angularVelocity2: Float(state[3]))
    return observation
  }
}

extension Acrobot {
  private static var timeStep: Double { 0.2 }
  private static var gravity: Double { 9.8 }
  private static var length: Double { 1 }
  private static var mass: Double { 1 }
  private static var centre: Double { 0.5 }
  private static var inertia: Double { 1 }
  private static var greatestSpeeds: SIMD2<Double> { [4 * .pi, 9 * .pi] }

  /// Applies a torque for one time step; the order of every operation is part of the result.
  @inline(__always)
  public mutating func advance(_ action: Int) {
    let torque = Double(action - 1)
    let (h, half) = (Self.timeStep, Self.timeStep / 2)
    let k1 = Self.derivative(of: state, torque)
    let k2 = Self.derivative(of: state + half * k1, torque)
    let k3 = Self.derivative(of: state + half * k2, torque)
    let k4 = Self.derivative(of: state + h * k3, torque)
    var slope = k1 + 2 * k2
    slope += 2 * k3
    slope += k4
    state += h / 6 * slope
    state[0] = state[0].wrapped
    state[1] = state[1].wrapped
    state[2] = min(max(state[2], -Self.greatestSpeeds[0]), Self.greatestSpeeds[0])
    state[3] = min(max(state[3], -Self.greatestSpeeds[1]), Self.greatestSpeeds[1])
    look()
  }

  private mutating func look() {
    let (sine1, cosine1) = sineAndCosine(state[0])
    let (sine2, cosine2) = sineAndCosine(state[1])
    isTerminated = -cosine1 - libraryCosine(state[1] + state[0]) > 1
    observation = Observation(
      cosine1: Float(cosine1), sine1: Float(sine1), cosine2: Float(cosine2), sine2: Float(sine2),
      angularVelocity1: Float(state[2]), angularVelocity2: Float(state[3]))
  }

  /// The change of the state in a second.
  @inline(__always)
  private static func derivative(of state: SIMD4<Double>, _ torque: Double) -> SIMD4<Double> {
    let (m, l, c, I, g) = (mass, length, centre, inertia, gravity)
    let (θ1, θ2, ω1, ω2) = (state[0], state[1], state[2], state[3])
    let (sinθ2, cosθ2) = sineAndCosine(θ2)
    let d1 = m * (c * c) + m * (l * l + c * c + 2 * l * c * cosθ2) + I + I
    let d2 = m * (c * c + l * c * cosθ2) + I
    let φ2 = m * c * g * libraryCosine(θ1 + θ2 - .pi / 2)
    let coupling = m * l * c
    let centrifugal = -coupling * librarySquare(ω2) * sinθ2
    let coriolis = 2 * coupling * ω2 * ω1 * sinθ2
    let φ1 = centrifugal - coriolis + (m * c + m * l) * g * libraryCosine(θ1 - .pi / 2) + φ2
    let push = torque + d2 / d1 * φ1 - coupling * librarySquare(ω1) * sinθ2 - φ2
    let α2 = push / (m * (c * c) + I - librarySquare(d2) / d1)
    let α1 = -(d2 * α2 + φ1) / d1
    return [ω1, ω2, α1, α2]
  }
}

extension Double {
  /// The same angle in [−π, π], by whole turns.
  fileprivate var wrapped: Double {
    // An option may ask for so many turns that taking one away changes nothing.
    var angle = magnitude < 1000 ? self : truncatingRemainder(dividingBy: 2 * .pi)
    while angle > .pi { angle -= 2 * .pi }
    while angle < -.pi { angle += 2 * .pi }
    return angle
  }
}
