import NeuralNetworks

/// A policy's function: from encoded observations to the parameters of a ``ProductDistribution``.
///
/// The main network computes everything but ln σ, which comes from wherever its ``SigmaForm`` says. All numbers that are
/// learned live in one `parameters` buffer: the main network first, then free ln σ or the network of σ.
public final class PolicyNetwork {
  /// What is drawn from.
  public let distribution: ProductDistribution
  /// Where σ comes from; without effect where no action is a real number.
  public let sigmaForm: SigmaForm
  /// All numbers that are learned.
  public let parameters: Parameters
  /// The network of everything but σ (with the form `head`: of everything).
  public let main: MLP
  /// The network of σ, if it has one of its own.
  public let sigmaNetwork: MLP?

  let mainColumns: [Int]
  let sigmaColumns: [Int]

  /// Creates a policy whose numbers are all zero.
  public init(
    observationWidth: Int,
    distribution: ProductDistribution,
    hiddenSizes: [Int],
    activation: Activation,
    sigmaForm: SigmaForm
  ) throws(NetworkError) {
    self.distribution = distribution
    self.sigmaForm = sigmaForm
    let sigmaColumns = sigmaForm == .head ? [] : distribution.logSigmaColumns
    self.sigmaColumns = sigmaColumns
    let isSigma = Set(sigmaColumns)
    mainColumns = (0..<distribution.parameterCount).filter { !isSigma.contains($0) }
    let sizes = [observationWidth] + hiddenSizes + [mainColumns.count]
    let sigmaSizes = [observationWidth] + hiddenSizes + [sigmaColumns.count]
    let mainCount = try MLP.parameterCount(sizes: sizes)
    let hasSigmaNetwork = sigmaForm == .network && !sigmaColumns.isEmpty
    let sigmaCount = hasSigmaNetwork ? try MLP.parameterCount(sizes: sigmaSizes) : sigmaColumns.count
    parameters = Parameters(count: mainCount + sigmaCount)
    main = try MLP(sizes: sizes, activation: activation, parameters: parameters)
    sigmaNetwork =
      hasSigmaNetwork
      ? try MLP(sizes: sigmaSizes, activation: activation, parameters: parameters, offset: mainCount) : nil
  }

  /// Draws the first numbers of the networks, and sets every ln σ to begin at about `logSigma`.
  public func initialize(_ how: Initialization, logSigma: Double, using generator: inout some RandomNumberGenerator) {
    for network in [main, sigmaNetwork].compactMap({ $0 }) {
      switch how {
      case .orthogonal: network.initializeOrthogonally(outputGain: 0.01, using: &generator)
      case .torch: network.initializeLikeTorch(using: &generator)
      }
    }
    let first = parameters.values.count - sigmaColumns.count
    if let sigmaNetwork {
      addToBias(of: sigmaNetwork, units: Array(0..<sigmaColumns.count), Float(logSigma))
    } else if sigmaForm == .head {
      addToBias(of: main, units: distribution.logSigmaColumns, Float(logSigma))
    } else {
      for index in sigmaColumns.indices { parameters.values[first + index] = Float(logSigma) }
    }
  }

  private func addToBias(of network: MLP, units: [Int], _ amount: Float) {
    guard let layer = network.layers.last else { return }
    for unit in units { parameters.values[network.offset + layer.biasOffset + unit] += amount }
  }

  /// Makes acting on few observations faster, for a policy that learns nothing until it thaws.
  func freeze() {
    main.freeze()
    sigmaNetwork?.freeze()
  }

  /// Lets the policy learn again.
  func thaw() {
    main.thaw()
    sigmaNetwork?.thaw()
  }

  /// Computes the distributions' parameters, rows × parameterCount, which stay in `workspace` until its next use.
  public func forward(
    _ observations: UnsafePointer<Float>,
    rows: Int,
    _ workspace: PolicyWorkspace
  ) -> UnsafeMutablePointer<Float> {
    let output = main.forward(observations, rows: rows, workspace.main)
    guard !sigmaColumns.isEmpty else { return output }
    let sigma = sigmaNetwork?.forward(observations, rows: rows, workspace.sigma)
    return assemble(output, sigma, rows: rows, workspace)
  }

  private func assemble(
    _ output: UnsafePointer<Float>,
    _ sigma: UnsafePointer<Float>?,
    rows: Int,
    _ workspace: PolicyWorkspace
  ) -> UnsafeMutablePointer<Float> {
    let width = distribution.parameterCount
    workspace.assembled.reserve(rows * width)
    let assembled = workspace.assembled.pointer
    for row in 0..<rows {
      for (index, column) in mainColumns.enumerated() {
        assembled[row * width + column] = output[row * mainColumns.count + index]
      }
      for (index, column) in sigmaColumns.enumerated() {
        assembled[row * width + column] = sigma.map { $0[row * sigmaColumns.count + index] } ?? freeLogSigma(index)
      }
    }
    return assembled
  }

  private func freeLogSigma(_ index: Int) -> Float {
    parameters.values[parameters.count - sigmaColumns.count + index]
  }

  /// The numbers ln σ where they are free.
  var freeLogSigmas: [Float] {
    sigmaColumns.indices.map(freeLogSigma)
  }

  /// Replaces the numbers ln σ where they are free.
  func load(freeLogSigmas values: [Float]) {
    for (index, value) in values.enumerated() {
      parameters.values[parameters.count - sigmaColumns.count + index] = value
    }
  }

  /// Adds the gradient of a loss over many rows to `parameters.gradients`, block by block.
  ///
  /// `rowGradient` is called with a range of rows, the parameters of their distributions, which it may change (to mask
  /// actions), and zeroed memory of the same shape to which it writes ∂loss/∂parameters.
  public func accumulateGradients(
    _ observations: UnsafePointer<Float>,
    rows: Int,
    _ workspace: PolicyWorkspace,
    rowGradient: (Range<Int>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let width = distribution.parameterCount
    workspace.gradient.reserve(MLP.blockRows * width)
    let gradient = workspace.gradient.pointer
    main.accumulateGradients(observations, rows: rows, workspace.main) { range, output, outputGradient in
      if sigmaColumns.isEmpty {
        outputGradient.update(repeating: 0, count: range.count * width)
        rowGradient(range, UnsafeMutablePointer(mutating: output), outputGradient)
        return
      }
      let blockObservations = observations + range.lowerBound * main.inputSize
      let sigma = sigmaNetwork?.forward(blockObservations, rows: range.count, workspace.sigma)
      let assembled = assemble(output, sigma, rows: range.count, workspace)
      gradient.update(repeating: 0, count: range.count * width)
      rowGradient(range, assembled, gradient)
      for row in 0..<range.count {
        for (index, column) in mainColumns.enumerated() {
          outputGradient[row * mainColumns.count + index] = gradient[row * width + column]
        }
      }
      backpropagateSigma(gradient, blockObservations, rows: range.count, workspace)
    }
  }

  private func backpropagateSigma(
    _ gradient: UnsafePointer<Float>,
    _ observations: UnsafePointer<Float>,
    rows: Int,
    _ workspace: PolicyWorkspace
  ) {
    let (width, count) = (distribution.parameterCount, sigmaColumns.count)
    workspace.sigmaGradient.reserve(rows * count)
    let sigmaGradient = workspace.sigmaGradient.pointer
    for row in 0..<rows {
      for (index, column) in sigmaColumns.enumerated() {
        sigmaGradient[row * count + index] = gradient[row * width + column]
      }
    }
    if let sigmaNetwork {
      sigmaNetwork.backward(sigmaGradient, input: observations, workspace.sigma)
      return
    }
    let first = parameters.count - count
    for row in 0..<rows {
      for index in 0..<count { parameters.gradients[first + index] += sigmaGradient[row * count + index] }
    }
  }
}

/// The reusable memory of a policy network's passes; one for acting and another for learning.
public final class PolicyWorkspace {
  let main = Activations()
  let sigma = Activations()
  let assembled = Memory<Float>(filledWith: 0)
  let gradient = Memory<Float>(filledWith: 0)
  let sigmaGradient = Memory<Float>(filledWith: 0)

  /// Creates an empty workspace, which takes its sizes from its use.
  public init() {}
}
