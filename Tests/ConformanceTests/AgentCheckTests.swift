import Conformance
import Foundation
import GymwireIO
import TestSupport
import Testing

/// Agents with a fault each: the scenes have to find the clause that is broken, and no other.
@Suite("The conformance kit for agents", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct AgentCheckTests {
  private static let agent = repositoryRoot + "/Tests/ConformanceTests/Fixtures/broken_agent.py"
  /// What every scene looks at, whatever it is about.
  private static let general = ["4.2", "4.5-writing", "5.8", "6.9"]

  private static func run(_ command: [String]) throws -> CheckSummary {
    try AgentRun(command: command, limit: .seconds(60)).run()
  }

  @Test("finds nothing in an agent that does everything, over its own streams")
  func peer() throws {
    let summary = try Self.run([Python.path, "-S", "-E", Self.agent])
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test("finds nothing in agents that start their server", arguments: ["python", "pgagent"])
  func starters(name: String) throws {
    let python = [Python.path, "-S", "-E", Self.agent, "--server", "{}"]
    let pgagent = [
      BuiltProgram.path("pgagent"), "train", "--env-cmd", "{}", "--epochs", "1", "--steps-per-epoch", "256",
      "--step-timeout", "10", "--out", "{directory}/run",
    ]
    let summary = try Self.run(name == "python" ? python : pgagent)
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test(
    "finds the one clause that an agent breaks, and no other", arguments: AgentChecks.all.map(\.clause) + general)
  func broken(clause: String) throws {
    let summary = try Self.run([Python.path, "-S", "-E", Self.agent, "--break", clause])
    #expect(summary.departures.map(\.clause) == [String(clause.prefix { $0 != "-" })], "\(summary.departures)")
  }

  @Test("every scene is about a row of the checklist that concerns drivers, or a clause of what drivers write")
  func clauses() throws {
    let rows = Set(try Specification().rows.filter { $0.who.contains("D") }.map(\.clause))
    #expect(Set(AgentChecks.all.map(\.clause)).subtracting(rows) == ["4.8", "7.9"])
  }
}
