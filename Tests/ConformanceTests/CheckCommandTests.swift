import Foundation
import JSONLines
import TestSupport
import Testing

/// `pgagent check` as CI systems use it.
@Suite("pgagent check", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct CheckCommandTests {
  private static let fixtures = repositoryRoot + "/Tests/ConformanceTests/Fixtures/"

  private func check(_ arguments: String) throws -> (status: Int32, output: String) {
    try Shell.run("'\(BuiltProgram.path("pgagent"))' check \(arguments) --leak-steps 200 2>/dev/null")
  }

  private func server(breaking clause: String) -> String {
    "--env-cmd 'python3 \(Self.fixtures)broken_server.py --break \(clause)'"
  }

  @Test("exits with 0 for a clean server, 1 for a broken one, and 2 when nothing could be checked")
  func status() throws {
    #expect(try check("--env-cmd cartpole-server").status == 0)
    #expect(try check(server(breaking: "6.2")).status == 1)
    for arguments in ["", "--env-cmd no-such-program", "--env-cmd a --policy-cmd b", "--env-cmd \"'\""] {
      #expect(try check(arguments).status == 2, "\(arguments)")
    }
  }

  @Test("tells as text which clause was broken, what was sent, what was expected and what came")
  func text() throws {
    let output = try check(server(breaking: "6.9")).output
    #expect(output.contains("FAIL  6.9"))
    #expect(output.contains(#"sent:     {"id""#) && output.contains("expected: the error needs_reset"))
    #expect(output.contains(#"came:     {"id""#))
    #expect(output.hasSuffix("clauses broken: 6.9 (pgagent check --explain 6.9 prints the first)\n"))
  }

  @Test("a clause that breaks in the check of another has a line of its own, and is counted")
  func failsElsewhere() throws {
    let output = try check(server(breaking: "6.7") + " --clause 6.9").output
    #expect(output.contains("FAIL  6.7 ") && output.contains("0 passed, 1 failed, 1 could not be judged"), "\(output)")
  }

  @Test("prints a clause and what is checked about it, and says so if there is none: SPEC 6.9, 7.3.4")
  func explanation() throws {
    let (status, output) = try check("--explain 6.9")
    #expect(status == 0 && output.hasPrefix("Section 6. Meaning\n\n**6.9** Without batch, nothing resets by itself."))
    #expect(output.contains("checked (env): a step after the end is needs_reset"), "\(output)")
    #expect(try check("--explain 7.3.4").output.contains("| **7.3.4** | `unknown_op` |"))
    #expect(try check("--explain 99.1").status == 2)
  }

  @Test("prints a line of Markdown that says what a program keeps to")
  func badge() throws {
    #expect(
      try check("--env-cmd cartpole-server --format badge").output
        == "![Gymwire 1: Core, Spaces, Batch, Binary]"
        + "(https://img.shields.io/badge/Gymwire_1-Core%2C_Spaces%2C_Batch%2C_Binary-brightgreen)\n")
    #expect(try check(server(breaking: "6.9") + " --format badge").output.hasPrefix("![Gymwire 1: breaks 6.9]"))
  }

  @Test("says what it waits for when a server takes long to start")
  func slowStart() throws {
    let server = "sh -c \"sleep 3; exec '\(BuiltProgram.path("cartpole-server"))'\""
    let command =
      "'\(BuiltProgram.path("pgagent"))' check --env-cmd '\(server.replacing("'", with: "'\\''"))' --clause 5.3 2>&1"
    let (status, output) = try Shell.run(command)
    #expect(status == 0 && output.contains("waits for the reply to hello"), "\(output)")
  }

  @Test("tells the same as JSON")
  func json() throws {
    let report = try JSONValue(parsing: try check(server(breaking: "6.9") + " --format json").output)
    #expect(report["clean"] == .boolean(false))
    #expect(report["clauses_broken"] == .array([.string("6.9")]))
    guard case .array(let checks)? = report["checks"] else { throw CocoaError(.coderReadCorrupt) }
    let failed = checks.filter { $0["outcome"] == .string("failed") }
    #expect(failed.map { $0["clause"] } == [.string("6.9")])
    for name in ["level", "title", "sent", "expected", "came", "broken"] {
      #expect(failed.first?[name] != nil, "\(name)")
    }
  }

  @Test("tells the same as JUnit, in XML that others read")
  func junit() throws {
    let count =
      "import sys, xml.dom.minidom as x; d = x.parse(sys.stdin); "
      + "print(len(d.getElementsByTagName('testcase')), len(d.getElementsByTagName('failure')))"
    let command = "'\(BuiltProgram.path("pgagent"))' check --leak-steps 200 --format junit " + server(breaking: "7.3.7")
    let (status, output) = try Shell.run("\(command) | python3 -c \"\(count)\"")
    #expect(status == 0)
    #expect(output.split(separator: " ").last == "1\n", "\(output)")
  }

  @Test(
    "names a byte order mark and a name that occurs twice, and tells what the server had to say: SPEC 2.6, 2.7",
    arguments: [("byte-order-mark", "2.6"), ("name-twice", "2.7"), ("nothing", "1.4")])
  func strangeLines(mode: String, clause: String) throws {
    let (status, output) = try check("--env-cmd 'python3 \(Self.fixtures)strange_server.py \(mode)'")
    #expect(status == 1)
    #expect(output.contains("FAIL  \(clause) ") && output.contains("it said:  trouble"), "\(output)")
    #expect(output.contains("(the program exited with status 3)"), "\(output)")
  }

  @Test("says that a server which answers only when its input ends does not flush: SPEC 2.13")
  func unflushed() throws {
    let arguments = server(breaking: "2.13-flush") + " --start-timeout 2 --step-timeout 2"
    let (status, output) = try check(arguments)
    #expect(status == 1)
    #expect(output.contains("clauses broken: 2.13 ") && output.contains("buffered"), "\(output)")
  }
}
