import Environments

/// A graph of ONNX operators that is being put together, and the bytes of its file.
///
/// Source: onnx.proto of ONNX, intermediate representation 7; the operators are those of opset 13, which every runtime
/// since 2020 has. A value is called by its name.
struct ONNXModel {
  /// The types of tensors that are needed, by their numbers in `TensorProto.DataType`.
  enum DataType: Int {
    case float = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float16 = 10
    case double = 11
    case uint32 = 12
    case uint64 = 13
  }

  /// A size along one axis.
  enum Dimension {
    case fixed(Int)
    /// One that the caller decides, by its name.
    case named(String)
  }

  private static let representation = 7
  private static let operatorSet = 13

  private let name: String
  private let description: String
  private var nodes: [[UInt8]] = []
  private var constants: [[UInt8]] = []
  private var inputs: [[UInt8]] = []
  private var outputs: [[UInt8]] = []
  private var values = 0

  init(name: String, description: String) { (self.name, self.description) = (name, description) }

  /// Declares an input.
  mutating func addInput(_ name: String, _ type: DataType, _ shape: [Dimension], _ help: String) {
    inputs.append(Self.value(name, type, shape, help))
  }

  /// Declares a value as an output.
  mutating func addOutput(_ name: String, _ type: DataType, _ shape: [Dimension], _ help: String) {
    outputs.append(Self.value(name, type, shape, help))
  }

  /// Adds a node, and returns the name of its output.
  ///
  /// - Parameter output: the name that it is to have; nil for one that nothing else has.
  mutating func add(
    _ operation: String, _ inputs: [String], output: String? = nil, _ attributes: [(name: String, value: Int)] = []
  ) -> String {
    let output = output ?? newName()
    var node = ProtobufWriter()
    for input in inputs { node.write(1, input) }
    node.write(2, output)
    node.write(4, operation)
    for (name, value) in attributes {
      node.write(5) { attribute in
        attribute.write(1, name)
        attribute.write(3, value)
        attribute.write(20, 2)
      }
    }
    nodes.append(node.bytes)
    return output
  }

  /// Adds an array of numbers, and returns its name.
  ///
  /// - Parameter name: the name of the input that it is the default of; nil for a constant.
  mutating func constant<Number: BitwiseCopyable>(
    _ type: DataType, _ shape: [Int], _ numbers: [Number], defaultOf name: String? = nil
  ) -> String {
    let name = name ?? newName()
    var tensor = ProtobufWriter()
    tensor.write(1, shape)
    tensor.write(2, type.rawValue)
    tensor.write(8, name)
    // The format wants little-endian numbers, which is what every platform of Swift has.
    numbers.withUnsafeBytes { tensor.write(9, bytes: $0) }
    constants.append(tensor.bytes)
    return name
  }

  /// The bytes of the file.
  ///
  /// - Parameter metadata: what else is to be known about the model.
  func encode(producerVersion: String, metadata: [(name: String, value: String)]) -> [UInt8] {
    var model = ProtobufWriter()
    model.write(1, Self.representation)
    model.write(2, "pgagent")
    model.write(3, producerVersion)
    model.write(7) { graph in
      for node in nodes { graph.write(1, bytes: node) }
      graph.write(2, name)
      for constant in constants { graph.write(5, bytes: constant) }
      graph.write(10, description)
      for input in inputs { graph.write(11, bytes: input) }
      for output in outputs { graph.write(12, bytes: output) }
    }
    model.write(8) { $0.write(2, Self.operatorSet) }
    for (name, value) in metadata {
      model.write(14) { entry in
        entry.write(1, name)
        entry.write(2, value)
      }
    }
    return model.bytes
  }

  private mutating func newName() -> String {
    values += 1
    // No input or output has a name that begins so.
    return "%\(values)"
  }

  private static func value(_ name: String, _ type: DataType, _ shape: [Dimension], _ help: String) -> [UInt8] {
    var value = ProtobufWriter()
    value.write(1, name)
    value.write(2) { typeOfValue in
      typeOfValue.write(1) { tensor in
        tensor.write(1, type.rawValue)
        tensor.write(2) { dimensions in
          for dimension in shape {
            dimensions.write(1) { entry in
              switch dimension {
              case .fixed(let size): entry.write(1, size)
              case .named(let name): entry.write(2, name)
              }
            }
          }
        }
      }
    }
    value.write(3, help)
    return value.bytes
  }
}

extension ONNXModel.DataType {
  /// The type of a tensor of such numbers.
  init(_ type: ScalarType) {
    self =
      switch type {
      case .float16: .float16
      case .float32: .float
      case .float64: .double
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      case .uint8: .uint8
      case .uint16: .uint16
      case .uint32: .uint32
      case .uint64: .uint64
      case .bool: .bool
      }
  }
}
