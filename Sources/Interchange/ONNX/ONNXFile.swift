import Environments
import PolicyGradients

/// A policy as an ONNX model.
///
/// Inputs: `obs`, float32, rows of the numbers that an observation has (SPEC 18.3), as they are; `mask`, bool, where some
/// choices can be forbidden, which may be left out. Outputs: `action`, the deterministic action with the type and the shape
/// of its space, and the parameters of its distribution: `logits`, of which those of forbidden choices are −∞, `mean` and
/// `log_std`. In a Dict or Tuple each part has its own, such as `action.left` and `logits.left`.
public struct ONNXFile {
  private typealias Dimension = ONNXModel.Dimension

  private static let batch = Dimension.named("batch")

  private let policy: ExportedPolicy
  private var model: ONNXModel
  private var outputNames: Set<String> = ["obs", "mask"]

  /// The bytes of the file.
  ///
  /// - Parameters:
  ///   - name: the name of the graph.
  ///   - version: the version of the program that writes it.
  public static func encode(_ policy: ExportedPolicy, name: String, version: String) -> [UInt8] {
    var file = ONNXFile(policy, name)
    file.build()
    let snapshot = policy.snapshot
    return file.model.encode(
      producerVersion: version,
      metadata: [
        ("algorithm", snapshot.algorithm), ("environment_steps", "\(snapshot.environmentSteps)"),
        ("obs_space", snapshot.observationSpace.text), ("action_space", snapshot.actionSpace.text),
      ])
  }

  private init(_ policy: ExportedPolicy, _ name: String) {
    self.policy = policy
    model = ONNXModel(
      name: name, description: "A policy of \(policy.snapshot.algorithm): from observations to deterministic actions.")
  }

  private mutating func build() {
    model.addInput(
      "obs", .float, [Self.batch, .fixed(policy.observationWidth)],
      "Observations of \(policy.snapshot.observationSpace.text), each a row of numbers as Gymnasium's flatten gives it."
    )
    let mask = policy.maskWidth > 0 ? addMask() : nil
    let input = normalized(wrapped("obs"))
    let main = network(policy.snapshot.policy, of: noiseless(input))
    let sigma = sigmas(main, input)
    var maskColumn = 0
    for action in policy.actions {
      var outputs = columns(action.columns, of: main)
      if case .choices = action.meaning, let mask {
        let legal = columns(maskColumn..<maskColumn + action.columns.count, of: mask)
        let forbidden = model.constant(.float, [1, 1], [-Float.infinity])
        outputs = model.add("Where", [legal, outputs, forbidden])
        maskColumn += action.columns.count
      }
      addAction(action, outputs)
      if action.hasDistribution { addParameters(action, outputs, sigma) }
    }
  }

  /// Declares the mask, by default of one row that allows everything and stands for any number of rows.
  private mutating func addMask() -> String {
    model.addInput(
      "mask", .bool, [.named("mask_batch"), .fixed(policy.maskWidth)],
      "Which choices are legal, in the order of the logits: a row for each observation, or one for all of them. "
        + "Without it all are.")
    return model.constant(
      .bool, [1, policy.maskWidth], [UInt8](repeating: 1, count: policy.maskWidth), defaultOf: "mask")
  }

  private mutating func wrapped(_ input: String) -> String {
    var value = input
    if let scaling = policy.rescaling {
      value = model.add("Sub", [value, row(scaling.low)])
      value = model.add("Sub", [model.add("Div", [value, row(scaling.half)]), row(scaling.unit)])
    }
    if let limits = policy.limits {
      // Clip takes one limit for all numbers.
      value = model.add("Max", [model.add("Min", [value, row(limits)]), row(limits.map { -$0 })])
    }
    return value
  }

  private mutating func normalized(_ input: String) -> String {
    guard let (shift, scale) = policy.normalization else { return input }
    let limit = ObservationNormalizer.limit
    let scaled = model.add("Mul", [model.add("Sub", [input, row(shift)]), row(scale)])
    return model.add("Clip", [scaled, model.constant(.float, [], [-limit]), model.constant(.float, [], [limit])])
  }

  /// Numbers that hold for every row.
  private mutating func row(_ numbers: [Float]) -> String { model.constant(.float, [1, numbers.count], numbers) }

  /// Puts the zeros behind the observations that an implicit policy's network is given.
  private mutating func noiseless(_ input: String) -> String {
    guard policy.noiseWidth > 0 else { return input }
    let pads = model.constant(.int64, [4], [0, 0, 0, Int64(policy.noiseWidth)])
    return model.add("Pad", [input, pads])
  }

  private mutating func network(_ layers: [PolicySnapshot.Layer], of input: String) -> String {
    var value = input
    for (index, layer) in layers.enumerated() {
      let units = layer.biases.count
      let weights = model.constant(.float, [units, layer.weights.count / units], layer.weights)
      let biases = model.constant(.float, [units], layer.biases)
      value = model.add("Gemm", [value, weights, biases], [("transB", 1)])
      if index < layers.count - 1 {
        value = model.add(policy.snapshot.activation == .tanh ? "Tanh" : "Relu", [value])
      }
    }
    return value
  }

  /// The value that has the numbers ln σ of all parts; nil if there are none.
  private mutating func sigmas(_ main: String, _ input: String) -> String? {
    switch policy.sigma {
    case .absent: return nil
    case .network(let layers): return network(layers, of: input)
    case .outputs(nil): return main
    case .outputs(let limits?):
      let bounds = [limits.lowerBound, limits.upperBound].map { model.constant(.float, [], [$0]) }
      return model.add("Clip", [main] + bounds)
    case .values(let values):
      let row = model.constant(.float, [1, values.count], values)
      let first = model.add("Slice", [model.add("Shape", ["obs"]), integers([0]), integers([1])])
      let shape = model.add("Concat", [first, integers([Int64(values.count)])], [("axis", 0)])
      return model.add("Expand", [row, shape])
    }
  }

  /// Some of the columns of a value.
  private mutating func columns(_ range: Range<Int>, of value: String, output: String? = nil) -> String {
    model.add(
      "Slice", [value, integers([Int64(range.lowerBound)]), integers([Int64(range.upperBound)]), integers([1])],
      output: output)
  }

  private mutating func integers(_ numbers: [Int64]) -> String { model.constant(.int64, [numbers.count], numbers) }

  private mutating func addParameters(_ action: ExportedAction, _ outputs: String, _ sigma: String?) {
    let shape = [Self.batch, .fixed(action.columns.count)]
    guard let sigmaColumns = action.sigmaColumns, let sigma else {
      let name = newName("logits\(action.suffix)")
      _ = model.add("Identity", [outputs], output: name)
      return model.addOutput(name, .float, shape, "Logits; those of forbidden choices are -infinity.")
    }
    let mean = newName("mean\(action.suffix)")
    _ = model.add("Identity", [outputs], output: mean)
    let after = action.afterMeans.isEmpty ? ", before they are clipped" : action.afterMeans
    model.addOutput(mean, .float, shape, "Means\(after).")
    let logSigma = columns(sigmaColumns, of: sigma, output: newName("log_std\(action.suffix)"))
    model.addOutput(logSigma, .float, shape, "Natural logarithms of the standard deviations.")
  }

  private mutating func addAction(_ action: ExportedAction, _ outputs: String) {
    let value =
      switch action.meaning {
      case .choices(let counts, let starts): chosen(counts, starts, outputs)
      case .bits: model.add("Greater", [outputs, model.constant(.float, [1, 1], [Float(0)])])
      case .numbers(let low, let high, let scale): bounded(numbers(outputs, scale), low, high, action.type)
      }
    let type = ONNXModel.DataType(action.type)
    let cast = model.add("Cast", [value], [("to", type.rawValue)])
    // A 0 keeps the size that is there.
    let shape = integers([0] + action.shape.map(Int64.init))
    let name = newName(action.path)
    _ = model.add("Reshape", [cast, shape], output: name)
    model.addOutput(
      name, type, [Self.batch] + action.shape.map { .fixed($0) }, "The deterministic action.")
  }

  private mutating func chosen(_ counts: [Int], _ starts: [Int], _ logits: String) -> String {
    let elements = counts.count
    let best: String
    if Set(counts).count == 1 {
      let rows = model.add("Reshape", [logits, integers([0, Int64(elements), Int64(counts[0])])])
      best = model.add("ArgMax", [rows], [("axis", 2), ("keepdims", 0)])
    } else {
      var column = 0
      let choices = counts.map { count in
        let part = columns(column..<column + count, of: logits)
        column += count
        return model.add("ArgMax", [part], [("axis", 1), ("keepdims", 1)])
      }
      best = model.add("Concat", choices, [("axis", 1)])
    }
    return model.add("Add", [best, model.constant(.int64, [1, elements], starts.map(Int64.init))])
  }

  private mutating func numbers(_ outputs: String, _ scale: ExportedAction.Scale) -> String {
    switch scale {
    case .plain: return outputs
    case .squashed(let scaling): return scaled(outputs, scaling)
    case .rescaled(let scaling):
      let span = model.add("Mul", [model.add("Add", [outputs, row(scaling.unit)]), row(scaling.half)])
      return model.add("Add", [row(scaling.low), span])
    }
  }

  /// low · (1 − s) + high · s with s = (tanh x + 1) / 2, which gives exactly the bounds at ±1.
  private mutating func scaled(_ outputs: String, _ scaling: ActionScaling) -> String {
    let one = model.constant(.float, [1, 1], [Float(1)])
    let raised = model.add("Add", [model.add("Tanh", [outputs]), one])
    let share = model.add("Mul", [raised, model.constant(.float, [1, 1], [Float(0.5)])])
    let lower = model.add("Mul", [row(scaling.low), model.add("Sub", [one, share])])
    return model.add("Add", [lower, model.add("Mul", [row(scaling.high), share])])
  }

  private mutating func bounded(_ value: String, _ low: [Double], _ high: [Double], _ type: ScalarType) -> String {
    let wide = model.add("Cast", [value], [("to", ONNXModel.DataType.double.rawValue)])
    let raised = model.add("Max", [wide, model.constant(.double, [1, low.count], low)])
    let clipped = model.add("Min", [raised, model.constant(.double, [1, high.count], high)])
    guard !type.isFloatingPoint else { return clipped }
    // ONNX's own Round rounds halves to even numbers, and the protocol away from zero.
    let half = model.constant(.double, [1, 1], [0.5])
    let magnitude = model.add("Floor", [model.add("Add", [model.add("Abs", [clipped]), half])])
    return model.add("Mul", [model.add("Sign", [clipped]), magnitude])
  }

  /// The name, with a number if an output has it: keys of nested Dicts may make the same path.
  private mutating func newName(_ wanted: String) -> String {
    var (name, number) = (wanted, 1)
    while !outputNames.insert(name).inserted {
      number += 1
      name = "\(wanted)#\(number)"
    }
    return name
  }
}
