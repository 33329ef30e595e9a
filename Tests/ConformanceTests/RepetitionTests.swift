import Conformance
import Foundation
import TestSupport
import Testing

/// Servers that answer the same requests otherwise each time, so that little can be held against what they answered before.
@Suite("Of a server that does not repeat itself", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct RepetitionTests {
  private static let fixtures = repositoryRoot + "/Tests/ConformanceTests/Fixtures/"
  /// Checks that compare nothing but the beginnings of episodes.
  private static let ofBeginnings = ["2.2", "2.3", "4.5", "4.6", "5.8", "6.1", "11.1", "11.3"]

  private static func check(_ how: String) throws -> CheckSummary {
    try CheckTests.check(
      [Python.path, "-S", "-E", fixtures + "unrepeated_server.py", how], leakSteps: 200)
  }

  private static func clauses(of summary: CheckSummary, where isMeant: (CheckResult.Outcome) -> Bool) -> [String] {
    summary.results.filter { isMeant($0.outcome) }.map(\.clause)
  }

  private static func failed(_ summary: CheckSummary) -> [String] {
    clauses(of: summary) { if case .failed = $0 { true } else { false } }
  }

  private static func blocked(_ summary: CheckSummary) -> [String] {
    clauses(of: summary) { if case .blocked = $0 { true } else { false } }
  }

  private static func passed(_ summary: CheckSummary) -> [String] { clauses(of: summary) { $0 == .passed } }

  @Test("6.2 and 6.5 alone are said to be broken, and what needs a seeded episode is not judged")
  func everywhere() throws {
    let summary = try Self.check("everywhere")
    #expect(Self.failed(summary) == ["6.2", "6.5"])
    #expect(Set(summary.departures.map(\.clause)) == ["6.2", "6.5"])
    let compared =
      Self.ofBeginnings
      + [
        "6.3", "6.4", "7.7", "8.2", "11.6", "11.9", "12.7", "12.8", "12.9", "12.10", "12.11", "12.14", "13.2", "14.3",
        "15.3", "15.5", "15.6",
      ]
    #expect(Set(Self.blocked(summary)) == Set(compared))
    #expect(Set(Self.passed(summary)).isSuperset(of: ["1.10", "2.4", "6.9", "7.3.7", "12.6", "14.2"]))
  }

  @Test("beginnings are judged if only the steps are random")
  func steps() throws {
    let summary = try Self.check("steps")
    #expect(Self.failed(summary) == ["6.2", "6.5"])
    #expect(Set(summary.departures.map(\.clause)) == ["6.2", "6.5"])
    #expect(Set(Self.passed(summary)).isSuperset(of: Self.ofBeginnings + ["12.7", "12.8"]))
  }

  @Test("nothing else is said to be broken, be the noise small or rare", arguments: ["part", "seldom"])
  func noise(how: String) throws {
    let summary = try Self.check(how)
    let clauses = Set(summary.departures.map(\.clause))
    #expect(!clauses.isEmpty && clauses.isSubset(of: ["6.2", "6.5"]), "\(summary.departures)")
  }

  @Test("6.3 is broken if only episodes without a seed are other ones each time")
  func later() throws {
    let summary = try Self.check("later")
    #expect(summary.departures.map(\.clause) == ["6.3"], "\(summary.departures)")
    #expect(Set(Self.blocked(summary)) == ["7.7", "11.9", "12.9", "12.10", "12.11", "12.14", "15.3", "15.5", "15.6"])
  }

  @Test("12.8 is broken if only a batch does not heed its seeds")
  func batches() throws {
    let summary = try Self.check("batches")
    #expect(summary.departures.map(\.clause) == ["12.8"], "\(summary.departures)")
    #expect(Set(Self.blocked(summary)) == ["11.9", "12.7", "12.9", "12.10", "12.11", "12.14", "14.3", "15.6"])
  }

  @Test("16.5 is broken if a policy ignores its seeds, and nothing that needs them is judged")
  func policy() throws {
    let command = [Python.path, "-S", "-E", Self.fixtures + "broken_policy.py", "--box", "--break", "16.5-all"]
    let summary = try CheckTests.check(command, role: "policy", CheckCatalog.policy)
    #expect(Self.failed(summary) == ["16.5"])
    #expect(summary.departures.map(\.clause) == ["16.5"], "\(summary.departures)")
    #expect(
      Set(Self.blocked(summary))
        == ["2.2", "2.3", "4.5", "4.6", "5.8", "8.2", "13.2", "16.6", "16.8", "16.10", "16.13"])
  }

  @Test("the report tells the story once, and counts what could not be judged apart")
  func report() throws {
    let summary = try Self.check("everywhere")
    var report = TextReport()
    let lines = summary.results.map { report.lines(for: $0) }.joined()
    #expect(lines.components(separatedBy: "FAIL").count == 3)
    #expect(lines.components(separatedBy: "what the same requests brought before").count == 2)
    let count = Self.blocked(summary).count
    #expect(report.summary(of: summary).contains("2 failed, \(count) could not be judged"))
    #expect(report.summary(of: summary).contains("clauses broken: 6.2, 6.5 "))
  }
}
