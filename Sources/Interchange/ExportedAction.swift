import Environments
import PolicyGradients

/// One part of an action: a Box, Discrete, MultiBinary or MultiDiscrete, alone or within Dicts and Tuples.
struct ExportedAction {
  /// What the outputs of the network mean.
  enum Meaning {
    /// Logits of so many choices for each element; what is chosen counts from `starts`.
    case choices(counts: [Int], starts: [Int])
    /// One logit for each bit.
    case bits
    /// Numbers, clipped to the bounds after they were brought to their scale.
    case numbers(low: [Double], high: [Double], scale: Scale)
  }

  /// How an output becomes a number of an action.
  enum Scale {
    /// It is one.
    case plain
    /// tanh squashes it, and ±1 stands for the bounds.
    case squashed(ActionScaling)
    /// ±1 stands for the bounds, and what is beyond for what is beyond them.
    case rescaled(ExportedScaling)
  }

  /// The way to it, such as `action` or `action.left.grip`.
  let path: String
  let shape: [Int]
  let type: ScalarType
  /// How many numbers the part has.
  let width: Int
  var meaning: Meaning
  /// The outputs of the policy's network that are about it.
  let columns: Range<Int>
  /// Where its numbers ln σ are; nil if it has none.
  var sigmaColumns: Range<Int>?
  /// Whether the outputs are parameters of a distribution.
  var hasDistribution = true

  init(_ leaf: SpaceLeaf, firstColumn: Int) {
    path = leaf.path
    (type, shape) = leaf.space.flat ?? (.int64, [])
    width = leaf.width
    let elements = 0..<leaf.width
    switch leaf.space {
    case .discrete(let discrete): meaning = .choices(counts: [discrete.n], starts: [discrete.start])
    case .multiDiscrete(let space):
      meaning = .choices(counts: elements.map { space.nvec[$0] }, starts: elements.map { space.start[$0] })
    case .box(let box):
      let range = leaf.space.flat?.type.doubleRange
      meaning = .numbers(
        low: elements.map { max(box.low[$0], range?.lowerBound ?? -.infinity) },
        high: elements.map { min(box.high[$0], range?.upperBound ?? .infinity) }, scale: .plain)
    default: meaning = .bits
    }
    let outputs = if case .choices(let counts, _) = meaning { counts.reduce(0, +) } else { leaf.width }
    columns = firstColumn..<firstColumn + outputs
  }

  /// How many parameters its distributions have.
  var parameterCount: Int { hasDistribution ? columns.count + (sigmaColumns?.count ?? 0) : 0 }

  /// What comes to its means before they are clipped, for people; empty where nothing does.
  var afterMeans: String {
    guard case .numbers(_, _, let scale) = meaning else { return "" }
    return switch scale {
    case .plain: ""
    case .squashed: ", before tanh"
    case .rescaled: ", before -1 ... 1 is brought to the bounds"
    }
  }

  /// What its path has after `action`, such as `.left.grip`.
  var suffix: Substring { path.dropFirst("action".count) }
}

extension ScalarType {
  /// The doubles that an integer of this type can be made of; nil for a floating-point type.
  ///
  /// A double beyond it could not be cast, in C as in ONNX.
  fileprivate var doubleRange: ClosedRange<Double>? {
    guard let range = integerRange else { return nil }
    let upper = Double(range.upperBound)
    return Double(range.lowerBound)...(Int128(upper) > range.upperBound ? upper.nextDown : upper)
  }
}
