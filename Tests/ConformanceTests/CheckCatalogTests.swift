import Conformance
import Testing

@Suite("The catalog of checks")
struct CheckCatalogTests {
  /// One for each role that a server can have, and its letter in the checklist.
  private static let catalogs: [(letters: Set<Character>, checks: [Check])] = [
    (["S"], CheckCatalog.environment), (["P"], CheckCatalog.policy), (["P", "L"], CheckCatalog.learner),
  ]

  @Test("every row of the checklist about servers is a check, or is named here with the reason")
  func coversTheChecklist() throws {
    for (letters, checks) in Self.catalogs {
      let rows = try Specification().rows.filter { !$0.who.isDisjoint(with: letters) }.map(\.clause)
      let missing = Set(rows).subtracting(checks.map(\.clause))
      #expect(missing.isSubset(of: Self.unchecked.keys), "\(missing.subtracting(Self.unchecked.keys))")
    }
    let checked = Set(Self.catalogs.flatMap(\.checks).map(\.clause))
    #expect(checked.isDisjoint(with: Self.unchecked.keys))
  }

  /// What cannot be found out from outside, of a server that nobody knows.
  private static let unchecked = [
    "7.5.3": "nobody can make a stranger's environment fail",
    "16.11": "the file that a policy is read from is not known",
    "17.9": "what an update has used does not show in any reply",
    "17.13": "which algorithm learns, and when it has enough, is not known",
    "17.14": "numbers that run away cannot be had on demand",
    "17.15": "how much a learner keeps is its own affair",
  ]

  @Test("clauses are put in order by their numbers, not by their digits")
  func order() {
    #expect(ClauseOrder.sorted(["12.1", "2.12", "7.3.1", "7.4", "2.5"]) == ["2.5", "2.12", "7.3.1", "7.4", "12.1"])
  }

  @Test("every clause is checked once, and is in the specification")
  func clauses() throws {
    for (_, checks) in Self.catalogs {
      let clauses = checks.map(\.clause)
      #expect(Set(clauses).count == clauses.count)
      #expect(Set(clauses).isSubset(of: try Specification().clauses))
    }
  }
}
