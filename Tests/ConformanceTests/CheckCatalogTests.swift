import Conformance
import Testing

@Suite("The catalog of checks")
struct CheckCatalogTests {
  @Test("every row of the checklist about servers of environments is a check, or is named here with the reason")
  func coversTheChecklist() throws {
    let checked = Set(CheckCatalog.environment.map(\.clause))
    let rows = try Specification().rows.filter { $0.who.contains("S") }.map(\.clause)
    #expect(Set(rows).subtracting(checked) == Set(Self.unchecked.keys))
  }

  /// What cannot be found out from outside, of a server that nobody knows.
  private static let unchecked = [
    "7.5.3": "nobody can make a stranger's environment fail",
    "8.1": "", "8.2": "", "8.3": "", "8.4": "", "9.1": "", "9.2": "", "9.3": "", "9.6": "", "10.1": "", "10.3": "",
    "10.4": "", "10.5": "", "10.6": "", "10.8": "", "11.1": "", "12.1": "", "12.2": "", "12.3": "", "12.5": "",
    "12.6": "", "12.8": "", "12.9": "", "12.10": "", "12.11": "", "12.12": "", "12.14": "", "13.2": "", "13.3": "",
    "13.4": "", "14.5": "", "15.2": "", "15.3": "",
  ]

  @Test("every clause is checked once, and is in the specification")
  func clauses() throws {
    let clauses = CheckCatalog.environment.map(\.clause)
    #expect(Set(clauses).count == clauses.count)
    #expect(Set(clauses).isSubset(of: try Specification().clauses))
  }
}
