import GymwireIO

/// What a run shows while it works: on a terminal two lines that are written over, elsewhere a line now and then.
struct ProgressLine {
  private let isTerminal: Bool
  private let hasColor: Bool
  private let epochs: Int
  private var lines = LiveLines(.standardError)
  private var pace = TrainingPace()
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private var curve = Sparkline()
  private var lastMeanReturn: Double?
  private var further: [String] = []
  private var bestMeanReturn: Double?

  // A run that is resumed has these behind it, which tell nothing of this process's speed.
  private let stepsBefore: Int

  init(epochs: Int, epochsBefore: Int, stepsBefore: Int) {
    let environment = Terminal.environment
    isTerminal = FileDescriptor.standardError.isTerminal && !environment.contains("TERM=dumb")
    hasColor = Terminal.allowsColor(environment)
    self.epochs = epochs
    self.stepsBefore = stepsBefore
    if isTerminal { draw(epoch: epochsBefore, steps: stepsBefore) } else { lastShown = start }
  }

  /// Shows where the run is, but not so often that showing it costs time.
  ///
  /// - Parameters:
  ///   - epoch: the epoch that has just ended, from 1.
  ///   - meanReturn: of the epoch's finished episodes; nil when none has finished.
  ///   - further: what else there is to see.
  mutating func show(epoch: Int, steps: Int, meanReturn: Double?, further: [String] = []) {
    self.further = further
    if let meanReturn {
      // Where episodes are long, many an epoch ends none: the last mean that there is says more than nothing.
      lastMeanReturn = meanReturn
      bestMeanReturn = max(bestMeanReturn ?? meanReturn, meanReturn)
      curve.append(meanReturn)
    }
    let now = ContinuousClock.now
    pace.note(now)
    let interval: Duration = isTerminal ? .milliseconds(50) : .seconds(2)
    if let lastShown, lastShown.duration(to: now) < interval, epoch != epochs { return }
    lastShown = now
    if isTerminal { draw(epoch: epoch, steps: steps) } else { print(epoch: epoch, steps: steps) }
  }

  /// Ends the lines that are still being written over, so that what follows begins on one of its own.
  mutating func finish() { lines.finish() }

  private func print(epoch: Int, steps: Int) {
    let fields = [
      "epoch \(epoch)/\(epochs)", "steps \(steps.grouped)",
      lastMeanReturn.map { "mean return \($0.shown)" } ?? "no episode has ended yet",
    ]
    let line = (fields + further + [speed(steps), time(epoch)]).joined(separator: "  ")
    try? FileDescriptor.standardError.writeAll(line + "\n")
  }

  private mutating func draw(epoch: Int, steps: Int) {
    let width = lines.width
    lines.show([progress(epoch, steps, width), returns(width)])
  }

  /// The epoch, a bar, the time and the speed, as far as there is room.
  private func progress(_ epoch: Int, _ steps: Int, _ width: Int) -> LiveLines.Line {
    let name = width < 40 ? "\(epoch)/\(epochs)" : "epoch \(epoch)/\(epochs)"
    var fields = [String(name.prefix(width))]
    // A bar comes before all but the time, where there is room for it.
    let reserved = width < 40 ? 0 : 12
    for field in [time(epoch), speed(steps), "\(steps.grouped) steps"]
    where length(fields) + 2 + field.count <= width - reserved { fields.append(field) }
    let room = width - length(fields) - 2
    guard room >= 8 else { return LiveLines.Line(fields.joined(separator: "  ")) }
    let bar = min(room, 60)
    let full = epochs > 0 ? bar * epoch / epochs : bar
    var (filled, empty) = (String(repeating: "━", count: full), String(repeating: "─", count: bar - full))
    if hasColor { (filled, empty) = ("\u{1B}[36m\(filled)", "\u{1B}[90m\(empty)\u{1B}[0m") }
    let text = ([fields[0], filled + empty] + fields.dropFirst()).joined(separator: "  ")
    return LiveLines.Line(text, length: length(fields) + 2 + bar)
  }

  /// The mean returns: the last, the best, and a curve of all of them that takes the rest of the line.
  private func returns(_ width: Int) -> LiveLines.Line {
    guard let last = lastMeanReturn, let best = bestMeanReturn else {
      return LiveLines.Line(String("no episode has ended yet".prefix(width)))
    }
    let long = (["mean return \(last.shown)", "best \(best.shown)"] + further).joined(separator: "  ")
    let text = String((long.count <= width ? long : last.shown).prefix(width))
    let curve = curve.text(width: width - text.count - 2)
    return LiveLines.Line(curve.isEmpty ? text : "\(text)  \(curve)")
  }

  private func length(_ fields: [String]) -> Int { fields.reduce(-2) { $0 + $1.count + 2 } }

  private func speed(_ steps: Int) -> String {
    "\(Int(Double(steps - stepsBefore) / max(pace.seconds, 1e-9)).grouped) steps/s"
  }

  private func time(_ epoch: Int) -> String {
    if epoch == epochs { return "\((start.duration(to: .now) / .seconds(1)).fixed(1)) s" }
    return pace.secondsLeft(epochs: epochs - epoch).map { "\($0.duration) left" } ?? "no epoch has ended yet"
  }
}
