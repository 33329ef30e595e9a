/// A part of a server's life with a time limit of its own.
public struct ConnectionPhase: Sendable {
  /// The name for messages: "start-up", "step", "act".
  public let name: String
  /// The longest that any one reply may take.
  public let limit: Duration

  /// What pgagent calls the limit on its command line; nil for phases that it does not have.
  let option: String?

  /// A phase with its limit.
  public init(name: String, limit: Duration) { self.init(name: name, limit: limit, option: nil) }

  private init(name: String, limit: Duration, option: String?) {
    self.name = name
    self.limit = limit
    self.option = option
  }

  /// From the start of the process to its reply to hello.
  public static func startUp(limit: Duration = .seconds(60)) -> ConnectionPhase {
    ConnectionPhase(name: "start-up", limit: limit, option: "--start-timeout")
  }

  /// Everything between hello and close.
  public static func step(limit: Duration = .seconds(60)) -> ConnectionPhase {
    ConnectionPhase(name: "step", limit: limit, option: "--step-timeout")
  }

  /// Everything that a worker is asked for between hello and close.
  public static func work(limit: Duration = .seconds(600)) -> ConnectionPhase {
    ConnectionPhase(name: "work", limit: limit, option: "--worker-timeout")
  }

  /// Every question to a policy between hello and close.
  public static func act(limit: Duration = .seconds(60)) -> ConnectionPhase {
    ConnectionPhase(name: "act", limit: limit, option: "--step-timeout")
  }
}
