import Conformance
import Foundation
import TestSupport
import Testing

/// Conforming programs, each broken in one way: `mutants` scores the kit over them.
@Suite(
  "The kit over mutants",
  .enabled(if: Misbehaving.isPossible && Interpreter.exists("node"), "python3 and node are needed"))
struct MutantTests {
  private func mutants(_ words: String) throws -> (status: Int32, output: String) {
    try Shell.run("'\(BuiltProgram.path("mutants"))' \(words) --root '\(repositoryRoot)' 2>&1")
  }

  /// Rows of a table, without its heads.
  private func rows(_ output: String) -> [[String]] {
    output.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @Test(
    "reports a mutant that does not even start, of every role, instead of counting it as found",
    arguments: [
      ("env", "protocol/examples/corridor.py"), ("policy", "protocol/examples/rule.py"),
      ("learner", "Tests/Mutants/Programs/coins.js"), ("agent", "protocol/examples/drive.py"),
    ])
  func mute(role: String, path: String) throws {
    let shebang = path.hasSuffix(".js") ? "#!/usr/bin/env node" : "#!/usr/bin/env python3"
    let arguments = role == "agent" ? "arguments - 20 {seconds}\n" : ""
    let faults = "program \(path)\nrole \(role)\n\(arguments)# 1.2 a syntax error\n- \(shebang)\n+ )(\n"
    let (status, output) = try score(faults, of: path)
    #expect(status == 1 && output.contains("mute: toy 1.2 a syntax error"), "\(output)")
    #expect(rows(output).last.map { Array($0[1...]) } == ["all", "1", "0", "0"], "\(output)")
  }

  @Test("judges no mutant of a program that does not start as it is")
  func absent() throws {
    let (status, output) = try score(
      "program toy.py\nrole env\n# 1.2 a fault\n- no_such_module\n+ json\n", of: "toy.py",
      text: "import no_such_module\n")
    #expect(status == 1 && output.contains("toy.py says nothing here even as it is"), "\(output)")
  }

  /// Scores one file of faults, beside nothing but the program that it names.
  private func score(_ faults: String, of path: String, text: String? = nil) throws -> (status: Int32, output: String) {
    let root = URL(fileURLWithPath: NSTemporaryDirectory() + "gymwire-mute-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let text = try text ?? String(contentsOfFile: repositoryRoot + "/" + path, encoding: .utf8)
    for (path, text) in [(path, text), ("Tests/Mutants/Faults/toy.txt", faults)] {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return try Shell.run("'\(BuiltProgram.path("mutants"))' --quick --root '\(root.path)' 2>&1")
  }

  @Test("finds every one of a sixth of them, and names the clauses")
  func sample() throws {
    let (status, output) = try mutants("--quick --every 6")
    #expect(status == 0, "\(output)")
    let total = try #require(rows(output).last)
    #expect(total[1] == "all" && (Int(total[2]) ?? 0) > 50 && total[2] == total[3], "\(output)")
  }

  @Test("there are mutants of every role, in two languages, for every clause that is checked")
  func coverage() throws {
    let (status, output) = try mutants("--list")
    #expect(status == 0, "every fault fits its program: \(output)")
    let rows = rows(output)
    for (role, clauses) in [
      ("env", CheckCatalog.environment.map(\.clause)), ("policy", CheckCatalog.policy.map(\.clause)),
      ("learner", LearnerClauses.all), ("agent", AgentChecks.all.map(\.clause)),
    ] {
      let ofRole = rows.filter { $0[0] == role }
      // 3.11 is about a second driver, which the programs here cannot have: ListeningTests breaks it in three ways.
      let elsewhere: Set = role == "env" ? ["3.11"] : []
      let broken = Set(ofRole.flatMap { $0[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } })
      #expect(
        Set(clauses).subtracting(broken).subtracting(elsewhere).sorted() == [], "no mutant of role \(role) breaks these"
      )
      #expect(Set(ofRole.map { $0[2] }).count >= 2)
    }
  }

  private enum LearnerClauses {
    static let all = CheckCatalog.learner.dropFirst(CheckCatalog.policy.count).map(\.clause)
  }

  @Test("finds nothing in the conforming programs that mutants are made of")
  func clean() throws {
    let (status, output) = try mutants("--clean 1")
    #expect(status == 0, "\(output)")
  }
}
