import Environments

/// How often one number of the actions was in which range.
public struct ActionHistogram: Equatable, Sendable {
  /// Which number it is, such as `action`, or `action.left.2` for the third of a Box.
  public let name: String
  /// The greatest number of each bucket, ascending.
  public let limits: [Double]
  /// How many numbers are in each bucket.
  public fileprivate(set) var counts: [Int]
  /// How many numbers there are.
  public fileprivate(set) var total = 0
  /// The least of the numbers; 0 where there are none.
  public fileprivate(set) var minimum = 0.0
  /// The greatest of them.
  public fileprivate(set) var maximum = 0.0
  /// Their sum.
  public fileprivate(set) var sum = 0.0
  /// The sum of their squares.
  public fileprivate(set) var squares = 0.0
  /// What a number is moved by and then clipped to.
  fileprivate let start, low, high: Double
}

/// Counts the actions of a run, as the environment gets them.
public final class ActionHistograms {
  /// The most numbers of an action that are counted; they are the first ones.
  public static let mostNumbers = 32
  private static let mostChoices = 512
  private static let bucketsOfBox = 64

  // One thread counts, so the field needs no checks for overlapping accesses.
  @exclusivity(unchecked) private var histograms: [ActionHistogram] = []
  private let actionWidth: Int

  /// Prepares the counts for actions of a space.
  init(_ space: Space) throws(TrainingError) {
    let leaves = try SpaceLeaf.all(of: space, path: "action")
    actionWidth = leaves.reduce(0) { $0 + $1.width }
    for leaf in leaves {
      for element in 0..<min(leaf.width, Self.mostNumbers - histograms.count) {
        histograms.append(Self.histogram(leaf, element))
      }
    }
  }

  /// What has been counted since the last call.
  public func take() -> [ActionHistogram] {
    let taken = histograms
    for index in histograms.indices { histograms[index] = histograms[index].emptied }
    return taken
  }

  /// Counts `rows` actions as ``ActionEncoder`` reads them.
  func count(_ actions: UnsafePointer<Float>, rows: Int) {
    for index in histograms.indices {
      for row in 0..<rows { histograms[index].add(Double(actions[row * actionWidth + index])) }
    }
  }

  private static func histogram(_ leaf: SpaceLeaf, _ element: Int) -> ActionHistogram {
    let name = leaf.width > 1 ? "\(leaf.path).\(element)" : leaf.path
    var (low, high) = (0.0, 1.0)
    switch leaf.space {
    case .discrete(let space): return choices(name, space.n, space.start)
    case .multiDiscrete(let space): return choices(name, space.nvec[element], space.start[element])
    case .box(let box): (low, high) = (box.low[element], box.high[element])
    default: return choices(name, 2, 0)
    }
    let limits =
      (high - low).isFinite && high > low
      ? (1...bucketsOfBox).map { low + (high - low) * (Double($0) / Double(bucketsOfBox)) } : unboundedLimits
    return ActionHistogram(name, limits, start: 0, low: low, high: high)
  }

  /// A bucket for each choice, or for several where there are too many.
  private static func choices(_ name: String, _ count: Int, _ start: Int) -> ActionHistogram {
    let size = (count + mostChoices - 1) / mostChoices
    let limits = (1...(count + size - 1) / size).map { Double(start) + Double($0 * size) - 0.5 }
    return ActionHistogram(name, limits, start: Double(start), low: -.infinity, high: .infinity)
  }

  /// ±2^-10 … ±2^20 in steps of √2, and everything beyond.
  private static let unboundedLimits: [Double] = {
    let positive = (-20...40).map { half in
      Double(sign: .plus, exponent: half >> 1, significand: half & 1 == 0 ? 1 : 2.0.squareRoot())
    }
    return positive.reversed().map { -$0 } + [0] + positive + [.greatestFiniteMagnitude]
  }()
}

extension ActionHistogram {
  fileprivate init(_ name: String, _ limits: [Double], start: Double, low: Double, high: Double) {
    (self.name, self.limits, self.start, self.low, self.high) = (name, limits, start, low, high)
    counts = Array(repeating: 0, count: limits.count)
  }

  fileprivate var emptied: ActionHistogram { ActionHistogram(name, limits, start: start, low: low, high: high) }

  fileprivate mutating func add(_ action: Double) {
    let number = max(low, min(high, action + start))
    // The first bucket whose limit is not below the number.
    var (first, last) = (0, limits.count - 1)
    while first < last {
      let middle = (first + last) / 2
      if limits[middle] < number { first = middle + 1 } else { last = middle }
    }
    minimum = total == 0 ? number : min(minimum, number)
    maximum = total == 0 ? number : max(maximum, number)
    counts[first] += 1
    total += 1
    sum += number
    squares += number * number
  }
}
