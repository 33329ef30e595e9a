import CommandLineOptions
import Environments
import GymwireIO

/// Lets somebody act by keys, on a terminal or from a file.
final class Stage {
  private let player: Player
  private let policy: KeyedPolicy
  private let bindings: KeyBindings
  private let idle: ValueBatch?
  private let delay: Duration
  private let colors = ShownText.Colors.here
  private var finished: [(total: Double, steps: Int, end: String)] = []

  /// - Parameters:
  ///   - idle: what is done where no key was hit in time; nil waits for one.
  ///   - delay: how long a step lasts where time passes.
  init(_ player: Player, _ policy: KeyedPolicy, _ bindings: KeyBindings, idle: ValueBatch?, delay: Duration) {
    (self.player, self.policy, self.bindings) = (player, policy, bindings)
    (self.idle, self.delay) = (idle, delay)
  }

  /// Plays on the terminal, and says afterwards what came of it.
  func show(episodes: Int) throws {
    try perform(TerminalScreen(), episodes: episodes)
    for number in finished.indices { try tell(number) }
  }

  /// Takes a step for each character of standard input that stands for an action.
  ///
  /// - Throws: `UsageError` when none of them does.
  func run(episodes: Int) throws {
    let input = LineReader(.standardInput)
    var isEmpty = true
    while finished.count < episodes, !Interruption.isRequested, case .line(let line)? = try input.next() {
      isEmpty = isEmpty && line.isEmpty
      for byte in Array(line) where finished.count < episodes {
        if byte == UInt8(ascii: "q") { return }
        guard let action = bindings.action([byte]) else { continue }
        if player.episode == finished.count { try player.begin() }
        try step(action)
        if player.episode == finished.count { try tell(finished.count - 1) }
      }
    }
    guard player.episode == 0, !Interruption.isRequested else { return }
    throw UsageError.conflict(
      "standard input is not a terminal, and "
        + (isEmpty ? "there are no keys in it" : "none of its characters is a key (\(bindings.text))")
        + ": play on a terminal, or send a character for each step")
  }

  private func perform(_ screen: TerminalScreen, episodes: Int) throws {
    while finished.count < episodes, !Interruption.isRequested {
      try player.begin()
      while player.end == nil {
        try draw(on: screen)
        guard let action = wait(screen) else { return }
        try step(action)
      }
    }
  }

  private func step(_ action: ValueBatch) throws {
    policy.action = action
    try player.step()
    if let end = player.end { finished.append((player.total, player.steps, end)) }
  }

  /// The action of the key that was hit, or the idle one when the step is over; nil to end the play.
  private func wait(_ screen: TerminalScreen) -> ValueBatch? {
    let due = ContinuousClock.now.advanced(by: delay)
    var chosen: ValueBatch?
    while !Interruption.isRequested {
      let left = idle == nil ? Duration.milliseconds(100) : max(.zero, ContinuousClock.now.duration(to: due))
      let keys = screen.keys(within: min(left, .milliseconds(100)))
      // 4 is Ctrl-D, the end of input.
      if keys == [UInt8(ascii: "q")] || keys == [4] { return nil }
      chosen = bindings.action(keys) ?? chosen
      guard let idle else {
        if let chosen { return chosen }
        continue
      }
      if due <= .now { return chosen ?? idle }
    }
    return nil
  }

  private func draw(on screen: TerminalScreen) throws {
    let (columns, rows) = screen.size
    let space = max(1, rows - 3)
    let rendering = try player.look(player.pictureSize(columns, space))
    var lines = player.lines(of: rendering, columns: columns, rows: space, colors)
    let name = VisibleText.line(player.environment.spec.id ?? player.environment.serverName ?? "environment")
    let status =
      " \(name)  episode \(player.episode)  step \(player.steps.grouped)  return \(player.total.fixed(2))"
      + "  reward \(player.reward.fixed(2))"
    lines += ["", String(status.prefix(columns)), String(" \(bindings.text)  q quit".prefix(columns))]
    try screen.show(lines.suffix(rows).map { $0 })
  }

  private func tell(_ index: Int) throws {
    let (total, steps, end) = finished[index]
    try FileDescriptor.standardOutput.writeAll(
      "episode \(index + 1): return \(total.fixed(2)), \(steps.grouped) steps, \(end)\n")
  }
}
