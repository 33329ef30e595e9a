import Environments

/// The options of a reset, read before anything changes.
struct ResetOptions {
  let options: [String: PlainValue]

  /// The state to start from, from `state`: a list of position, velocity, angle and angular velocity.
  func state() throws(EnvironmentError) -> CartPoleState? {
    guard !options.isEmpty, let value = options["state"] else { return nil }
    let numbers = (value.list ?? []).compactMap(\.number).filter(\.isFinite)
    guard numbers.count == 4, value.list?.count == 4 else {
      throw .invalidOptions(
        "the option state has to be a list of four finite numbers (position, velocity, angle, angular velocity)"
      )
    }
    return CartPoleState(position: numbers[0], velocity: numbers[1], angle: numbers[2], angularVelocity: numbers[3])
  }

  /// The bounds of uniform starting numbers, from `low` and `high`, each of which may be left out.
  func bounds(low: Double, high: Double) throws(EnvironmentError) -> (low: Double, high: Double) {
    let low = try finiteNumber("low") ?? low
    let high = try finiteNumber("high") ?? high
    guard low <= high else {
      throw .invalidOptions("the option low (\(low)) has to be at most the option high (\(high))")
    }
    guard (high - low).isFinite else {
      throw .invalidOptions("the options low (\(low)) and high (\(high)) are too far apart")
    }
    return (low, high)
  }

  private func finiteNumber(_ name: String) throws(EnvironmentError) -> Double? {
    guard !options.isEmpty, let value = options[name] else { return nil }
    guard let number = value.number, number.isFinite else {
      throw .invalidOptions("the option \(name) has to be one finite number")
    }
    return number
  }
}
