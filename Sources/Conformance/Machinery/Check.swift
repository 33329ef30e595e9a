/// One thing that a clause of the specification demands, and the way to find out whether a server does it.
public struct Check: Sendable {
  /// The clause of protocol/SPEC.md, such as `7.3.1`.
  public let clause: String
  /// The level it belongs to.
  public let level: Level
  /// What a good server does, in a few words.
  public let title: String
  /// Throws a ``Departure`` when the server does not do it, and ``NotApplicable`` when there is nothing to do.
  let body: @Sendable (Examination) throws -> Void

  init(
    _ clause: String, _ level: Level, _ title: String, _ body: @escaping @Sendable (Examination) throws -> Void
  ) {
    self.clause = clause
    self.level = level
    self.title = title
    self.body = body
  }
}

/// Thrown by a check about something that the server does not offer and need not.
struct NotApplicable: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
