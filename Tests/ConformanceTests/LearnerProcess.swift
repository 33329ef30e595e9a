import GymwireIO
import JSONLines
import Testing

/// `pgagent learn` as a process, and a program that owns the loop: it plays a task of its own with it.
///
/// An episode has ten steps; each shows -1 or 1, and pays 1 for the action that goes with it.
struct LearnerProcess {
  let connection: ServerConnection

  /// Starts a learner and greets it.
  ///
  /// - Parameter spaces: whether hello declares them.
  init(_ arguments: [String], spaces: Bool = true) throws {
    connection = try ServerConnection(
      command: [BuiltProgram.path("pgagent"), "learn"] + arguments, phase: .startUp(limit: .seconds(30)))
    let want =
      spaces
      ? #","want":{"obs_space":{"type":"Box","shape":[1],"low":-1,"high":1},"action_space":{"type":"Discrete","n":2}}"#
      : ""
    let reply = try reply(#"{"id":0,"op":"hello","versions":[1]\#(want)}"#)
    try #require(reply["role"] == .string("learner"), "\(reply.text)")
  }

  func send(_ line: String) throws {
    try Array((line + "\n").utf8).withUnsafeBytes { try connection.send($0) }
  }

  func reply(_ line: String) throws -> JSONValue {
    try send(line)
    return try JSONValue(parsing: String(decoding: try connection.receiveLine(), as: UTF8.self))
  }

  /// What there is to see in a step of an episode.
  private static func shown(episode: Int, step: Int) -> Int { (episode + step * step) % 3 == 0 ? -1 : 1 }

  /// Plays some episodes one after the other, and returns the last end's version and the mean return.
  @discardableResult
  func play(_ episodes: Range<Int>) throws -> (version: Int64, meanReturn: Double) {
    var (version, total) = (Int64(-1), 0)
    for episode in episodes {
      var reward: Int?
      _ = try reply(#"{"id":1,"op":"begin","session":"s"}"#)
      for step in 0..<10 {
        let shown = Self.shown(episode: episode, step: step)
        let earned = reward.map { #","reward":\#($0)"# } ?? ""
        let reply = try reply(#"{"id":2,"op":"act","session":"s"\#(earned),"obs":[\#(shown)]}"#)
        let isRight = reply["action"] == .integer(shown > 0 ? 1 : 0)
        reward = isRight ? 1 : 0
        total += isRight ? 1 : 0
      }
      let end =
        #"{"id":3,"op":"end","session":"s","reward":\#(reward ?? 0),"terminated":false,"truncated":true,"obs":[0]}"#
      guard case .integer(let number)? = try reply(end)["policy_version"] else { throw NoVersion() }
      version = number
    }
    return (version, Double(total) / Double(episodes.count))
  }

  struct NoVersion: Error {}

  /// Closes the conversation, and gives how the process ended.
  func close() throws -> ChildProcess.Exit? {
    _ = try reply(#"{"id":9,"op":"close"}"#)
    return try #require(connection.process).exit(within: .seconds(20))
  }
}
