/// What came of one check.
public struct CheckResult: Sendable {
  /// How a check ended.
  public enum Outcome: Equatable, Sendable {
    /// The server does what the clause demands.
    case passed
    /// It does not.
    case failed(Departure)
    /// The server broke another clause on the way, so that this one could not be judged.
    case blocked(Departure)
    /// The clause is about something that the server does not offer and need not.
    case notApplicable(String)
    /// It was not tried, since there was nothing left to talk to.
    case notRun(String)
  }

  /// The clause of protocol/SPEC.md.
  public let clause: String
  /// The level it belongs to.
  public let level: Level
  /// What a good program does.
  public let title: String
  /// How it ended.
  public let outcome: Outcome
  /// How long it took.
  public let duration: Duration
}
