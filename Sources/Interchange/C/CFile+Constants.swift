import JSONLines
import PolicyGradients

extension CFile {
  /// Writes every number that the functions need, as constants.
  mutating func addConstants() {
    if let rescaling = policy.rescaling { addScaling("obs", rescaling) }
    if let limits = policy.limits { addArray("obs_limit", limits) }
    if let (shift, scale) = policy.normalization {
      addArray("shift", shift)
      addArray("scale", scale)
    }
    for (network, layers) in networks {
      for (index, layer) in layers.enumerated() {
        addArray("\(network)_weights_\(index)", layer.weightsByInput)
        addArray("\(network)_biases_\(index)", layer.biases)
      }
    }
    if case .values(let values) = policy.sigma { addArray("log_std", values) }
    for (index, action) in policy.actions.enumerated() {
      switch action.meaning {
      case .choices(let counts, let starts):
        addArray("counts_\(index)", counts)
        addArray("starts_\(index)", starts.map(Double.init))
      case .bits: break
      case .numbers(let low, let high, let scale):
        switch scale {
        case .plain: break
        case .squashed(let scaling):
          addArray("least_\(index)", scaling.low)
          addArray("greatest_\(index)", scaling.high)
        case .rescaled(let scaling): addScaling("action_\(index)", scaling)
        }
        addArray("low_\(index)", low)
        addArray("high_\(index)", high)
      }
    }
  }

  private mutating func addScaling(_ array: String, _ scaling: ExportedScaling) {
    addArray("\(array)_low", scaling.low)
    addArray("\(array)_half", scaling.half)
    addArray("\(array)_unit", scaling.unit)
  }

  private mutating func addArray(_ array: String, _ numbers: [Float]) {
    addArray("float", array, numbers, suffix: "f") { writer, number in writer.write(number) }
  }

  private mutating func addArray(_ array: String, _ numbers: [Double]) {
    addArray("double", array, numbers, suffix: "") { writer, number in writer.write(number) }
  }

  private mutating func addArray(_ array: String, _ numbers: [Int]) {
    let literals = numbers.map(String.init).joined(separator: ", ")
    text += "static const int \(name)_\(array)[\(numbers.count)] = {\(literals)};\n"
  }

  private mutating func addArray<Number: BinaryFloatingPoint>(
    _ type: String, _ array: String, _ numbers: [Number], suffix: String,
    write: (inout JSONWriter, Number) -> Void
  ) {
    text += "static const \(type) \(name)_\(array)[\(numbers.count)] = {"
    var writer = JSONWriter(capacity: 64)
    var length = CFile.lineLength
    for (index, number) in numbers.enumerated() {
      var literal = number < 0 ? "-HUGE_VAL" : "HUGE_VAL"
      if number.isFinite {
        writer.removeAll()
        write(&writer, number)
        literal = String(decoding: writer.bytes, as: UTF8.self)
        // Without a point or an exponent it would be an integer.
        if !literal.utf8.contains(where: { [".", "e", "E"].map { UInt8(ascii: $0) }.contains($0) }) { literal += ".0" }
        literal += suffix
      }
      let separator = index == numbers.count - 1 ? "" : ","
      if length + literal.utf8.count + 2 > CFile.lineLength {
        text += "\n "
        length = 1
      }
      text += " \(literal)\(separator)"
      length += literal.utf8.count + 2
    }
    text += "};\n"
  }

  private static let lineLength = 118
}

extension PolicySnapshot.Layer {
  /// The weights with those of one input side by side, so that a compiler can compute several units at once.
  fileprivate var weightsByInput: [Float] {
    let units = biases.count
    let inputs = weights.count / units
    return (0..<weights.count).map { weights[$0 % units * inputs + $0 / units] }
  }
}
