import NeuralNetworks

/// The numbers of functions as they were before an update, which may go wrong or be interrupted halfway.
final class ParameterBackup {
  private let parameters: [Parameters]
  private let optimizers: [any Optimizer]
  private let numbers: [UnsafeMutableBufferPointer<Float>]
  private let copies: [Memory<Float>]
  private var stepCounts: [Int]

  /// - Parameter optimizers: those that go back with the numbers.
  init(_ parameters: [Parameters], _ optimizers: [any Optimizer] = []) {
    (self.parameters, self.optimizers) = (parameters, optimizers)
    numbers = parameters.map(\.values) + optimizers.flatMap(\.moments)
    copies = numbers.map { Memory(count: $0.count, filledWith: 0) }
    stepCounts = optimizers.map(\.stepCount)
  }

  /// Notes the numbers as they are.
  func take() {
    for (numbers, copy) in zip(numbers, copies) {
      if let start = numbers.baseAddress { copy.pointer.update(from: start, count: numbers.count) }
    }
    for (index, optimizer) in optimizers.enumerated() { stepCounts[index] = optimizer.stepCount }
  }

  /// Puts back what was noted.
  func restore() {
    for (numbers, copy) in zip(numbers, copies) {
      numbers.baseAddress?.update(from: copy.pointer, count: numbers.count)
    }
    for (count, optimizer) in zip(stepCounts, optimizers) { optimizer.stepCount = count }
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
