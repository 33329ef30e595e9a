import Foundation
import GymwireIO
import TestSupport
import Testing

/// Servers that wait for their drivers on a socket: SPEC 3.11 and SPEC 7.5.5.
@Suite("A server that is already running", .enabled(if: Misbehaving.isPossible), .timeLimit(.minutes(20)))
struct ListeningTests {
  /// A server that waits, and where.
  private final class Waiting {
    let process: ChildProcess
    let address: String

    init(at address: String) throws {
      process = try ChildProcess(command: [BuiltProgram.path("cartpole-server"), "--listen", address])
      let process = process
      try #require(eventually(within: 30) { process.lastErrorLines().contains { $0.contains("waits for a driver") } })
      let port = process.lastErrorLines().joined().firstMatch(of: #/\(port (\d+)\)/#)?.1
      self.address = port.map { "127.0.0.1:\($0)" } ?? address
    }

    deinit { process.kill() }
  }

  private static let agent = "'\(BuiltProgram.path("pgagent"))'"
  private static let attach = repositoryRoot + "/Tests/ConformanceTests/Fixtures/attach.py"

  /// A conversation with the server by way of a command that passes lines on.
  private func driver(_ address: String) throws -> ServerConnection {
    try ServerConnection(command: ["python3", Self.attach, address])
  }

  private func ask(_ connection: ServerConnection, _ request: String) throws -> String {
    var line = request + "\n"
    try line.withUTF8 { try connection.send(UnsafeRawBufferPointer($0)) }
    return String(decoding: try connection.receiveLine(), as: UTF8.self)
  }

  private static let hello = #"{"id":3,"op":"hello","versions":[1],"features":[]}"#

  @Test(
    "is trained with as one that is started, over a port and over a file", arguments: ["127.0.0.1:0", "unix:socket"])
  func training(kind: String) throws {
    try Shell.withDirectory { directory in
      let waiting = try Waiting(at: kind.replacing("socket", with: directory + "/s"))
      let words = "--epochs 2 --hidden 8"
      let (status, output) = try Shell.run(
        "\(Self.agent) \(words) --env-cmd \"python3 '\(Self.attach)' \(waiting.address)\" --out a && "
          + "\(Self.agent) \(words) --env-cmd \"python3 '\(Self.attach)' \(waiting.address)\" --out b && "
          + "\(Self.agent) \(words) --env-cmd cartpole-server --out c", in: directory)
      try #require(status == 0, "\(output)")
      for run in ["a", "b"] {
        #expect(
          FileManager.default.contentsEqual(
            atPath: "\(directory)/\(run)/policy.json", andPath: "\(directory)/c/policy.json"), "\(run)")
      }
    }
  }

  private static let hasNetcat = (try? Shell.run("command -v nc"))?.status == 0

  @Test(
    "nc is such a command, which the driver starts", .enabled(if: hasNetcat), arguments: ["127.0.0.1:0", "unix:socket"])
  func netcat(kind: String) throws {
    try Shell.withDirectory { directory in
      let waiting = try Waiting(at: kind.replacing("socket", with: directory + "/s"))
      let words =
        kind.hasPrefix("unix:")
        ? "-U '\(waiting.address.dropFirst(5))'" : waiting.address.replacing(":", with: " ")
      for run in ["a", "b"] {
        let (status, output) = try Shell.run(
          "\(Self.agent) --epochs 1 --hidden 8 --env-cmd \"nc \(words)\" --out \(run)", in: directory)
        #expect(status == 0, "\(output)")
      }
      #expect(
        FileManager.default.contentsEqual(atPath: directory + "/a/policy.json", andPath: directory + "/b/policy.json"))
    }
  }

  @Test("has one driver at a time, tells a second one so, and takes another when the first has gone or was killed")
  func drivers() throws {
    let waiting = try Waiting(at: "127.0.0.1:0")
    let first = try driver(waiting.address)
    #expect(try ask(first, Self.hello).contains("\"role\":\"env\""))
    let second = try driver(waiting.address)
    let refusal = try ask(second, Self.hello)
    #expect(refusal.hasPrefix(#"{"id":3,"error":"#) && refusal.contains("one at a time"), "\(refusal)")
    #expect(refusal.contains(#""code":"busy""#) && refusal.contains(#""fatal":true"#))
    #expect(throws: ConnectionError.self) { try ask(second, Self.hello) }
    #expect(try ask(first, #"{"id":4,"op":"reset","seed":1}"#).contains("\"obs\""), "the first goes on")
    let passingLinesOn = try #require(first.process)
    kill(passingLinesOn.processIdentifier, SIGKILL)
    let third = try driver(waiting.address)
    #expect(try ask(third, Self.hello).contains("\"role\":\"env\""))
    #expect(try ask(third, #"{"id":5,"op":"step","action":0}"#).contains("needs_reset"), "a conversation of its own")
    #expect(try ask(third, #"{"id":6,"op":"close"}"#) == #"{"id":6}"#)
    #expect(waiting.process.exit() == nil, "and the server waits again")
    let fourth = try driver(waiting.address)
    #expect(try ask(fourth, Self.hello).contains("\"role\":\"env\""))
  }

  @Test("has a driver already: pgagent says so, and what to do")
  func busy() throws {
    let waiting = try Waiting(at: "127.0.0.1:0")
    let first = try driver(waiting.address)
    #expect(try ask(first, Self.hello).contains("\"role\":\"env\""))
    for command in ["train", "check"] {
      let (status, output) = try Shell.run(
        "\(Self.agent) \(command) --env-cmd \"python3 '\(Self.attach)' \(waiting.address)\"")
      let sentences =
        command == "train"
        ? ["has another driver", "end the other one, or wait until it has gone"]
        : ["the checks talk to several processes at once", "not one that passes lines on to a server that is running"]
      #expect(status != 0 && sentences.allSatisfy(output.contains), "\(output)")
      #expect(!output.contains("departs from protocol/SPEC.md"), "\(output)")
    }
    #expect(try ask(first, #"{"id":4,"op":"reset","seed":1}"#).contains("\"obs\""), "the first goes on")
  }

  private func check(attaching address: String, _ more: String = "") throws -> String {
    let words = "--env-cmd '\(BuiltProgram.path("cartpole-server"))' --clause 3.11 \(more)"
    return try Shell.run("\(Self.agent) check \(words) --attach-cmd \"python3 '\(Self.attach)' \(address)\"").output
  }

  @Test("is found by pgagent check to have one driver at a time, over a port and over a file: SPEC 3.11")
  func checked() throws {
    try Shell.withDirectory { directory in
      for place in ["127.0.0.1:0", "unix:\(directory)/s"] {
        let waiting = try Waiting(at: place)
        for _ in 0..<2 { #expect(try check(attaching: waiting.address).contains("1 passed, 0 failed")) }
      }
      let (_, output) = try Shell.run(
        "\(Self.agent) check --env-cmd '\(BuiltProgram.path("cartpole-server"))' --clause 3.11")
      #expect(output.contains("0 failed, 1 not applicable"), "\(output)")
      let (status, sentence) = try Shell.run("\(Self.agent) check --policy-cmd x --attach-cmd y")
      #expect(status == 2 && sentence.contains("--attach-cmd is for --env-cmd"), "\(sentence)")
    }
  }

  @Test(
    "breaks SPEC 3.11 where it has a second driver, leaves one without an answer, or is not there",
    arguments: [([], "the error busy"), (["--mute"], "nothing came within 1 s"), (nil, "its output ended")])
  func lax(flags: [String]?, sentence: String) throws {
    let listener = repositoryRoot + "/Tests/ConformanceTests/Fixtures/lax_listener.py"
    let process = try ChildProcess(
      command: ["python3", listener] + (flags ?? []) + [BuiltProgram.path("cartpole-server")])
    defer { process.kill() }
    try #require(eventually(within: 30) { process.lastErrorLines().contains { $0.contains("waits at port") } })
    let port = try #require(process.lastErrorLines().joined().firstMatch(of: #/port (\d+)/#)?.1)
    if flags == nil {
      process.kill()
      _ = process.exit(within: .seconds(20))
    }
    let limits = flags == ["--mute"] ? "--step-timeout 1 --start-timeout 1" : ""
    let output = try check(attaching: "127.0.0.1:\(port)", limits)
    #expect(output.contains("FAIL  3.11") && output.contains(sentence), "\(output)")
    #expect(output.contains("clauses broken: 3.11 "), "\(output)")
  }

  @Test("takes the place of one that was killed, whose file is left")
  func staleFile() throws {
    try Shell.withDirectory { directory in
      let first = try Waiting(at: "unix:\(directory)/s")
      kill(first.process.processIdentifier, SIGKILL)
      _ = first.process.exit(within: .seconds(20))
      #expect(FileManager.default.fileExists(atPath: directory + "/s"))
      let second = try Waiting(at: "unix:\(directory)/s")
      let successor = try driver(second.address)
      #expect(try ask(successor, Self.hello).contains("\"role\":\"env\""))
      let (status, output) = try Shell.run(
        "'\(BuiltProgram.path("cartpole-server"))' --listen unix:s", in: directory)
      #expect(status == 2 && output.contains("nothing can wait at unix:s"), "two cannot wait at one place: \(output)")
    }
  }

  @Test(
    "does not wait where other machines reach it, unless it may, nor at what is no address",
    arguments: [
      ("0.0.0.0:0", "which --public has to allow"), ("[::]:0", "which --public has to allow"),
      ("example.org:80", "is no address in digits"), ("5555", "is neither HOST:PORT"),
      ("localhost:99999", "is neither"),
      ("unix:", "has no path"), ("unix:/nowhere/at/all", "nothing can wait at"),
      ("unix:/" + String(repeating: "x", count: 300), "nothing can wait at"),
    ])
  func refused(address: String, sentence: String) throws {
    let (status, output) = try Shell.run("'\(BuiltProgram.path("cartpole-server"))' --listen '\(address)'")
    #expect(status == 2 && output.contains(sentence), "\(output)")
  }
}
