import CommandLineOptions
import GymwireIO

/// `--idle-cpu`: whether pgagent spins or sleeps while it waits for the other program.
enum IdleOption {
  /// How much of a processor waiting may take.
  enum Use: String, CaseIterable {
    case high, low
  }

  static let processor = Option(
    "idle-cpu", .choice(of: Use.self), default: .high,
    help: """
      How much processor time waiting may take. high polls for up to 0.25 ms and then sleeps: the fastest, but it keeps \
      a processor busy if answers take 0.05 to 0.25 ms. low always sleeps, which delays each answer by 0.01 to 0.05 ms. \
      No result depends on it.
      """)

  static func spinning(_ arguments: Arguments) -> Spinning { arguments[processor] == .low ? .never : .automatic }
}
