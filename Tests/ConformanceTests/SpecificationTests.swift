import Foundation
import Gymwire
import JSONLines
import TestSupport
import Testing

@Suite("The specification")
struct SpecificationTests {
  @Test("no clause number is given twice, and clauses count up within their section")
  func numbering() throws {
    let clauses = try Specification().clauses.map { $0.split(separator: ".").compactMap { Int($0) } }
    #expect(clauses.count > 150)
    for (previous, next) in zip(clauses, clauses.dropFirst()) {
      #expect(previous.lexicographicallyPrecedes(next), "\(next) follows \(previous)")
    }
  }

  @Test("every clause that code, tests, schemas or dialogues name is in the specification")
  func references() throws {
    let clauses = Set(try Specification().clauses)
    let references = try Specification.references(
      in: ["Sources", "Tests", "protocol"],
      suffixes: [".swift", ".md", ".txt", ".json", ".py", ".c", ".js", ".sh"]
    )
    #expect(references.count > 100)
    for reference in references {
      #expect(clauses.contains(reference.clause), "\(reference.file) names clause \(reference.clause)")
    }
  }

  @Test("the checklist's rows are clauses, in their order")
  func checklist() throws {
    let specification = try Specification()
    #expect(specification.checklist.count > 80)
    #expect(specification.checklist == specification.clauses.filter(Set(specification.checklist).contains))
  }

  @Test("every row of the checklist is named by a test or a dialogue that is replayed")
  func coverage() throws {
    let specification = try Specification()
    let named = Set(
      try Specification.references(
        in: ["Tests", "protocol/transcripts", "protocol/python"], suffixes: [".swift", ".txt", ".py"]
      )
      .map(\.clause)
    )
    let missing = Set(specification.checklist).subtracting(named)
    #expect(missing.sorted() == [], "name these clauses where they are tested")
  }

  @Test("every operation has a schema for its request and one for its reply", arguments: Gymwire.Operation.allCases)
  func schemas(operation: Gymwire.Operation) throws {
    for kind in ["request", "reply"] {
      let name = "\(operation.rawValue).\(kind).json"
      let path = repositoryRoot + "/protocol/schema/" + name
      let schema = try JSONValue(parsing: try String(contentsOfFile: path, encoding: .utf8))
      #expect(schema["$schema"] == .string("https://json-schema.org/draft/2020-12/schema"))
      #expect(schema["$id"] == .string("https://gymwire.example/1/" + name))
      #expect(
        schema["properties"]?["op"]
          == (kind == "reply" ? .boolean(false) : .object([.init("const", .string(operation.rawValue))])))
    }
  }

  @Test(
    "references are found in the notations that are used",
    arguments: [
      ("see SPEC 4.2.", ["4.2"]), ("protocol/SPEC.md 12.5", ["12.5"]), ("protocol/WORKERS.md 21.6", ["21.6"]),
      ("SPEC 8.2, 8.3 and 9.1", ["8.2", "8.3", "9.1"]),
      ("clause 1.3 allows", ["1.3"]), ("SPEC.md, section 1", []), ("SPEC 7.3.1: no", ["7.3.1"]),
    ]
  )
  func notation(text: String, clauses: [String]) {
    #expect(Specification.clausesNamed(in: text) == clauses)
  }
}
