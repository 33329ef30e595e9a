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

  /// The clauses about which Fixtures/broken_agent.py has a switch; Tests/Mutants has agents that break the others.
  private static let switches = [
    "1.11", "2.2", "2.3", "2.4", "2.14", "3.4", "3.6", "3.7", "4.4", "4.5", "4.6", "4.8", "7.6", "7.9", "7.11", "8.1",
    "9.3", "9.4", "9.5", "10.6", "10.9",
  ]

  private static func run(_ command: [String]) throws -> CheckSummary {
    try AgentRun(command: command, limit: .seconds(60)).run()
  }

  @Test("finds nothing in an agent that does everything, over its own streams")
  func peer() throws {
    let summary = try Self.run([Python.path, "-S", "-E", Self.agent])
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test("finds nothing in an agent that goes on with a reset after an error: SPEC 7.11")
  func beginsAnew() throws {
    let summary = try Self.run([Python.path, "-S", "-E", Self.agent, "--begin-anew"])
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test(
    "finds nothing in an agent that ends its server's input instead of a close: SPEC 3.10", arguments: [false, true])
  func leaves(isStarter: Bool) throws {
    let summary = try Self.run(
      [Python.path, "-S", "-E", Self.agent, "--leave"] + (isStarter ? ["--server", "{}"] : []))
    #expect(summary.isClean, "\(summary.departures)")
  }

  /// The clauses of what the kit finds in a driver that makes so many steps, where it waits two seconds for a reply.
  private static func departures(ofBriefDriver words: [String], where isMeant: (String) -> Bool) throws -> [String] {
    let driver = repositoryRoot + "/Tests/ConformanceTests/Fixtures/brief_driver.py"
    let command = [Python.path, "-S", "-E", driver] + words
    let summary = try AgentRun(command: command, limit: .seconds(60), patience: .seconds(2), clauses: isMeant).run()
    return summary.departures.map { "\($0)" }
  }

  @Test(
    "finds nothing in drivers that make very few steps",
    arguments: [["1"], ["2"], ["2", "--leave"], ["4", "--leave"]])
  func brief(words: [String]) throws {
    let command = [words[0], "{seconds}"] + words[1...]
    let found = try Self.departures(ofBriefDriver: command) { !["3.5", "3.9"].contains($0) }
    #expect(found == [])
  }

  @Test(
    "does not blame a driver that makes exactly three steps for the slow reply at which it ends: SPEC 3.5, 3.10",
    arguments: [[], ["--leave"]])
  func threeSteps(words: [String]) throws {
    #expect(try Self.departures(ofBriefDriver: ["3", "{seconds}"] + words) { _ in true } == [])
  }

  @Test("finds a driver that ends at notifications as if all were well: SPEC 3.5")
  func trips() throws {
    let found = try Self.departures(ofBriefDriver: ["50", "{seconds}", "--trip", "--leave"]) { $0 == "3.5" }
    #expect(found.count == 1 && found[0].contains("after the reply that this is about"), "\(found)")
  }

  @Test("an agent that ends at once is said to have done so, with its words, and is not waited for in every scene")
  func endsAtOnce() throws {
    for command in [["sh", "-c", "echo 'no motor' >&2; exit 3"], ["sh", "-c", "echo 'no motor' >&2; exit 3", "{}"]] {
      let summary = try Self.run(command)
      guard case .failed(let departure)? = summary.results.first?.outcome else {
        Issue.record("the first scene did not fail: \(summary.results)")
        return
      }
      #expect(departure.came.contains("exited with status 3") && departure.lastWords == ["no motor"])
      let untried = summary.results.count { if case .notRun = $0.outcome { true } else { false } }
      #expect(untried == summary.results.count - 3)
    }
  }

  @Test(
    "names a byte order mark, a name that occurs twice, a bad seed and a fraction by their clauses",
    arguments: [
      ("\u{FEFF}{\"id\":0,\"op\":\"hello\",\"versions\":[1]}", "2.6"),
      (#"{"id":0,"op":"hello","versions":[1],"versions":[1]}"#, "2.7"),
      (#"{"id":0.0,"op":"hello","versions":[1]}"#, "8.2"),
      (#"{"id":0,"op":"hello","versions":[1]}\n{"id":1,"op":"reset","seed":-1}"#, "6.2"),
      (
        #"{"id":0,"op":"hello","versions":[1]}\n{"id":1,"op":"reset","seed":1}\n{"id":2,"op":"step","action":1.0}"#,
        "8.2"
      ),
    ])
  func clause(lines: String, clause: String) throws {
    let summary = try Self.run(["sh", "-c", "printf '\(lines)\\n'; cat > /dev/null"])
    #expect(summary.departures.first?.clause == clause, "\(summary.departures)")
    // A clause that breaks within the scene of another has failed all the same.
    #expect(summary.results.contains { $0.clause == clause && $0.outcome.isFailure }, "\(summary.results)")
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
    "finds the one clause that an agent breaks, and no other", arguments: switches + general)
  func broken(clause: String) throws {
    let summary = try Self.run([Python.path, "-S", "-E", Self.agent, "--break", clause])
    #expect(summary.departures.map(\.clause) == [String(clause.prefix { $0 != "-" })], "\(summary.departures)")
  }

  @Test("every scene is about a row of the checklist that concerns drivers, or a clause of what drivers write")
  func clauses() throws {
    // The kit plays environments to an agent, and no workers.
    let drivers = try Specification().rows.filter { $0.who.contains("D") && !$0.clause.hasPrefix("21.") }
    let rows = Set(drivers.map(\.clause))
    let scenes = Set(AgentChecks.all.map(\.clause))
    #expect(scenes.subtracting(rows) == ["4.8", "7.9", "12.4"])
    #expect(rows.subtracting(scenes) == Set(Self.withoutScene.keys))
  }

  /// Rows about drivers that have no scene, and why.
  private static let withoutScene = [
    "2.9": "a driver may refuse deep nesting or read it, and both look alike from a server's side",
    "5.2": "a driver that speaks version 1 alone has no other list to offer, and may end the connection",
    "5.8": "what a driver sends is looked at in every scene",
    "6.13": "a server that is killed does not see what its driver starts next",
    "7.5.3": "what a driver passes on to people does not reach its server",
    "8.2": "how a driver writes integers is looked at in every scene",
    "8.5": "a driver should accept bare words and nested lists, and need not",
    "10.5": "most drivers decline a Text, and how they count its length does not show",
    "10.8": "most drivers decline a Graph, and how they read one does not show",
    "12.5": "what a driver makes of a final observation does not reach its server",
  ]
}

extension CheckResult.Outcome {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
