import Environments

/// Turns the rows of floats that a ``ProductDistribution`` draws into actions of a space.
public final class ActionEncoder {
  /// The family of distributions that fits the space.
  public let distribution: ProductDistribution
  /// What -1 and 1 stand for; nil where numbers stand for themselves.
  public let scaling: NumberScaling?

  private static let mostNumbers = 1 << 16
  private let leaves: [SpaceLeaf]
  private var arrays: [FlatArray] = []
  private var knownBatch: ValueBatch?

  /// Prepares actions of `space`; throws if a policy cannot act in it.
  ///
  /// - Parameter wrappers: may let [-1, 1] stand for the bounds of numbers.
  public init(_ space: Space, path: String = "action", wrappers: Wrappers = Wrappers()) throws(TrainingError) {
    leaves = try SpaceLeaf.all(of: space, path: path)
    var factors: [ProductDistribution.Factor] = []
    var total = 0
    for leaf in leaves {
      let choices = Self.choices(leaf)
      for count in choices {
        guard count > 0, count <= SpaceLeaf.largestWidth - total else {
          throw .unsupportedSpace(
            path: leaf.path,
            kind: leaf.space.kind,
            reason: "it would need more than \(SpaceLeaf.largestWidth) logits or none"
          )
        }
        total += count
      }
      guard factors.count + leaf.width <= Self.mostNumbers else {
        throw .unsupportedSpace(
          path: leaf.path,
          kind: leaf.space.kind,
          reason: "an action would have more than \(Self.mostNumbers) numbers"
        )
      }
      switch leaf.space {
      case .box: factors.append(.gaussian(DiagonalGaussian(dimensions: leaf.width)))
      case .multiBinary: factors += repeatElement(.bernoulli(Bernoulli()), count: leaf.width)
      default: factors += choices.map { .categorical(Categorical(choices: $0)) }
      }
    }
    guard !factors.isEmpty else {
      throw .unsupportedSpace(path: path, kind: space.kind, reason: "it is empty, so that there is nothing to do")
    }
    distribution = ProductDistribution(factors)
    scaling = wrappers.rescalesActions ? NumberScaling(Self.bounds(leaves), rescales: true, limit: nil) : nil
  }

  private static func bounds(_ leaves: [SpaceLeaf]) -> [(low: Double, high: Double)?] {
    leaves.flatMap { leaf -> [(low: Double, high: Double)?] in
      guard case .box(let box) = leaf.space else { return Array(repeating: nil, count: leaf.width) }
      return (0..<leaf.width).map { (box.low[$0], box.high[$0]) }
    }
  }

  private static func choices(_ leaf: SpaceLeaf) -> [Int] {
    switch leaf.space {
    case .discrete(let discrete): [discrete.n]
    case .multiDiscrete(let space): (0..<leaf.width).map { space.nvec[$0] }
    default: []
    }
  }

  /// Writes `rows` actions to rows `first` and on of `batch`, those of a Box clipped to its bounds.
  ///
  /// - Returns: how many numbers were clipped.
  @discardableResult
  public func encode(
    _ actions: UnsafePointer<Float>,
    rows: Int,
    into batch: ValueBatch,
    first: Int = 0
  ) -> Int {
    if knownBatch !== batch {
      arrays = batch.leafArrays
      knownBatch = batch
    }
    var clipped = 0
    var column = 0
    for (index, leaf) in leaves.enumerated() {
      let array = arrays[index]
      switch leaf.space {
      case .box(let box):
        for row in 0..<rows {
          let source = actions + row * distribution.actionCount + column
          clipped += encode(source, box, array, at: (first + row) * leaf.width, width: leaf.width, column: column)
        }
      case .discrete(let discrete): encode(actions + column, rows, array, leaf, first) { _ in discrete.start }
      case .multiDiscrete(let space): encode(actions + column, rows, array, leaf, first) { space.start[$0] }
      default: encode(actions + column, rows, array, leaf, first) { _ in 0 }
      }
      column += leaf.width
    }
    return clipped
  }

  /// Writes row `row` of `batch`, a value of the space, as the floats that a distribution would have drawn.
  public func decode(_ batch: ValueBatch, row: Int, into action: UnsafeMutablePointer<Float>) {
    var column = 0
    for (leaf, array) in zip(leaves, batch.leafArrays) {
      for element in 0..<leaf.width {
        let number = array.double(at: row * leaf.width + element)
        action[column + element] =
          switch leaf.space {
          case .discrete(let discrete): Float(number - Double(discrete.start))
          case .multiDiscrete(let space): Float(number - Double(space.start[element]))
          default: scaling?.number(of: Float(number), at: column + element) ?? Float(number)
          }
      }
      column += leaf.width
    }
  }

  /// Writes integers, each with what `start` gives for its element added.
  @inline(__always)
  private func encode(
    _ actions: UnsafePointer<Float>, _ rows: Int, _ array: FlatArray, _ leaf: SpaceLeaf, _ first: Int,
    start: (Int) -> Int
  ) {
    for row in 0..<rows {
      let source = actions + row * distribution.actionCount
      let target = (first + row) * leaf.width
      for element in 0..<leaf.width {
        array.setInteger(Int(source[element]) + start(element), at: target + element)
      }
    }
  }

  private func encode(
    _ source: UnsafePointer<Float>,
    _ box: Box,
    _ array: FlatArray,
    at target: Int,
    width: Int,
    column: Int
  ) -> Int {
    var clipped = 0
    for element in 0..<width {
      var number = Double(scaling?.value(of: source[element], at: column + element) ?? source[element])
      if number < box.low[element] {
        number = box.low[element]
        clipped += 1
      } else if number > box.high[element] {
        number = box.high[element]
        clipped += 1
      }
      array.set(box.type.isFloatingPoint ? number : number.rounded(), at: target + element)
    }
    return clipped
  }
}

extension FlatArray {
  /// Stores an integer, without a detour for the type that actions usually have.
  @inline(__always)
  fileprivate func setInteger(_ value: Int, at index: Int) {
    if type == .int64 {
      numbers(as: Int64.self)[index] = Int64(value)
    } else {
      set(Int128(value), at: index)
    }
  }
}
