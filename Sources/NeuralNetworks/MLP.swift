import Kernels

/// A multilayer perceptron: dense layers with an activation between them and an identity output.
///
/// Its numbers are one run of floats in a ``Parameters`` buffer, layer after layer, each with its weights row-major as
/// [output][input] and then its biases.
public final class MLP {
  /// The layer widths, [input, hidden..., output].
  public let sizes: [Int]
  /// The function of the hidden units.
  public let activation: Activation
  /// The buffer that holds this network's numbers.
  public let parameters: Parameters
  /// Where in `parameters` this network begins.
  public let offset: Int
  /// The layers, from the input to the output.
  public let layers: [LayerShape]
  /// Asked between the blocks of a pass over many rows; once it says so, passes end there, and their results mean nothing.
  public var isInterrupted: @Sendable () -> Bool = { false }
  /// The weights of each layer as forward passes read them best; empty until the network is first frozen.
  private var packed: [FloatStorage] = []
  private var isFrozen = false

  /// The number of inputs, one row's length.
  public var inputSize: Int { layers[0].inputSize }
  /// The number of outputs, one row's length.
  public var outputSize: Int { layers[layers.count - 1].outputSize }
  /// The number of parameters.
  public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

  /// The number of parameters that a network of these sizes needs, to make room in a shared ``Parameters``.
  public static func parameterCount(sizes: [Int]) throws(NetworkError) -> Int {
    try layerShapes(sizes).reduce(0) { $0 + $1.parameterCount }
  }

  /// Makes a network, all zeros, in a buffer of its own or at `offset` of a shared one.
  public init(
    sizes: [Int],
    activation: Activation = .tanh,
    parameters shared: Parameters? = nil,
    offset: Int = 0
  ) throws(NetworkError) {
    let layers = try layerShapes(sizes)
    let count = layers.reduce(0) { $0 + $1.parameterCount }
    if let shared, offset < 0 || offset + count > shared.count {
      throw .wrongCount(what: "shared parameter buffer", expected: offset + count, actual: shared.count)
    }
    self.sizes = sizes
    self.activation = activation
    self.layers = layers
    self.offset = offset
    parameters = shared ?? Parameters(count: offset + count)
  }

  /// Computes the outputs of `rows` rows, and keeps in `activations` what a backward pass needs.
  ///
  /// `input` is rows × inputSize. The result, rows × outputSize, lives in `activations` until the next pass through it, and
  /// may be overwritten in place. A row's output does not depend on the other rows.
  @discardableResult
  public func forward(
    _ input: UnsafePointer<Float>,
    rows: Int,
    _ activations: Activations
  ) -> UnsafeMutablePointer<Float> {
    activations.prepare(for: self, rows: rows)
    var current = input
    for (index, layer) in layers.enumerated() {
      let output = activations.output(index)
      Kernel.affine(
        current,
        rows: rows,
        inputSize: layer.inputSize,
        weights: values(layer.offset),
        packed: isFrozen ? UnsafePointer(packed[index].pointer) : nil,
        bias: values(layer.biasOffset),
        outputSize: layer.outputSize,
        function: index < layers.count - 1 ? activation.function : .identity,
        into: output
      )
      current = UnsafePointer(output)
    }
    return activations.output(layers.count - 1)
  }

  /// Makes forward passes faster, those of few rows above all, for a network that does not change; their outputs keep
  /// their bits.
  ///
  /// Whoever changes the parameters afterwards, other than by ``load(_:)``, has to thaw it or freeze it again.
  public func freeze() {
    if packed.isEmpty {
      packed = layers.map {
        FloatStorage(count: Kernel.packedCount(inputSize: $0.inputSize, outputSize: $0.outputSize))
      }
    }
    for (layer, storage) in zip(layers, packed) {
      Kernel.pack(
        values(layer.offset), inputSize: layer.inputSize, outputSize: layer.outputSize, into: storage.pointer)
    }
    isFrozen = true
  }

  /// Makes forward passes read the parameters themselves again.
  public func thaw() {
    isFrozen = false
  }

  /// The outputs of the rows in `input`, for paths where an allocation does not matter.
  ///
  /// The number of rows is input.count / inputSize; a last, incomplete row is ignored.
  public func outputs(_ input: [Float]) -> [Float] {
    let rows = input.count / inputSize
    let activations = Activations()
    return withExtendedLifetime(activations) {
      Array(UnsafeBufferPointer(start: forward(input, rows: rows, activations), count: rows * outputSize))
    }
  }

  /// Adds to the gradients what the latest forward pass through `activations` contributes, given ∂loss/∂output.
  ///
  /// `outputGradient` is rows × outputSize, as many rows as were put forward, and `input` is what was put forward.
  /// `inputGradient`, when given, receives ∂loss/∂input, rows × inputSize.
  public func backward(
    _ outputGradient: UnsafePointer<Float>,
    input: UnsafePointer<Float>,
    _ activations: Activations,
    inputGradient: UnsafeMutablePointer<Float>? = nil
  ) {
    backward(
      outputGradient,
      input: input,
      activations,
      into: parameters.gradientPointer + offset,
      inputGradient: inputGradient
    )
  }

  /// The same, with the gradients added to memory that is laid out as this network's own numbers, for two threads at once.
  public func backward(
    _ outputGradient: UnsafePointer<Float>,
    input: UnsafePointer<Float>,
    _ activations: Activations,
    into gradients: UnsafeMutablePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>?
  ) {
    let rows = activations.rows
    guard rows > 0 else { return }
    var gradient = outputGradient
    for index in layers.indices.reversed() {
      let layer = layers[index]
      Kernel.accumulateAffineParameterGradient(
        gradient,
        rows: rows,
        outputSize: layer.outputSize,
        input: index == 0 ? input : UnsafePointer(activations.output(index - 1)),
        inputSize: layer.inputSize,
        weightGradient: gradients + layer.offset,
        biasGradient: gradients + layer.biasOffset
      )
      if index > 0 {
        gradient = UnsafePointer(hiddenGradient(below: index, gradient, activations))
      } else if let inputGradient {
        Kernel.affineInputGradient(
          gradient,
          rows: rows,
          outputSize: layer.outputSize,
          weights: values(layer.offset),
          inputSize: layer.inputSize,
          into: inputGradient
        )
      }
    }
  }

  /// ∂loss/∂x, where the inputs of layer `index` are the activation of x, given ∂loss/∂outputs of that layer.
  func hiddenGradient(
    below index: Int, _ gradient: UnsafePointer<Float>, _ activations: Activations
  ) -> UnsafeMutablePointer<Float> {
    let (layer, target) = (layers[index], activations.gradient(index - 1))
    Kernel.affineInputGradient(
      gradient,
      rows: activations.rows,
      outputSize: layer.outputSize,
      weights: values(layer.offset),
      inputSize: layer.inputSize,
      through: activation.function,
      of: activations.output(index - 1),
      into: target
    )
    return target
  }

  /// A copy of this network's numbers.
  public var array: [Float] {
    Array(parameters.values[offset..<offset + parameterCount])
  }

  /// Replaces this network's numbers, which must be as many as it has and finite.
  public func load(_ numbers: [Float]) throws(NetworkError) {
    let own = offset..<offset + parameterCount
    try UnsafeMutableBufferPointer(rebasing: parameters.values[own]).load(numbers, what: "network")
    thaw()
  }

  func values(_ position: Int) -> UnsafePointer<Float> {
    UnsafePointer(parameters.valuePointer + offset + position)
  }
}
