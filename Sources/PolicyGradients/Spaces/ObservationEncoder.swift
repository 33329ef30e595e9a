import Environments

/// Turns observations of any supported space into rows of floats, as Gymnasium's `flatten` does.
///
/// A Box and a MultiBinary give their numbers, a Discrete a one-hot vector, a MultiDiscrete one after the other of them,
/// Dict and Tuple their members in order.
public final class ObservationEncoder {
  /// How many floats an encoded observation has.
  public let width: Int

  /// How wrappers bring its numbers to scale and clip them; nil where they do not.
  public let scaling: NumberScaling?

  private let leaves: [Leaf]
  private let hasChoices: Bool
  private let isOneBox: Bool
  private var arrays: [FlatArray] = []
  private var knownBatch: ValueBatch?

  private struct Leaf {
    let path: String
    let source: Int
    let target: Int
    let oneHots: [OneHot]
  }

  private struct OneHot {
    let choices: Int
    let start: Int
  }

  /// Prepares the encoding of `space`; throws if the space, or one within it, cannot be encoded.
  ///
  /// - Parameter wrappers: may bring numbers to scale and clip them.
  public init(_ space: Space, path: String = "obs", wrappers: Wrappers = Wrappers()) throws(TrainingError) {
    var leaves: [Leaf] = []
    var bounds: [(low: Double, high: Double)?] = []
    var width = 0
    for leaf in try SpaceLeaf.all(of: space, path: path) {
      let oneHots = try Self.oneHots(leaf)
      leaves.append(Leaf(path: leaf.path, source: leaf.width, target: width, oneHots: oneHots))
      let numbers = oneHots.isEmpty ? leaf.width : oneHots.reduce(0) { $0 + $1.choices }
      width += numbers
      guard width <= SpaceLeaf.largestWidth else {
        throw .unsupportedSpace(
          path: path,
          kind: space.kind,
          reason: "its values have more than \(SpaceLeaf.largestWidth) numbers"
        )
      }
      guard wrappers.rescalesObservations || wrappers.observationClip != nil else { continue }
      if case .box(let box) = leaf.space {
        bounds += (0..<numbers).map { (box.low[$0], box.high[$0]) }
      } else {
        bounds += Array(repeating: nil, count: numbers)
      }
    }
    scaling =
      bounds.isEmpty
      ? nil : NumberScaling(bounds, rescales: wrappers.rescalesObservations, limit: wrappers.observationClip)
    guard width > 0 else {
      throw .unsupportedSpace(path: path, kind: space.kind, reason: "it is empty, so that there is nothing to observe")
    }
    self.leaves = leaves
    isOneBox = leaves.count == 1 && leaves[0].oneHots.isEmpty
    hasChoices = leaves.contains { !$0.oneHots.isEmpty }
    self.width = width
  }

  private static func oneHots(_ leaf: SpaceLeaf) throws(TrainingError) -> [OneHot] {
    let oneHots: [OneHot]
    switch leaf.space {
    case .discrete(let discrete): oneHots = [OneHot(choices: discrete.n, start: discrete.start)]
    case .multiDiscrete(let space):
      oneHots = (0..<leaf.width).map { OneHot(choices: space.nvec[$0], start: space.start[$0]) }
    default: return []
    }
    var total = 0
    for oneHot in oneHots {
      guard oneHot.choices > 0, oneHot.choices <= SpaceLeaf.largestWidth - total else {
        throw .unsupportedSpace(
          path: leaf.path,
          kind: leaf.space.kind,
          reason: "its one-hot vector would have more than \(SpaceLeaf.largestWidth) elements or none"
        )
      }
      total += oneHot.choices
    }
    return oneHots
  }

  /// Encodes rows `range` of `batch` to consecutive rows at `target`.
  ///
  /// A value outside a Discrete or MultiDiscrete has a one-hot vector of zeros; ``problem(in:rows:)`` finds it. The first
  /// call with another batch resolves its arrays; later calls with the same one allocate nothing.
  public func encode(_ batch: ValueBatch, rows range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    encodePlainly(batch, range, into: target)
    scaling?.apply(target, rows: range.count)
  }

  private func encodePlainly(_ batch: ValueBatch, _ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    if isOneBox, let floats = batch.floats(range) {
      for index in floats.indices { target[index] = floats[index] }
      return
    }
    if knownBatch !== batch {
      arrays = batch.leafArrays
      knownBatch = batch
    }
    for (index, leaf) in leaves.enumerated() {
      let array = arrays[index]
      if !leaf.oneHots.isEmpty {
        encodeOneHots(array, leaf, range, into: target + leaf.target)
      } else {
        copy(array, leaf, range, into: target + leaf.target)
      }
    }
  }

  /// Says what is wrong with one of `rows` encoded rows, or nil: a number that is not finite, a choice that is not there.
  public func problem(in encoded: UnsafePointer<Float>, rows: Int) -> (row: Int, reason: String)? {
    var worst: UInt32 = 0
    for index in 0..<rows * width { worst = max(worst, encoded[index].bitPattern & 0x7F80_0000) }
    guard worst == 0x7F80_0000 else { return hasChoices ? firstIllegalChoice(in: encoded, rows: rows) : nil }
    for index in 0..<rows * width where !encoded[index].isFinite {
      let element = index % width
      let leaf = leaves.last { $0.target <= element }
      return (index / width, "element \(element - (leaf?.target ?? 0)) of \(leaf?.path ?? "obs") is \(encoded[index])")
    }
    return nil
  }

  private func firstIllegalChoice(in encoded: UnsafePointer<Float>, rows: Int) -> (row: Int, reason: String)? {
    for row in 0..<rows {
      for leaf in leaves {
        var position = row * width + leaf.target
        for (element, oneHot) in leaf.oneHots.enumerated() {
          if !(position..<position + oneHot.choices).contains(where: { encoded[$0] == 1 }) {
            let range = "\(oneHot.start)...\(oneHot.start + (oneHot.choices - 1))"
            return (row, "element \(element) of \(leaf.path) is not one of \(range)")
          }
          position += oneHot.choices
        }
      }
    }
    return nil
  }

  private func encodeOneHots(
    _ array: FlatArray,
    _ leaf: Leaf,
    _ range: Range<Int>,
    into target: UnsafeMutablePointer<Float>
  ) {
    for (row, source) in range.enumerated() {
      var output = target + row * width
      for (element, oneHot) in leaf.oneHots.enumerated() {
        output.update(repeating: 0, count: oneHot.choices)
        let choice = array.integer(at: source * leaf.source + element) - Int128(oneHot.start)
        if choice >= 0, choice < Int128(oneHot.choices) { output[Int(choice)] = 1 }
        output += oneHot.choices
      }
    }
  }

  private func copy(_ array: FlatArray, _ leaf: Leaf, _ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    switch array.type {
    case .float32: copy(array.numbers(as: Float.self), leaf, range, into: target) { $0 }
    case .uint8, .bool: copy(array.numbers(as: UInt8.self), leaf, range, into: target) { Float($0) }
    case .int8: copy(array.numbers(as: Int8.self), leaf, range, into: target) { Float($0) }
    case .float64: copy(array.numbers(as: Double.self), leaf, range, into: target) { Float($0) }
    default:
      for (row, source) in range.enumerated() {
        for element in 0..<leaf.source {
          target[row * width + element] = Float(array.double(at: source * leaf.source + element))
        }
      }
    }
  }

  @inline(__always)
  private func copy<Number: BitwiseCopyable>(
    _ numbers: UnsafeMutableBufferPointer<Number>,
    _ leaf: Leaf,
    _ range: Range<Int>,
    into target: UnsafeMutablePointer<Float>,
    convert: (Number) -> Float
  ) {
    for (row, source) in range.enumerated() {
      for element in 0..<leaf.source {
        target[row * width + element] = convert(numbers[source * leaf.source + element])
      }
    }
  }
}
