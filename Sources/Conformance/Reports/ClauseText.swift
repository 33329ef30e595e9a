/// The text of the specification, clause by clause.
public enum ClauseText {
  /// What the specification says in a clause, with its section's title and the checks that are about it; nil if there is no
  /// such clause.
  public static func explanation(of clause: String) -> String? {
    guard let text = text(of: clause) else { return nil }
    let catalogs = [
      ("env", CheckCatalog.environment.map { ($0.clause, $0.title) }),
      ("policy", CheckCatalog.policy.map { ($0.clause, $0.title) }),
      ("learner", CheckCatalog.learner.map { ($0.clause, $0.title) }),
      ("agent", AgentChecks.all.map { ($0.clause, $0.title) }),
    ]
    var titles: [(title: String, roles: [String])] = []
    for (role, checks) in catalogs {
      for (_, title) in checks where checks.contains(where: { $0 == clause && $1 == title }) {
        if let index = titles.firstIndex(where: { $0.title == title }) {
          if !titles[index].roles.contains(role) { titles[index].roles.append(role) }
        } else {
          titles.append((title, [role]))
        }
      }
    }
    let checks = titles.map { "checked (\($0.roles.joined(separator: ", "))): \($0.title)\n" }.joined()
    return text + "\n" + (checks.isEmpty ? "" : "\n" + checks)
  }

  /// The clause's paragraphs, or its row of a table, under the title of its section.
  private static func text(of clause: String) -> String? {
    let lines = specification.split(separator: "\n", omittingEmptySubsequences: false)
    var section = ""
    var found: [Substring] = []
    for line in lines {
      if !found.isEmpty {
        let isRow = found[0].hasPrefix("|")
        if isRow || line.hasPrefix("**") || line.hasPrefix("#") || line == "---" || line.hasPrefix("| **") { break }
        found.append(line)
      } else if line.hasPrefix("## ") {
        section = String(line.dropFirst(3))
      } else if ["**\(clause)**", "**\(clause) ", "| **\(clause)** "].contains(where: line.hasPrefix) {
        found.append(line)
      }
    }
    while found.last?.isEmpty == true { found.removeLast() }
    return found.isEmpty ? nil : "Section \(section)\n\n" + found.joined(separator: "\n")
  }

  private static let specification = [PackageResources.SPEC_md, PackageResources.WORKERS_md]
    .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
}
