import Environments

// What each task says about itself: its options, and the names and units of what is seen and done.

extension CartPole {
  /// Bounds of the start, or the start itself.
  public var about: EnvironmentDescription {
    EnvironmentDescription(
      options: [.number("low", default: -0.05), .number("high", default: 0.05), .numbers("state", 4)],
      observation: .init(
        ["position", "velocity", "angle", "angular velocity"], units: ["m", "m/s", "rad", "rad/s"]),
      action: .init(["push left", "push right"]))
  }
}

extension CartPoleSwingUp {
  /// The start.
  public var about: EnvironmentDescription {
    EnvironmentDescription(
      options: [.numbers("state", 4)],
      observation: .init(
        ["position", "velocity", "cosine of the angle", "sine of the angle", "angular velocity"],
        units: ["m", "m/s", "", "", "rad/s"]),
      action: .init(["part of the greatest force"]))
  }
}

extension Acrobot {
  /// Bounds of the start, or the start itself.
  public var about: EnvironmentDescription {
    EnvironmentDescription(
      options: [.number("low", default: -0.1), .number("high", default: 0.1), .numbers("state", 4)],
      observation: .init(
        [
          "cosine of the first angle", "sine of the first angle", "cosine of the second angle",
          "sine of the second angle", "first angular velocity", "second angular velocity",
        ], units: ["", "", "", "", "rad/s", "rad/s"]),
      action: .init(["torque to the left", "no torque", "torque to the right"]))
  }
}

extension MountainCar {
  /// Bounds of the start, or the start itself.
  public var about: EnvironmentDescription {
    EnvironmentDescription(
      options: [.number("low", default: -0.6), .number("high", default: -0.4), .numbers("state", 2)],
      observation: .init(["position", "velocity"]),
      action: .init(["drive left", "roll", "drive right"]))
  }
}

extension MountainCarContinuous {
  /// Bounds of the start, or the start itself.
  public var about: EnvironmentDescription {
    EnvironmentDescription(
      options: [.number("low", default: -0.6), .number("high", default: -0.4), .numbers("state", 2)],
      observation: .init(["position", "velocity"]),
      action: .init(["part of the greatest force"]))
  }
}

extension Pendulum {
  /// Bounds of the start, or the start itself.
  public var about: EnvironmentDescription {
    EnvironmentDescription(
      options: [
        .number("x_init", atLeast: 0, default: .pi), .number("y_init", atLeast: 0, default: 1), .numbers("state", 2),
      ],
      observation: .init(
        ["cosine of the angle", "sine of the angle", "angular velocity"], units: ["", "", "rad/s"]),
      action: .init(["torque"], units: ["N m"]))
  }
}
