import CommandLineOptions
import GymwireIO

/// `--idle-cpu`: whether pgagent waits awake or asleep for the other program.
enum IdleOption {
  /// How much of a processor waiting may take.
  enum Use: String, CaseIterable {
    case high, low
  }

  static let processor = Option(
    "idle-cpu", .choice(of: Use.self), default: .high,
    help: """
      What waiting for the other program may cost. high waits awake for an answer that comes within 0.25 ms, which is \
      fastest and keeps a processor busy all the time where answers take 0.05 to 0.25 ms; later ones are waited for \
      asleep. low always sleeps, so that each answer comes some 0.01 to 0.05 ms later. No result depends on it.
      """)

  static func spinning(_ arguments: Arguments) -> Spinning { arguments[processor] == .low ? .never : .automatic }
}
