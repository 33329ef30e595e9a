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
