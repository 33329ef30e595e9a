import Conformance
import Foundation
import GymwireIO
import TestSupport
import Testing

/// Servers with a fault each: the kit has to find the clause that is broken (SPEC 6.12 and all the others), and no other.
@Suite("The conformance kit")
struct CheckTests {
  private static let server = repositoryRoot + "/Tests/ConformanceTests/Fixtures/broken_server.py"

  static func check(_ command: [String], leakSteps: Int = 10_000) throws -> CheckSummary {
    var options = Subject.Options(command: command)
    options.resetOptions = #"{"start":3}"#
    options.leakSteps = leakSteps
    options.replyLimit = .seconds(60)
    return try CheckRun(CheckCatalog.environment, role: "env", options: options).run()
  }

  @Test("finds nothing in the servers that were built", arguments: ["cartpole-server", "swingup-server"])
  func ours(program: String) throws {
    let summary = try Self.check([BuiltProgram.path(program)])
    #expect(summary.isClean, "\(summary.departures)")
  }

  @Test("finds nothing in a server that does everything", .enabled(if: Misbehaving.isPossible))
  func clean() throws {
    let summary = try Self.check(["python3", Self.server])
    #expect(summary.isClean, "\(summary.departures)")
    let inapplicable = summary.results.filter { if case .notApplicable = $0.outcome { true } else { false } }
    #expect(inapplicable.map(\.check.clause) == [])
  }

  @Test(
    "finds the one clause that a server breaks, and no other", .enabled(if: Misbehaving.isPossible),
    arguments: CheckCatalog.environment.map(\.clause))
  func broken(clause: String) throws {
    let summary = try Self.check(
      ["python3", Self.server, "--break", clause], leakSteps: clause == "6.12" ? 10_000 : 200)
    #expect(summary.departures.map(\.clause) == [clause], "\(summary.departures)")
  }
}
