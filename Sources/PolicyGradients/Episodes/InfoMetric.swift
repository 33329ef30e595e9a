import Environments

/// A number of the environment's own that is followed through each episode, by its name in info.
public struct InfoMetric: Equatable, Sendable {
  /// What becomes of the numbers of an episode.
  public enum Reduction: String, CaseIterable, Sendable {
    /// The last one counts, which comes with the final observation.
    case last
    /// Their mean over the steps that told one.
    case mean
  }

  /// The name in info.
  public let name: String
  /// What becomes of the numbers of an episode.
  public let reduction: Reduction

  /// Reads a name, or a name and a reduction with a colon between.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, !name.isEmpty, parts.count <= 2,
      let reduction = parts.count == 2 ? Reduction(rawValue: parts[1]) : .last
    else { return nil }
    (self.name, self.reduction) = (name, reduction)
  }

  /// The numbers after the name and the reduction, as ``init(_:)`` reads them.
  public var text: String { reduction == .last ? name : "\(name):\(reduction.rawValue)" }
}

/// The numbers of the episodes that are under way, by stream.
final class InfoFollower {
  let metrics: [InfoMetric]
  private var sums: [Double]
  private var counts: [Int]

  init(_ metrics: [InfoMetric], streams: Int) {
    self.metrics = metrics
    sums = Array(repeating: 0, count: streams * metrics.count)
    counts = Array(repeating: 0, count: streams * metrics.count)
  }

  /// Forgets what a stream has told.
  func begin(_ stream: Int) {
    for index in stream * metrics.count..<(stream + 1) * metrics.count { (sums[index], counts[index]) = (0, 0) }
  }

  /// Takes in what was told with a step of a stream.
  func note(_ stream: Int, _ outcome: StepBatch, row: Int) {
    guard let info = outcome.hasEnded(row) ? outcome.finalInfos[row] : outcome.infos[row] else { return }
    for (index, metric) in metrics.enumerated() {
      guard let number = info[metric.name]?.measure else { continue }
      let place = stream * metrics.count + index
      sums[place] = metric.reduction == .last ? number : sums[place] + number
      counts[place] = metric.reduction == .last ? 1 : counts[place] + 1
    }
  }

  /// What an episode that has ended comes to, by the text of each metric; one that was never told is absent.
  func finish(_ stream: Int) -> [String: Double] {
    var values: [String: Double] = [:]
    for (index, metric) in metrics.enumerated() {
      let place = stream * metrics.count + index
      if counts[place] > 0 { values[metric.text] = sums[place] / Double(counts[place]) }
    }
    begin(stream)
    return values
  }
}

/// The mean over episodes of what each comes to.
struct InfoSums: Codable, Equatable {
  private var sums: [String: Double] = [:]
  private var counts: [String: Int] = [:]

  mutating func add(_ values: [String: Double]) {
    for (name, value) in values {
      sums[name, default: 0] += value
      counts[name, default: 0] += 1
    }
  }

  var means: [String: Double] { sums.mapValues { $0 }.merging(counts.mapValues(Double.init)) { $0 / $1 } }

  var isPlausible: Bool {
    Set(sums.keys) == Set(counts.keys) && sums.values.allSatisfy(\.isFinite)
      && counts.values.allSatisfy { $0 > 0 && PartState.countRange.contains($0) }
  }
}

extension PlainValue {
  /// The number that this is, truth values being 0 and 1.
  fileprivate var measure: Double? {
    if case .boolean(let flag) = self { return flag ? 1 : 0 }
    return number
  }
}
