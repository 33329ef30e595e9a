import CommandLineOptions

/// `--wait`: whether a step of environment processes waits for the slowest of them.
enum WaitOption {
  static let answers = Option(
    "wait", .text("all|first:K"), default: "all",
    help: """
      all steps the --env-procs processes together. first:K steps those that have answered as soon as K of them have, so \
      that no slow process holds up the others. An update learns from as many steps as ever, of which the slow processes \
      have made fewer. The step that a process still computes then becomes the first of its next batch; what it earns \
      is weighed by how likely its action has become. The timing decides which steps these are: the same seed no longer \
      gives the same bytes.
      """)

  /// How many of so many processes have to have answered; nil for all of them.
  ///
  /// - Parameter old: what the recorded run had, which holds where the command line says nothing.
  static func count(
    _ arguments: Arguments, of processes: Int, resuming old: Int? = nil, hasWorkers: Bool
  ) throws(UsageError) -> Int? {
    let text = arguments[answers]
    guard let count = arguments.isGiven(answers) ? try count(text) : old else { return nil }
    if hasWorkers {
      throw .conflict(
        "--wait first:\(count) is about environment processes, but workers have those of their own: leave it out")
    }
    guard count <= processes else {
      throw .conflict(
        "--wait first:\(count) waits for \(count) processes, but there \(processes == 1 ? "is 1" : "are \(processes)"): "
          + "give more with --env-procs, or a smaller number")
    }
    return count == processes ? nil : count
  }

  private static func count(_ text: String) throws(UsageError) -> Int? {
    if text == "all" { return nil }
    let number = text.hasPrefix("first:") ? Int(text.dropFirst(6)) : nil
    guard let number, EnvironmentOptions.processCounts.contains(number) else {
      throw .conflict(
        "--wait \(text) cannot be used: it is all, or first:K with a K from 1 to the number of --env-procs")
    }
    return number
  }
}
