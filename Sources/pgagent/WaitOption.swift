import CommandLineOptions

/// `--wait`: whether a step of environment processes, or an update, waits for the slowest of them or of the workers.
enum WaitOption {
  static let answers = Option(
    "wait", .text("all|first:K"), default: "all",
    help: """
      all steps the --env-procs processes together. first:K steps those that have answered as soon as K of them have, so \
      that no slow process holds up the others. With --workers and an off-policy algorithm it is about the workers. The \
      timing then decides which steps an update learns from, so the same seed no longer gives the same bytes.
      """)

  /// How many of so many processes, or of the workers, have to have answered; nil for all of them.
  ///
  /// - Parameter old: what the recorded run had, which holds where the command line says nothing.
  static func count(
    _ arguments: Arguments, of processes: Int, resuming old: Int? = nil, workers: Int?
  ) throws(UsageError) -> Int? {
    let text = arguments[answers]
    guard let count = arguments.isGiven(answers) ? try count(text) : old else { return nil }
    let (number, things, option) = workers.map { ($0, "workers", "workers") } ?? (processes, "processes", "env-procs")
    guard count <= number else {
      throw .conflict(
        "--wait first:\(count) waits for \(count) \(things), but there \(number == 1 ? "is 1" : "are \(number)"): "
          + "give more with --\(option), or a smaller number")
    }
    return count == number ? nil : count
  }

  private static func count(_ text: String) throws(UsageError) -> Int? {
    if text == "all" { return nil }
    let number = text.hasPrefix("first:") ? Int(text.dropFirst(6)) : nil
    guard let number, EnvironmentOptions.processCounts.contains(number) else {
      throw .conflict(
        "--wait \(text) cannot be used: it is all, or first:K with a K from 1 to the number of --env-procs or of --workers"
      )
    }
    return number
  }
}
