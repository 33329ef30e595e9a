/// A formula of the numbers of an observation, such as `10 * abs(o[1]) + 2 * o[0]^2`.
///
/// It has numbers, `o[0]`, `o[1]` and so on, `+ - * / ^` with their usual precedence, parentheses, and the functions sin,
/// cos, abs, sqrt, exp, min and max. `^` binds to the right and more than a minus before it: `-o[0]^2` is −(o₀²).
public struct ObservationExpression: Sendable, Equatable {
  /// The formula as it was written.
  public let text: String
  /// How many numbers an observation needs at least.
  public let observationWidth: Int
  /// What to do, operands first.
  private let operations: [Operation]
  private let depth: Int

  /// Reads a formula.
  ///
  /// - Throws: ``ExpressionError``, which points at the first place that cannot be read.
  public init(_ text: String) throws(ExpressionError) {
    var parser = ExpressionParser(text)
    let operations = try parser.parse()
    self.text = text
    self.operations = operations
    var (height, highest, width) = (0, 0, 0)
    for operation in operations {
      height += operation.growth
      highest = max(highest, height)
      if case .observed(let index) = operation { width = max(width, index + 1) }
    }
    depth = highest
    observationWidth = width
  }

  /// The value for an observation, which has at least ``observationWidth`` numbers; not finite where the formula is not.
  public func value(_ observation: UnsafePointer<Float>) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: depth) { stack in
      var top = -1
      for operation in operations {
        switch operation {
        case .number(let number):
          top += 1
          stack[top] = number
        case .observed(let index):
          top += 1
          stack[top] = Double(observation[index])
        case .unary(let function): stack[top] = function.value(stack[top])
        case .binary(let function):
          top -= 1
          stack[top] = function.value(stack[top], stack[top + 1])
        }
      }
      return stack[0]
    }
  }

  enum Operation: Sendable, Equatable {
    case number(Double)
    case observed(Int)
    case unary(UnaryFunction)
    case binary(BinaryFunction)

    /// How many numbers there are more on the stack after the operation.
    fileprivate var growth: Int {
      switch self {
      case .number, .observed: 1
      case .unary: 0
      case .binary: -1
      }
    }
  }

  enum UnaryFunction: String, CaseIterable, Sendable {
    case negation = "-"
    case sin, cos, abs, sqrt, exp

    func value(_ x: Double) -> Double {
      switch self {
      case .negation: -x
      case .sin: librarySine(x)
      case .cos: libraryCosine(x)
      case .abs: x.magnitude
      case .sqrt: x.squareRoot()
      case .exp: libraryExponential(x)
      }
    }
  }

  enum BinaryFunction: String, CaseIterable, Sendable {
    case sum = "+"
    case difference = "-"
    case product = "*"
    case quotient = "/"
    case power = "^"
    case min, max

    func value(_ x: Double, _ y: Double) -> Double {
      switch self {
      case .sum: x + y
      case .difference: x - y
      case .product: x * y
      case .quotient: x / y
      case .power: libraryPower(x, y)
      case .min: Swift.min(x, y)
      case .max: Swift.max(x, y)
      }
    }
  }
}
