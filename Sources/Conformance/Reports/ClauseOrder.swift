/// The order of clauses in the specification: 2.12 comes behind 2.5.
public enum ClauseOrder {
  /// The clauses in their order.
  public static func sorted(_ clauses: some Sequence<String>) -> [String] {
    clauses.sorted { numbers($0).lexicographicallyPrecedes(numbers($1)) }
  }

  private static func numbers(_ clause: String) -> [Int] { clause.split(separator: ".").compactMap { Int($0) } }
}
