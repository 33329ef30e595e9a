import ClassicControl
import Conformance
import Foundation
import GymwireIO
import TestSupport
import Testing

/// Servers with a fault each: the kit has to find the clause that is broken (SPEC 6.12 and all the others), and no other.
@Suite("The conformance kit", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct CheckTests {
  private static let fixtures = repositoryRoot + "/Tests/ConformanceTests/Fixtures/"
  private static let server = fixtures + "broken_server.py"
  private static let policy = fixtures + "broken_policy.py"
  /// What ListeningTests checks, with a server that waits on a socket.
  private static let aboutListening = "3.11"
  /// The checks of learners that are not about acting alone.
  private static let learning = CheckCatalog.learner.dropFirst(CheckCatalog.policy.count).map(\.clause)

  static func check(
    _ command: [String], role: String = "env", _ checks: [Check] = CheckCatalog.environment, leakSteps: Int = 10_000
  ) throws -> CheckSummary {
    var options = Subject.Options(command: command)
    options.resetOptions = #"{"start":3}"#
    options.leakSteps = leakSteps
    options.replyLimit = .seconds(60)
    return try CheckRun(checks, role: role, options: options).run()
  }

  @Test("finds nothing in the servers that were built", arguments: ["cartpole-server", "swingup-server"])
  func ours(program: String) throws {
    let summary = try Self.check([BuiltProgram.path(program)])
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test("finds nothing in the server of every native environment", arguments: EnvironmentCatalog.entries.map(\.id))
  func catalog(id: String) throws {
    let summary = try Self.check([BuiltProgram.path("classic-control-server"), "--id", id])
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test("finds nothing in pgagent serve", arguments: ["compass", "throttle"])
  func servedPolicies(name: String) throws {
    let file = Transcript.directory + "/\(name).policy.json"
    let summary = try Self.check([BuiltProgram.path("pgagent"), "serve", file], role: "policy", CheckCatalog.policy)
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test("finds nothing in pgagent learn", arguments: ["vpg", "reinforce", "ppo"])
  func learners(algorithm: String) throws {
    let command = [BuiltProgram.path("pgagent"), "learn", "--algo", algorithm, "--out", "{directory}/run"]
    let summary = try Self.check(command, role: "learner", CheckCatalog.learner)
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test("finds nothing in servers that do everything, which leave no check without use")
  func clean() throws {
    let server = [Python.path, "-S", "-E", Self.server]
    let summaries = try [[], ["--zoo"], ["--disordered"]].map { try Self.check(server + $0) }
    for summary in summaries { #expect(summary.isClean, "\(summary.departures)") }
    let passed = summaries.flatMap(\.results).filter { $0.outcome == .passed }.map(\.clause)
    #expect(Set(CheckCatalog.environment.map(\.clause)).subtracting(passed) == [Self.aboutListening])
  }

  @Test(
    "finds the one clause that a server breaks, and no other",
    arguments: CheckCatalog.environment.map(\.clause).filter { $0 != aboutListening })
  func broken(clause: String) throws {
    // Clauses about numbers and spaces need a server with spaces of every kind.
    let isAboutSpaces = ["8.", "9.", "10."].contains { clause.hasPrefix($0) } && clause != "8.2"
    let summary = try Self.check(
      [Python.path, "-S", "-E", Self.server, "--break", clause] + (isAboutSpaces ? ["--zoo"] : []),
      leakSteps: clause == "6.12" ? 10_000 : 200)
    #expect(summary.departures.map(\.clause) == [clause], "\(summary.departures)")
    // Its own check has failed, also where it showed in that of another before.
    let failed = summary.results.filter { if case .failed = $0.outcome { true } else { false } }
    #expect(failed.map(\.clause) == [clause])
  }

  @Test("finds nothing in policies and a learner that do everything, which leave no check without use")
  func cleanPolicies() throws {
    let summaries = [
      try Self.check([Python.path, "-S", "-E", Self.policy], role: "policy", CheckCatalog.policy),
      try Self.check([Python.path, "-S", "-E", Self.policy, "--box"], role: "policy", CheckCatalog.policy),
      try Self.check([Python.path, "-S", "-E", Self.policy, "--learner"], role: "learner", CheckCatalog.learner),
    ]
    for summary in summaries { #expect(summary.isClean, "\(summary.departures)") }
    let passed = summaries.flatMap(\.results).filter { $0.outcome == .passed }.map(\.clause)
    #expect(Set(CheckCatalog.learner.map(\.clause)).subtracting(passed) == [])
  }

  @Test("finds the one clause that a policy breaks, and no other", arguments: CheckCatalog.policy.map(\.clause))
  func brokenPolicy(clause: String) throws {
    let command = [Python.path, "-S", "-E", Self.policy, "--break", clause] + (clause == "16.7" ? ["--box"] : [])
    let summary = try Self.check(command, role: "policy", CheckCatalog.policy)
    #expect(summary.departures.map(\.clause) == [clause], "\(summary.departures)")
  }

  @Test("finds the one clause that a learner breaks, and no other", arguments: learning)
  func brokenLearner(clause: String) throws {
    let command = [Python.path, "-S", "-E", Self.policy, "--learner", "--break", clause]
    let summary = try Self.check(command, role: "learner", CheckCatalog.learner)
    #expect(summary.departures.map(\.clause) == [clause], "\(summary.departures)")
  }
}
