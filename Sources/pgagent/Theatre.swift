import Drawing
import Environments
import Gymwire
import GymwireIO

/// Shows a player's episodes on a terminal, at a speed that keys change, or lets them pass without a screen.
final class Theatre {
  private let player: Player
  private let files: FilmFiles?
  private let size: RenderSize
  private var delay: Duration
  private var speed: Double
  private var isPaused = false
  private let colors = ShownText.Colors.here
  private var finished: [(total: Double, steps: Int)] = []

  /// - Parameters:
  ///   - size: of the frames that are kept.
  ///   - rate: how many steps are shown in a second; `speed` is the part of it that the person has chosen.
  init(_ player: Player, _ files: FilmFiles?, size: RenderSize, rate: Double, speed: Double) {
    self.player = player
    self.files = files
    self.size = size
    self.speed = speed
    delay = .seconds(1 / rate)
  }

  /// What a key asks for.
  private enum Order {
    case stepOnce, next, quit
  }

  /// Plays without a screen, as fast as it goes, and prints a line for each episode.
  func run(episodes: Int) throws {
    while finished.count < episodes, !Interruption.isRequested {
      try player.begin()
      try keep()
      while player.end == nil, !Interruption.isRequested {
        try player.step()
        try keep()
      }
      guard let end = player.end else { return }
      finished.append((player.total, player.steps))
      try FileDescriptor.standardOutput.writeAll(
        "episode \(player.episode): return \(player.total.fixed(2)), \(player.steps.grouped) steps, \(end)\n")
    }
  }

  /// Plays on the terminal.
  func show(episodes: Int) throws {
    try perform(TerminalScreen(), episodes: episodes)
    // The screen is gone, and what was on it with it.
    for (index, episode) in finished.suffix(10).enumerated() {
      let number = finished.count - min(10, finished.count) + index + 1
      try FileDescriptor.standardOutput.writeAll(
        "episode \(number): return \(episode.total.fixed(2)), \(episode.steps.grouped) steps\n")
    }
  }

  private func perform(_ screen: TerminalScreen, episodes: Int) throws {
    while finished.count < episodes, !Interruption.isRequested {
      try player.begin()
      var due = ContinuousClock.now
      while true {
        try draw(on: screen)
        due = max(due.advanced(by: delay), .now.advanced(by: .milliseconds(-200)))
        let order = try wait(until: due, screen)
        if order == .quit || Interruption.isRequested { return }
        if order == .next { break }
        if isPaused { due = .now }
        if player.end != nil { break }
        try player.step()
      }
      if player.end != nil { finished.append((player.total, player.steps)) }
    }
  }

  private func keep() throws {
    guard let files, case .frame(let picture)? = try player.look(size) else { return }
    try files.add(picture)
  }

  private func draw(on screen: TerminalScreen) throws {
    let (columns, rows) = screen.size
    let space = max(1, rows - 3)
    // What is kept has a size of its own, and is what is shown then.
    let rendering = try player.look(files == nil ? player.pictureSize(columns, space) : size)
    if let files, case .frame(let picture)? = rendering { try files.add(picture) }
    var lines = player.lines(of: rendering, columns: columns, rows: space, colors)
    lines += ["", String(status.prefix(columns)), String(Self.help.prefix(columns))]
    try screen.show(lines.suffix(rows).map { $0 })
  }

  private static let help = " space pause  . step  + - speed  n next episode  q quit"

  private var status: String {
    let name = VisibleText.line(player.environment.spec.id ?? player.environment.serverName ?? "environment")
    let state = player.end ?? (isPaused ? "paused" : "")
    return " \(name)  episode \(player.episode)  step \(player.steps.grouped)  return \(player.total.fixed(2))"
      + "  reward \(player.reward.fixed(2))  speed \(speed.fixed(speed < 1 ? 2 : 1))x  \(state)"
  }

  /// Waits for the next step, or longer while the play is paused, and does what keys ask for meanwhile.
  private func wait(until due: ContinuousClock.Instant, _ screen: TerminalScreen) throws -> Order? {
    var size = screen.size
    while !Interruption.isRequested {
      let most = Duration.milliseconds(100)
      let left = isPaused ? most : max(.zero, min(ContinuousClock.now.duration(to: due), most))
      // A play that is always late listens to keys as well.
      let keys = screen.keys(within: left)
      for key in keys {
        if let order = obey(key) { return order }
        try drawAgain(screen)
      }
      if !isPaused, keys.isEmpty, due <= .now { return nil }
      if screen.size != size {
        size = screen.size
        try drawAgain(screen)
      }
    }
    return .quit
  }

  /// Shows the same state anew; what is kept of it is kept already.
  private func drawAgain(_ screen: TerminalScreen) throws {
    if files == nil { try draw(on: screen) }
  }

  private func obey(_ key: UInt8) -> Order? {
    switch key {
    case UInt8(ascii: " "): isPaused.toggle()
    case UInt8(ascii: "."):
      isPaused = true
      return .stepOnce
    case UInt8(ascii: "+"), UInt8(ascii: "="): change(speed: 2)
    case UInt8(ascii: "-"), UInt8(ascii: "_"): change(speed: 0.5)
    case UInt8(ascii: "n"): return .next
    case UInt8(ascii: "q"), 4: return .quit
    default: break
    }
    return nil
  }

  private func change(speed factor: Double) {
    let new = speed * factor
    guard (0.01...1000).contains(new) else { return }
    speed = new
    delay = delay / factor
  }
}
