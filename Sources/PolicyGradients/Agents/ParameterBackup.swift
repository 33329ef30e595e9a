import NeuralNetworks

/// The numbers of functions as they were before an update, which may go wrong halfway.
final class ParameterBackup {
  private let parameters: [Parameters]
  private let copies: [Memory<Float>]

  init(_ parameters: [Parameters]) {
    self.parameters = parameters
    copies = parameters.map { Memory(count: $0.count, filledWith: 0) }
  }

  /// Notes the numbers as they are.
  func take() {
    for (function, copy) in zip(parameters, copies) {
      for index in 0..<function.count { copy.pointer[index] = function.values[index] }
    }
  }

  /// Puts back what was noted.
  func restore() {
    for (function, copy) in zip(parameters, copies) {
      for index in 0..<function.count { function.values[index] = copy.pointer[index] }
    }
  }

  /// Whether every number is finite as it is now.
  var isFinite: Bool {
    parameters.allSatisfy { function in
      // A number minus itself is 0 unless it is NaN or infinite.
      var sum: Float = 0
      for index in 0..<function.count { sum += function.values[index] - function.values[index] }
      return sum == 0
    }
  }
}
