import GymwireIO

/// What a run shows while it works: on a terminal one line that is written over, elsewhere a line now and then.
struct ProgressLine {
  private let isTerminal = FileDescriptor.standardError.isTerminal
  private let epochs: Int
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private var lastMeanReturn: Double?

  // A run that is resumed has these behind it, which tell nothing of this process's speed.
  private let epochsBefore: Int
  private let stepsBefore: Int

  init(epochs: Int, epochsBefore: Int, stepsBefore: Int) {
    self.epochs = epochs
    self.epochsBefore = epochsBefore
    self.stepsBefore = stepsBefore
  }

  /// Shows where the run is, but not so often that showing it costs time.
  ///
  /// - Parameters:
  ///   - epoch: the epoch that has just ended, from 1.
  ///   - meanReturn: of the epoch's finished episodes; nil when none has finished.
  mutating func show(epoch: Int, steps: Int, meanReturn: Double?) {
    // Where episodes are long, many an epoch ends none: the last mean that there is says more than nothing.
    lastMeanReturn = meanReturn ?? lastMeanReturn
    let now = ContinuousClock.now
    let interval: Duration = isTerminal ? .milliseconds(50) : .seconds(2)
    let isLast = epoch == epochs
    if let lastShown, lastShown.duration(to: now) < interval, !isLast { return }
    lastShown = now
    let elapsed = max(start.duration(to: now) / .seconds(1), 1e-9)
    let left = elapsed / Double(max(1, epoch - epochsBefore)) * Double(epochs - epoch)
    let fields = [
      "epoch \(epoch)/\(epochs)", "steps \(steps.grouped)",
      "mean return \(lastMeanReturn.map { $0.fixed(1) } ?? "-")",
      "\(Int(Double(steps - stepsBefore) / elapsed).grouped) steps/s",
      isLast ? "\(elapsed.fixed(1)) s" : "\(Int(left.rounded(.up))) s left",
    ]
    let line = fields.joined(separator: "  ")
    try? FileDescriptor.standardError.writeAll(isTerminal ? "\r\u{1B}[K\(line)" : line + "\n")
  }

  /// Ends a line that is still being written over, so that what follows begins on one of its own.
  func finish() {
    if isTerminal, lastShown != nil { try? FileDescriptor.standardError.writeAll("\n") }
  }
}

extension Int {
  /// The digits in groups of three: 12,288.
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }
}

extension Double {
  /// The number with a fixed count of digits behind the point.
  func fixed(_ digits: Int) -> String {
    guard isFinite else { return "\(self)" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int128(exactly: (magnitude * scale).rounded()) ?? 0
    let text = String(scaled)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let sign = sign == .minus && scaled != 0 ? "-" : ""
    return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }
}
