import Kernels

/// The regression of a network with one output on targets: the loss is L = mean (V(x) - y)².
///
/// Many rows are always cut into the same two parts, whose gradients are summed apart and then added, so that the result
/// has the same bits with a helper thread and without.
public final class LeastSquares {
  /// The network, with one output.
  public let network: MLP

  private let helper: HelperThread?
  private let firstPart = Part()
  private let secondPart = Part()
  private let secondGradients: FloatStorage

  // Below this the handing over costs more than it saves.
  private static let fewestRowsForTwoParts = 4 * MLP.blockRows

  /// Makes a regression of `network`, with `helper` taking the second part of large batches.
  public init(_ network: MLP, helper: HelperThread? = nil) throws(NetworkError) {
    guard network.outputSize == 1 else {
      throw .unusableSizes(network.sizes, reason: "a regression needs exactly one output")
    }
    self.network = network
    self.helper = helper
    secondGradients = FloatStorage(count: network.parameterCount)
  }

  /// Adds ∂L/∂θ to the network's gradients and returns L; of no rows, nothing and 0.
  ///
  /// `input` is rows × inputSize, and `targets` has one number for each row.
  @discardableResult
  public func accumulateGradients(
    _ input: UnsafePointer<Float>,
    targets: UnsafePointer<Float>,
    rows: Int
  ) -> Double {
    guard rows > 0 else { return 0 }
    let gradients = network.parameters.gradientPointer + network.offset
    guard rows >= Self.fewestRowsForTwoParts else {
      firstPart.accumulate(network, input, targets, 0..<rows, of: rows, into: gradients)
      return firstPart.squares / Double(rows)
    }
    let blocks = (rows + MLP.blockRows - 1) / MLP.blockRows
    let middle = (blocks + 1) / 2 * MLP.blockRows
    let first = { self.firstPart.accumulate(self.network, input, targets, 0..<middle, of: rows, into: gradients) }
    let second = {
      let pointer = self.secondGradients.pointer
      pointer.update(repeating: 0, count: self.secondGradients.count)
      self.secondPart.accumulate(self.network, input, targets, middle..<rows, of: rows, into: pointer)
    }
    if let helper {
      helper.run(first, beside: second)
    } else {
      first()
      second()
    }
    Kernel.accumulate(1, times: secondGradients.pointer, count: secondGradients.count, into: gradients)
    return (firstPart.squares + secondPart.squares) / Double(rows)
  }
}

/// What one thread needs for its rows.
private final class Part {
  private let activations = Activations()
  private(set) var squares = 0.0

  func accumulate(
    _ network: MLP,
    _ input: UnsafePointer<Float>,
    _ targets: UnsafePointer<Float>,
    _ part: Range<Int>,
    of rows: Int,
    into gradients: UnsafeMutablePointer<Float>
  ) {
    squares = 0
    let scale = 2 / Float(rows)
    let partInput = input + part.lowerBound * network.inputSize
    let partTargets = targets + part.lowerBound
    var total = 0.0
    network.accumulateGradients(partInput, rows: part.count, activations, into: gradients) { block, values, gradient in
      for row in 0..<block.count {
        let error = values[row] - partTargets[block.lowerBound + row]
        gradient[row] = scale * error
        total += Double(error * error)
      }
    }
    squares = total
  }
}
