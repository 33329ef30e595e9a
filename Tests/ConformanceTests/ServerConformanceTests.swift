import GymwireIO
import JSONLines
import Testing

/// A server that was built, as a process whose input stays open until the test ends it.
private struct Server {
  let connection: ServerConnection

  init(_ program: String, _ arguments: String...) throws {
    connection = try ServerConnection(
      command: [BuiltProgram.path(program)] + arguments, phase: .startUp(limit: .seconds(30)))
  }

  /// A server that has answered hello.
  static func greeted(_ program: String) throws -> Server {
    let server = try Server(program)
    #expect(try server.reply(#"{"id":0,"op":"hello","versions":[1]}"#)["version"] == .integer(1))
    return server
  }

  func ask(_ line: String) throws -> String {
    try Array((line + "\n").utf8).withUnsafeBytes { try connection.send($0) }
    return String(decoding: try connection.receiveLine(), as: UTF8.self)
  }

  func reply(_ line: String) throws -> JSONValue { try JSONValue(parsing: ask(line)) }

  /// Id and code of the refusal of a line.
  func refusal(_ line: String) throws -> String {
    let reply = try reply(line)
    guard case .string(let code) = reply["error"]?["code"] else { return "no refusal: \(reply.text.prefix(200))" }
    return "\(reply["id"]?.text ?? "no id") \(code)"
  }

  /// Ends the input, and gives how the process ended if it did so within a second.
  func end() throws -> ChildProcess.Exit? {
    let process = try #require(connection.process)
    process.closeInput()
    return process.exit(within: .seconds(1))
  }
}

/// What the environment servers, as they were built, answer to drivers that do everything wrong.
@Suite("The environment servers")
struct ServerConformanceTests {
  /// A server with an action that it takes, and some that it does not.
  struct Served: Sendable, CustomTestStringConvertible {
    let program: String
    let action: String
    let wrongActions: [String]
    var testDescription: String { program }
  }

  static let all = [
    Served(
      program: "cartpole-server", action: "1",
      wrongActions: [
        "2", "-1", "0.5", "\"left\"", "\"1\"", "[1]", "null", "true", "1e300", "{\"b64\":\"AQAAAAAAAAA=\"}",
      ]),
    Served(
      program: "swingup-server", action: "[0.5]",
      wrongActions: ["2", "0.5", "[2]", "[-1.5]", "[0,0]", "[]", "[\"NaN\"]", "[1e300]", "\"left\"", "[null]", "null"]),
  ]

  @Test("answer what cannot be read with the right code, and go on: SPEC 7.3, 7.10", arguments: all)
  func goesOn(served: Served) throws {
    let server = try Server.greeted(served.program)
    for (line, expected) in [
      ("broken", "null bad_json"), (#"{"id":1,"op":"reset""#, "null bad_json"), (#"{"id":2}"#, "2 bad_message"),
      (#"{"op":"reset"}"#, "null bad_message"), (#"{"id":3,"op":"jump"}"#, "3 unknown_op"),
      (#"{"id":4,"op":"render"}"#, "4 unknown_op"),
      (#"{"id":5,"op":"step","action":\#(served.action)}"#, "5 needs_reset"),
      (#"{"id":6,"op":"reset","seed":-1}"#, "6 bad_seed"), (#"{"id":7,"op":"reset","options":7}"#, "7 bad_options"),
      (#"{"id":8,"op":"hello","versions":[1]}"#, "8 bad_message"),
    ] {
      #expect(try server.refusal(line) == expected)
    }
    #expect(try server.reply(#"{"id":9,"op":"reset","seed":1}"#)["obs"] != nil)
    for action in served.wrongActions {
      #expect(try server.refusal(#"{"id":10,"op":"step","action":\#(action)}"#) == "10 bad_action", "\(action)")
    }
    #expect(try server.reply(#"{"id":11,"op":"step","action":\#(served.action)}"#)["reward"] != nil)
    #expect(try server.end() == .status(0))
  }

  @Test("refuse a step before the first reset and after the end, and begin again: SPEC 6.9", arguments: all)
  func afterTheEnd(served: Served) throws {
    let server = try Server.greeted(served.program)
    let step = #"{"id":1,"op":"step","action":\#(served.action)}"#
    #expect(try server.refusal(step) == "1 needs_reset")
    for _ in 0..<2 {
      #expect(try server.reply(#"{"id":2,"op":"reset","seed":3}"#)["error"] == nil)
      var isOver = false
      for _ in 0..<500 where !isOver {
        let reply = try server.reply(step)
        isOver = reply["terminated"] == .boolean(true) || reply["truncated"] == .boolean(true)
      }
      #expect(isOver)
      #expect(try server.refusal(step) == "1 needs_reset")
      #expect(try server.refusal(step) == "1 needs_reset")
    }
  }

  @Test("read a line of 10 MB, and survive nesting of 100,000: SPEC 2.9, 2.10", arguments: all)
  func enormous(served: Served) throws {
    let server = try Server.greeted(served.program)
    let padding = String(repeating: "0123456789", count: 1 << 20)
    #expect(try server.reply(#"{"id":1,"op":"reset","x":"\#(padding)"}"#)["obs"] != nil)
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[", ""), ("[{\"a\":", "")] {
      let nested = String(repeating: open, count: 100_000) + "1" + String(repeating: close, count: 100_000)
      #expect(try server.refusal(#"{"id":2,"op":"reset","options":\#(nested)}"#) == "null bad_json")
      #expect(try server.refusal(nested).hasPrefix("null bad_json"))
    }
    #expect(try server.reply(#"{"id":3,"op":"step","action":\#(served.action)}"#)["reward"] != nil)
  }

  @Test("exit with status 0 within a second when their input ends, at any point: SPEC 6.11, 2.5", arguments: all)
  func endOfInput(served: Served) throws {
    #expect(try Server(served.program).end() == .status(0))
    let greeted = try Server.greeted(served.program)
    #expect(try greeted.end() == .status(0))
    let running = try Server.greeted(served.program)
    #expect(try running.reply(#"{"id":1,"op":"reset"}"#)["obs"] != nil)
    #expect(try running.reply(#"{"id":2,"op":"step","action":\#(served.action)}"#)["obs"] != nil)
    try Array(#"{"id":3,"op":"st"#.utf8).withUnsafeBytes { try running.connection.send($0) }
    #expect(try running.end() == .status(0))
    #expect(throws: ConnectionError.self) { try running.connection.receiveLine() }
  }

  @Test("exit with status 0 after close, though their input stays open: SPEC 6.10", arguments: all)
  func close(served: Served) throws {
    let server = try Server.greeted(served.program)
    #expect(try server.ask(#"{"id":1,"op":"close"}"#) == #"{"id":1}"#)
    #expect(try #require(server.connection.process).exit(within: .seconds(10)) == .status(0))
  }

  @Test("answer one by one, each as soon as it is asked, and write nothing unasked: SPEC 2.13, 3.3", arguments: all)
  func unbuffered(served: Served) throws {
    let server = try Server(served.program)
    let process = try #require(server.connection.process)
    #expect(!process.output.isReadable(within: .milliseconds(100)))
    _ = try server.reply(#"{"id":0,"op":"hello","versions":[1]}"#)
    #expect(!process.output.isReadable(within: .milliseconds(100)))
    _ = try server.reply(#"{"id":1,"op":"reset"}"#)
    #expect(!process.output.isReadable(within: .milliseconds(100)))
  }

  @Test("exit quietly when the driver is gone before it has read its answer", arguments: all)
  func driverIsGone(served: Served) throws {
    let hello = #"{"id":0,"op":"hello","versions":[1]}"#
    let pipeline = #"{ sleep 0.3; echo '\#(hello)'; sleep 0.3; } | { "$0"; echo "status $?" >&2; } | :"#
    let shell = try ChildProcess(command: ["sh", "-c", pipeline, BuiltProgram.path(served.program)])
    #expect(shell.exit(within: .seconds(10)) != nil)
    #expect(shell.lastErrorLines() == ["status 0"])
  }

  @Test("say on standard error what is wrong with their options, and exit with status 2", arguments: all)
  func wrongOptions(served: Served) throws {
    let process = try ChildProcess(command: [BuiltProgram.path(served.program), "--id", "Pong-v0"])
    #expect(process.exit(within: .seconds(10)) == .status(2))
    #expect(process.lastErrorLines().joined().contains("Pong-v0"))
    #expect(try LineReader(process.output).next() == nil, "nothing is written to standard output")
  }
}
