import NeuralNetworks

/// Critics and the steps that improve them, in two halves of the rows.
public final class CriticLearner {
  /// The functions.
  public let critics: Critics
  /// The rule of every step.
  public let optimizer: any Optimizer
  /// The mean of Q over the latest fit's rows and critics.
  public private(set) var meanValue = 0.0
  /// The greatest |δ| of the critics, for each of the latest fit's rows.
  public var errors: UnsafeMutablePointer<Float> { errorMemory.pointer }

  private let halves: Halves
  private let gradients: HalvedGradients
  private let workspaces: [[Activations]]
  private let targetWorkspaces: [[Activations]]
  private let sums: Memory<Double>
  private let targetMemory = Memory<Float>(filledWith: 0)
  private let errorMemory = Memory<Float>(filledWith: 0)
  private let outputGradients = [Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)]
  private let spareGradients = [Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)]

  /// Makes a learner of some functions; a helper thread of `halves` changes no bit.
  public init(_ critics: Critics, optimizer: any Optimizer, halves: Halves) {
    (self.critics, self.optimizer, self.halves) = (critics, optimizer, halves)
    gradients = HalvedGradients(of: critics.parameters)
    workspaces = (0..<2).map { _ in critics.networks.map { _ in Activations() } }
    targetWorkspaces = (0..<2).map { _ in critics.networks.map { _ in Activations() } }
    sums = Memory(count: 4, filledWith: 0)
  }

  /// One step down mean_rows w Σ_i (Q_i(o, a) - y)².
  ///
  /// - Parameters:
  ///   - inputs: [o, a] of each row; o alone where `choices` has the index of each row's action among the outputs.
  ///   - targets: writes y of a range of rows, at their own places, from half 0 or 1 of the work.
  /// - Returns: the loss before the step.
  @discardableResult
  public func fit(
    _ inputs: UnsafePointer<Float>, _ sample: ReplaySample, choices: UnsafePointer<Float>? = nil,
    targets: @escaping (Int, Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) -> Double {
    let rows = sample.rows
    targetMemory.reserve(rows)
    errorMemory.reserve(rows)
    let (y, errors) = (targetMemory.pointer, errorMemory.pointer)
    let outputs = critics.networks[0].outputSize
    prepare(rows * outputs)
    halves.run(rows: rows, networks: critics.networks + critics.targets) { [self] half, range in
      targets(half, range, y)
      let gradient = outputGradients[half].pointer
      let scale = 2 / Float(rows)
      var (loss, total) = (0.0, 0.0)
      (errors + range.lowerBound).update(repeating: 0, count: range.count)
      for (index, network) in critics.networks.enumerated() {
        let blockInputs = inputs + range.lowerBound * network.inputSize
        let values = network.forward(blockInputs, rows: range.count, workspaces[half][index])
        if choices != nil { gradient.update(repeating: 0, count: range.count * outputs) }
        for (place, row) in range.enumerated() {
          let column = choices.map { Int($0[row]) } ?? 0
          let value = values[place * outputs + column]
          let error = value - y[row]
          loss += Double(sample.weights[row] * error * error)
          total += Double(value)
          errors[row] = max(errors[row], abs(error))
          gradient[place * outputs + column] = scale * sample.weights[row] * error
        }
        network.backward(
          gradient, input: blockInputs, workspaces[half][index],
          into: gradients.pointer(half) + network.offset, inputGradient: nil)
      }
      (sums[2 * half], sums[2 * half + 1]) = (loss, total)
    }
    return step(rows)
  }

  /// One step down the mean over rows of the cross-entropy -Σ_z p(z) ln q(z) between target distributions and those of the
  /// critics, whose outputs are logits of atoms.
  ///
  /// - Parameter targets: writes p of a range of rows, rows × atoms, at their own places.
  @discardableResult
  public func fitDistributions(
    _ inputs: UnsafePointer<Float>, _ sample: ReplaySample, atoms: CategoricalReturns,
    targets: @escaping (Int, Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) -> Double {
    let rows = sample.rows
    targetMemory.reserve(rows * atoms.count)
    errorMemory.reserve(rows)
    let (p, errors) = (targetMemory.pointer, errorMemory.pointer)
    prepare(rows * atoms.count)
    halves.run(rows: rows, networks: critics.networks + critics.targets) { [self] half, range in
      targets(half, range, p)
      let gradient = outputGradients[half].pointer
      let scale = 1 / Float(rows)
      var (loss, total) = (0.0, 0.0)
      (errors + range.lowerBound).update(repeating: 0, count: range.count)
      for (index, network) in critics.networks.enumerated() {
        let blockInputs = inputs + range.lowerBound * network.inputSize
        let logits = network.forward(blockInputs, rows: range.count, workspaces[half][index])
        for (place, row) in range.enumerated() {
          let (entropy, mean) = atoms.crossEntropy(
            logits + place * atoms.count, target: p + row * atoms.count, weight: scale * sample.weights[row],
            gradient: gradient + place * atoms.count)
          loss += Double(sample.weights[row] * entropy)
          total += Double(mean)
          errors[row] = max(errors[row], entropy)
        }
        network.backward(
          gradient, input: blockInputs, workspaces[half][index],
          into: gradients.pointer(half) + network.offset, inputGradient: nil)
      }
      (sums[2 * half], sums[2 * half + 1]) = (loss, total)
    }
    return step(rows)
  }

  private func prepare(_ outputs: Int) {
    for memory in outputGradients { memory.reserve(outputs) }
    gradients.zero()
    for index in 0..<4 { sums[index] = 0 }
  }

  private func step(_ rows: Int) -> Double {
    gradients.join()
    optimizer.step(critics.parameters)
    meanValue = (sums[1] + sums[3]) / Double(max(rows, 1) * critics.networks.count)
    return (sums[0] + sums[2]) / Double(max(rows, 1))
  }

  /// The outputs of slow copy `index` for some rows, in half 0 or 1 of the work.
  func target(
    _ index: Int, _ inputs: UnsafePointer<Float>, rows: Int, half: Int
  ) -> UnsafeMutablePointer<Float> {
    critics.targets[index].forward(inputs, rows: rows, targetWorkspaces[half][index])
  }

  /// The outputs of function `index` for some rows.
  func value(_ index: Int, _ inputs: UnsafePointer<Float>, rows: Int, half: Int) -> UnsafeMutablePointer<Float> {
    critics.networks[index].forward(inputs, rows: rows, workspaces[half][index])
  }

  /// Writes min_i of the slow copies, row by row and output by output.
  func leastTarget(
    _ inputs: UnsafePointer<Float>, rows: Int, half: Int, into values: UnsafeMutablePointer<Float>
  ) {
    let outputs = critics.networks[0].outputSize
    values.update(from: target(0, inputs, rows: rows, half: half), count: rows * outputs)
    for index in critics.networks.indices.dropFirst() {
      let other = target(index, inputs, rows: rows, half: half)
      for place in 0..<rows * outputs { values[place] = min(values[place], other[place]) }
    }
  }

  /// Writes min_i of the functions, row by row and output by output.
  func leastValue(
    _ inputs: UnsafePointer<Float>, rows: Int, half: Int, into values: UnsafeMutablePointer<Float>
  ) {
    let outputs = critics.networks[0].outputSize
    values.update(from: value(0, inputs, rows: rows, half: half), count: rows * outputs)
    for index in critics.networks.indices.dropFirst() {
      let other = value(index, inputs, rows: rows, half: half)
      for place in 0..<rows * outputs { values[place] = min(values[place], other[place]) }
    }
  }

  /// Writes min_i Q_i(o, a) of some rows, and -weight · ∂(min_i Q_i)/∂a to `inputGradient`, rows × columns.count.
  ///
  /// - Parameter columns: which of the inputs are a.
  public func leastValue(
    _ inputs: UnsafePointer<Float>, rows: Int, half: Int, weight: Float, columns: Range<Int>,
    into values: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let networks = critics.networks
    let outputs = networks.indices.map { value($0, inputs, rows: rows, half: half) }
    for row in 0..<rows {
      values[row] = outputs[0][row]
      for index in networks.indices.dropFirst() { values[row] = min(values[row], outputs[index][row]) }
    }
    let width = columns.count
    outputGradients[half].reserve(rows)
    spareGradients[half].reserve(rows * width)
    let (outputGradient, spare) = (outputGradients[half].pointer, spareGradients[half].pointer)
    for (index, network) in networks.enumerated() {
      for row in 0..<rows {
        // Of two that are equal the first is taken, so that a row is counted once.
        let isLeast = outputs[index][row] == values[row] && (index == 0 || outputs[0][row] != values[row])
        outputGradient[row] = isLeast ? -weight : 0
      }
      let into = index == 0 ? inputGradient : spare
      network.inputGradient(outputGradient, workspaces[half][index], columns: columns, into: into)
      guard index > 0 else { continue }
      for place in 0..<rows * width { inputGradient[place] += spare[place] }
    }
  }

  /// Writes -weight · ∂Q_0/∂a, given -weight · ∂Q_0/∂outputs of the latest ``value(_:_:rows:half:)`` of function 0.
  func inputGradient(
    _ outputGradient: UnsafePointer<Float>, half: Int, columns: Range<Int>,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    critics.networks[0].inputGradient(outputGradient, workspaces[half][0], columns: columns, into: inputGradient)
  }
}
