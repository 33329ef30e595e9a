import Environments

/// The options of a reset, read before anything changes.
struct ResetOptions {
  let options: [String: PlainValue]

  /// The state to start from, from `state`: a list of so many numbers, each with its name here.
  func state(_ names: String...) throws(EnvironmentError) -> [Double]? {
    guard !options.isEmpty, let value = options["state"] else { return nil }
    let numbers = (value.list ?? []).compactMap(\.number).filter(\.isFinite)
    guard numbers.count == names.count, value.list?.count == names.count else {
      let list = names.joined(separator: ", ")
      throw .invalidOptions("the option state has to be a list of \(names.count) finite numbers (\(list))")
    }
    return numbers
  }

  /// The state of a cart and its pole to start from.
  func cartPoleState() throws(EnvironmentError) -> CartPoleState? {
    guard let numbers = try state("position", "velocity", "angle", "angular velocity") else { return nil }
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

  /// A number from 0 on that bounds a starting number on both sides, from an option that may be left out.
  func magnitude(_ name: String) throws(EnvironmentError) -> Double? {
    guard let number = try finiteNumber(name) else { return nil }
    guard number >= 0, (2 * number).isFinite else {
      throw .invalidOptions("the option \(name) (\(number)) has to be from 0 to half of the greatest number")
    }
    return number
  }

  private func finiteNumber(_ name: String) throws(EnvironmentError) -> Double? {
    guard !options.isEmpty, let value = options[name] else { return nil }
    guard let number = value.number, number.isFinite else {
      throw .invalidOptions("the option \(name) has to be one finite number")
    }
    return number
  }
}
