import GymwireIO

/// What a sweep shows: on a terminal a table that is written over, elsewhere a line for each run that ends; at the end
/// the whole table on standard output.
struct SweepTable {
  /// The most runs that a terminal is shown one by one while they go on.
  private static let mostRows = 20
  private static let width = 79
  private static let interval = Duration.milliseconds(200)

  private let isTerminal = FileDescriptor.standardError.isTerminal
  private let nameWidth: Int
  private var lastShown: ContinuousClock.Instant?
  private var shownLines = 0
  private var reported: Set<String> = []

  init(_ runs: [SweepRun]) { nameWidth = max(3, runs.map(\.name.count).max() ?? 0) }

  /// Shows where the runs are, but not so often that showing it costs time.
  mutating func show(_ runs: [SweepRun]) {
    guard isTerminal else {
      for run in runs where run.isOver && reported.insert(run.name).inserted { StandardStreams.report(line(run)) }
      return
    }
    let now = ContinuousClock.now
    if let lastShown, lastShown.duration(to: now) < Self.interval, !runs.allSatisfy(\.isOver) { return }
    lastShown = now
    let shown = runs.count <= Self.mostRows ? runs : runs.filter(\.isRunning)
    draw([heading] + shown.map(line) + [summary(runs)])
  }

  /// Says something that stays, above the table.
  mutating func say(_ text: String) {
    erase()
    StandardStreams.report(text)
  }

  /// Shows how all have ended, and what those that differ in their seeds alone have in common.
  mutating func finish(_ runs: [SweepRun], seconds: Double) {
    show(runs)
    erase()
    var lines = [heading] + runs.map(line)
    var groups: [[String]] = []
    for run in runs where !groups.contains(run.group) { groups.append(run.group) }
    for group in groups {
      let returns = runs.filter { $0.group == group && $0.isDone }.compactMap(\.last.meanReturn)
      guard returns.count > 1 else { continue }
      let mean = returns.reduce(0, +) / Double(returns.count)
      let deviation = (returns.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(returns.count)).squareRoot()
      let name = group.isEmpty ? "" : " with " + group.joined(separator: ", ")
      lines.append(
        "\(returns.count) runs\(name): mean return \(mean.fixed(1)) ± \(deviation.fixed(1)), "
          + "least \((returns.min() ?? 0).fixed(1))")
    }
    lines.append(summary(runs) + ", \(seconds.fixed(1)) s")
    try? FileDescriptor.standardOutput.writeAll(lines.map { $0 + "\n" }.joined())
  }

  private var heading: String {
    "run".padded(to: nameWidth) + "  " + ["epoch".padded(to: 11), "steps".padded(to: 13), "mean return"].joined()
  }

  private func line(_ run: SweepRun) -> String {
    let last = run.last
    let figures = [
      "\(last.epochs)/\(run.epochs)".padded(to: 11), last.steps.grouped.padded(to: 13),
      (last.meanReturn.map { $0.fixed(1) } ?? "-").padded(to: 13),
    ]
    return run.name.padded(to: nameWidth) + "  " + figures.joined() + run.stateText
  }

  private func summary(_ runs: [SweepRun]) -> String {
    let failed = runs.count { if case .failed = $0.state { true } else { false } }
    let stopped = runs.count { if case .stopped = $0.state { true } else { false } }
    let others = [(failed, "failed"), (stopped, "stopped"), (runs.count { $0.isRunning }, "running")]
      .filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }
    return "\(runs.count { $0.isDone }) of \(runs.count) runs done" + others.joined()
  }

  private mutating func draw(_ lines: [String]) {
    let text = lines.map { "\u{1B}[K" + VisibleText.line(String($0.prefix(Self.width))) + "\n" }.joined()
    try? FileDescriptor.standardError.writeAll(up + text)
    shownLines = lines.count
  }

  private mutating func erase() {
    guard shownLines > 0 else { return }
    try? FileDescriptor.standardError.writeAll(up + "\u{1B}[J")
    shownLines = 0
  }

  private var up: String { shownLines > 0 ? "\u{1B}[\(shownLines)A\r" : "" }
}

extension SweepRun {
  fileprivate var isRunning: Bool { if case .running = state { true } else { false } }
  fileprivate var isDone: Bool { if case .done = state { true } else { false } }

  fileprivate var stateText: String {
    switch state {
    case .waiting: "waiting"
    case .running: "running"
    case .done(let seconds): "done in \(seconds.fixed(1)) s"
    case .failed: "failed"
    case .stopped: "stopped"
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
