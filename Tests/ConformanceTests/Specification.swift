import Foundation
import TestSupport

/// The clauses of protocol/SPEC.md and protocol/WORKERS.md, and where the repository names them.
struct Specification {
  /// A place that names a clause, as `SPEC 4.2` or `SPEC.md 4.2` or `clause 4.2` does.
  struct Reference: Sendable {
    let file: String
    let clause: String
  }

  /// Every clause that is numbered in the text.
  let clauses: [String]
  /// The rows of the checklist, in its order.
  let rows: [Row]
  /// The clauses of the checklist, in its order.
  var checklist: [String] { rows.map(\.clause) }

  /// A row of the checklist: its clause, and the letters of those whom it concerns.
  struct Row: Sendable {
    let clause: String
    let who: Set<Character>
  }

  init() throws {
    let text = try ["SPEC", "WORKERS"].map {
      try String(contentsOfFile: repositoryRoot + "/protocol/\($0).md", encoding: .utf8)
    }.joined(separator: "\n")
    clauses = text.matches(of: /\*\*(\d+(?:\.\d+)+)[ *]/).map { String($0.output.1) }
    let table = text.components(separatedBy: "\n## 20. ").last ?? ""
    rows = table.matches(of: /\n\| (\d+(?:\.\d+)+) \| ([SDPLW ]+) \|/).map {
      Row(clause: String($0.output.1), who: Set($0.output.2).subtracting(" "))
    }
  }

  /// All references in the files below some directories whose names end in one of `suffixes`.
  static func references(in directories: [String], suffixes: [String]) throws -> [Reference] {
    var references: [Reference] = []
    for directory in directories {
      let root = repositoryRoot + "/" + directory
      for case let path as String in FileManager.default.enumerator(atPath: root) ?? .init() {
        // Recorded numbers name nothing, and this file's own comments only show the notation.
        guard suffixes.contains(where: path.hasSuffix), !path.contains("Golden/"),
          !path.hasSuffix("/Specification.swift")
        else { continue }
        let text = String(decoding: FileManager.default.contents(atPath: root + "/" + path) ?? Data(), as: UTF8.self)
        references += clausesNamed(in: text).map { Reference(file: directory + "/" + path, clause: $0) }
      }
    }
    return references
  }

  /// The clauses that a text names; `SPEC 8.2, 8.3` names two.
  static func clausesNamed(in text: String) -> [String] {
    // Most files name none, and a substring is found much faster than a pattern.
    guard text.contains("SPEC") || text.contains("lause") || text.contains("WORKERS") else { return [] }
    let list = /(?:SPEC(?:\.md)?|WORKERS\.md|[Cc]lauses?) ((?:\d+(?:\.\d+)+(?:, | and )?)+)/
    return text.matches(of: list).flatMap { match in
      match.output.1.matches(of: /\d+(?:\.\d+)+/).map { String($0.output) }
    }
  }
}
