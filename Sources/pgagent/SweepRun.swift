#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GymwireIO

/// One run of a sweep: what it is called, how it is started, and how far it has come.
struct SweepRun {
  /// Where a run is.
  enum State {
    case waiting
    case running(ChildProcess, since: ContinuousClock.Instant)
    case done(seconds: Double)
    /// It ended by itself; the sentence says why.
    case failed(String)
    /// It ended because the sweep was to stop.
    case stopped
  }

  /// What its directory is called, such as `pi-lr=1e-3_seed=4`.
  let name: String
  /// What it shares with the runs that differ in their seeds alone.
  let group: [String]
  /// The words that come after `pgagent train`, but for the directory.
  let words: [String]
  /// How many epochs it has.
  let epochs: Int
  var state = State.waiting
  /// The last epoch of its metrics.
  private(set) var last = Last()

  /// What the last lines of the metrics say.
  struct Last {
    var epochs = 0
    var steps = 0
    var meanReturn: Double?
  }

  init(name: String, group: [String], words: [String], epochs: Int) {
    (self.name, self.group, self.words, self.epochs) = (name, group, words, epochs)
  }

  var isOver: Bool {
    switch state {
    case .waiting, .running: false
    case .done, .failed, .stopped: true
    }
  }

  /// Reads how far the run has come; `directory` is that of the sweep.
  mutating func look(in directory: String) {
    guard let end = WholeFile.end(of: "\(directory)/\(name)/metrics.jsonl", atMost: Self.lookedAt) else { return }
    // What stands before the first line end may be half a line, and what stands behind the last one, too.
    for line in end.split(separator: UInt8(ascii: "\n")) {
      guard let row = try? JSONDecoder().decode(Row.self, from: Data(line)) else { continue }
      last = Last(epochs: row.epoch, steps: row.steps, meanReturn: row.meanReturn ?? last.meanReturn)
    }
  }

  private struct Row: Decodable {
    let epoch: Int
    let steps: Int
    let meanReturn: Double?

    private enum CodingKeys: String, CodingKey {
      case epoch, steps
      case meanReturn = "mean_return"
    }
  }

  private static let lookedAt = 1 << 14
}
