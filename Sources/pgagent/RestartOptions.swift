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
      episodes end before the step that got no answer; everything else goes on. The number changes nothing in a run \
      without failures.
      """)
  static let period = Option(
    "restart-period", EnvironmentOptions.seconds, defaultText: "the whole run",
    help: "--restarts counts the restarts of the last SECONDS only.")
  static let delay = Option(
    "restart-delay", .number("SECONDS", in: 0...RestartPolicy.longestDelay), default: 0.1,
    help: """
      How long to wait before a restart. The wait doubles with each restart, up to 60 seconds, and starts over once a \
      process has lived for 10.
      """)
  static let stepsPerProcess = Option(
    "restart-after", .integer("STEPS", in: stepCounts), defaultText: "never",
    help: """
      Replace a process at the end of an episode once it has made STEPS steps, counted over all its sub-environments: for \
      a simulator that leaks memory. This cuts the other running episodes of the process.
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
