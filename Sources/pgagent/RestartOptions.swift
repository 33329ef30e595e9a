import CommandLineOptions
import GymwireIO
import PolicyGradients

/// What becomes of environment processes that fail, as the command line says.
enum RestartOptions {
  static let counts = 0...1_000_000
  static let stepCounts = 1...1_000_000_000_000
  static let limit = Option(
    "restarts", .integer(in: counts), default: 0,
    help: """
      How often each process may be started anew when it dies, hangs past its time limit or breaks the protocol. Its \
      episodes are cut before the step that was not answered, and everything else goes on. A run in which nothing fails \
      is the same with any number.
      """)
  static let period = Option(
    "restart-period", EnvironmentOptions.seconds, defaultText: "the whole run",
    help: "The time within which --restarts may be reached; older restarts are forgotten.")
  static let delay = Option(
    "restart-delay", .number("SECONDS", in: 0...RestartPolicy.longestDelay), default: 0.1,
    help: """
      How long to wait before a restart. Each next one waits twice as long, up to 60 seconds, until a process has lived \
      for 10.
      """)
  static let stepsPerProcess = Option(
    "restart-after", .integer("STEPS", in: stepCounts), defaultText: "no number of steps",
    help: """
      Replace a process that has made STEPS steps, all its sub-environments together, at the end of an episode: for a \
      simulator that leaks. The other episodes of a process with several are cut then.
      """)

  static let all: [any DeclaredOption] = [limit, period, delay, stepsPerProcess]

  /// The policy; what the command line does not say is as in `record`.
  static func policy(_ arguments: Arguments, resuming record: RestartPolicy?) -> RestartPolicy {
    var policy = record ?? RestartPolicy()
    if record == nil || arguments.isGiven(limit) { policy.limit = arguments[limit] }
    if record == nil || arguments.isGiven(period) { policy.period = arguments[period] }
    if record == nil || arguments.isGiven(delay) { policy.delay = arguments[delay] }
    if record == nil || arguments.isGiven(stepsPerProcess) { policy.stepsPerProcess = arguments[stepsPerProcess] }
    return policy
  }
}

extension RestartPolicy {
  /// Throws a sentence about what the command line would not have taken.
  func requireRanges() throws(TrainingError) {
    let isUsable =
      RestartOptions.counts.contains(limit) && (0...Self.longestDelay).contains(delay) && period ?? 1 > 0
      && stepsPerProcess.map(RestartOptions.stepCounts.contains) ?? true
    guard isUsable else {
      throw .unusableSetting(
        name: "restarts", value: "\(self)", requirement: "as --restarts and the options beside it allow")
    }
  }
}
