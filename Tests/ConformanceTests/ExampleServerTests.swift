import Conformance
import Foundation
import GymwireIO
import JSONLines
import TestSupport
import Testing

/// SPEC 1.10, SPEC 2.13: the smallest servers are complete.
@Suite("The example servers")
struct ExampleServerTests {
  @Test("the one in Python", .enabled(if: Interpreter.exists("python3"), "python3 is not installed"))
  func python() throws { try check(["python3", Self.path("corridor.py")], learnsToReturn: -6) }

  @Test("the one in JavaScript", .enabled(if: Interpreter.exists("node"), "node is not installed"))
  func javaScript() throws { try check(["node", Self.path("guess.js")], learnsToReturn: -3) }

  @Test("the one in shell")
  func shell() throws { try check(["sh", Self.path("bandit.sh")], learnsToReturn: 0.8) }

  @Test(
    "the one in C, which is compiled without a warning", .enabled(if: Interpreter.exists("cc"), "cc is not installed"))
  func compiled() throws {
    let directory = NSTemporaryDirectory() + "gymwire-chase-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let words = "-std=c99 -Wall -Wextra -pedantic -Werror -O2 -o".split(separator: " ").map(String.init)
    let compiler = try ChildProcess(command: ["cc"] + words + [directory + "/chase", Self.path("chase.c"), "-lm"])
    #expect(compiler.exit(within: .seconds(120)) == .status(0), "\(compiler.lastErrorLines())")
    try check([directory + "/chase"], learnsToReturn: -8)
  }

  @Test(
    "the server that the specification prints is one",
    .enabled(if: Interpreter.exists("python3"), "python3 is not installed")
  )
  func printed() throws {
    let text = try String(contentsOfFile: repositoryRoot + "/protocol/SPEC.md", encoding: .utf8)
    let program = try #require(text.firstMatch(of: /```python\n((?:.*\n)+?)```/)).output.1
    let episode = try Self.episode(["python3", "-c", String(program)], seed: 3)
    #expect(episode.count > 3)
    #expect(episode == (try Self.episode(["python3", "-c", String(program)], seed: 3)))
  }

  private static func path(_ name: String) -> String { repositoryRoot + "/protocol/examples/" + name }

  /// Every rule of the Core, and SPEC 6.2, 6.5: the same seed gives the same episode, and other seeds give others.
  ///
  /// Then the agent has to learn the task from it, to a mean return that acting at random is far from.
  private func check(_ command: [String], learnsToReturn least: Double) throws {
    try TranscriptPlayer.play(Transcript(named: "any-server.txt"), with: command)
    let summary = try CheckTests.check(command)
    #expect(summary.isClean, "\(summary.departures)")
    let episodes = try (0..<8).map { try Self.episode(command, seed: $0 / 2) }
    for pair in 0..<4 { #expect(episodes[2 * pair] == episodes[2 * pair + 1]) }
    #expect(Set(episodes.map { $0.joined() }).count > 1)
    #expect(try Self.meanReturn(afterTrainingOn: command) >= least)
  }

  /// Trains with nothing but pgagent's defaults, and evaluates what was learned.
  private static func meanReturn(afterTrainingOn command: [String]) throws -> Double {
    let directory = NSTemporaryDirectory() + "gymwire-run-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let environment = ["--env-cmd", command.joined(separator: " ")]
    let agent = BuiltProgram.path("pgagent")
    let training = try ChildProcess(
      command: [agent] + environment + ["--out", directory, "--seed", "1"])
    #expect(training.exit(within: .seconds(300)) == .status(0), "\(training.lastErrorLines())")
    let evaluation = try ChildProcess(
      command: [agent, "eval", "--policy", directory + "/policy.json", "--episodes", "100", "--json"] + environment)
    let reader = LineReader(evaluation.output)
    guard case .line(let line)? = try reader.next() else { throw Failure(evaluation.lastErrorLines().joined()) }
    switch try JSONValue(parsing: line)["mean_return"] {
    case .number(let mean): return mean
    case .integer(let mean): return Double(mean)
    default: throw Failure("there is no mean_return in what eval wrote")
    }
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// The replies to one seeded reset and up to fifty steps, alternating between the first two actions.
  private static func episode(_ command: [String], seed: Int) throws -> [String] {
    let server = try ChildProcess(command: command)
    defer { server.kill() }
    let reader = LineReader(server.output)
    var replies: [String] = []
    func ask(_ request: String) throws -> JSONValue {
      try server.input.writeAll(request + "\n")
      guard case .line(let bytes)? = try reader.next() else {
        throw Failure("there is no reply to \(request)")
      }
      let reply = try JSONValue(parsing: bytes)
      replies.append(reply.text)
      return reply
    }
    _ = try ask(#"{"id":0,"op":"hello","versions":[1],"features":[]}"#)
    _ = try ask(#"{"id":1,"op":"reset","seed":\#(seed)}"#)
    for step in 0..<50 {
      let reply = try ask(#"{"id":\#(step + 2),"op":"step","action":\#(step % 2)}"#)
      if reply["terminated"] == .boolean(true) || reply["truncated"] == .boolean(true) { break }
    }
    return replies
  }
}
