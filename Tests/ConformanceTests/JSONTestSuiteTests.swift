import Environments
import Foundation
import GymwireIO
import JSONLines
import TestSupport
import Testing

/// Every file of JSONTestSuite as a member that nobody knows, in a request to a server and in a reply to a driver.
@Suite("A message that holds a file of JSONTestSuite")
struct JSONTestSuiteTests {
  @Test("is answered by a server where it is JSON, and is bad_json where it is not: SPEC 2.1, 4.6, 7.3.1")
  func server() throws {
    let server = try ServerConnection(
      command: [BuiltProgram.path("cartpole-server")], phase: .startUp(limit: .seconds(60)))
    func ask(_ line: [UInt8]) throws -> JSONValue {
      try (line + [0x0A]).withUnsafeBytes { try server.send($0) }
      return try JSONValue(parsing: try server.receiveLine())
    }
    _ = try ask(Array(#"{"id":0,"op":"hello","versions":[1]}"#.utf8))
    let plain = try ask(Array(#"{"id":1,"op":"reset","seed":1}"#.utf8))
    for text in JSONTestSuite.texts {
      for line in text.lines(within: #"{"id":1,"op":"reset","seed":1,"x":"#) {
        let reply = try ask(line)
        let isRefused = reply["error"]?["code"] == .string("bad_json") && reply["id"] == .null
        switch text.isLegal {
        case true: #expect(reply == plain, "\(text.name)")
        case false: #expect(isRefused, "\(text.name): \(reply.text)")
        default: #expect(isRefused || reply == plain, "\(text.name): \(reply.text)")
        }
      }
    }
  }

  @Test("alone, is bad_json to a server unless it is an object: SPEC 7.3.1, 7.3.3")
  func alone() throws {
    let server = try ServerConnection(
      command: [BuiltProgram.path("cartpole-server")], phase: .startUp(limit: .seconds(60)))
    for text in JSONTestSuite.texts {
      let lines = text.lines
      let sent = lines.filter { line in !line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } }
      try Array(lines.joined(separator: [0x0A]) + [0x0A]).withUnsafeBytes { try server.send($0) }
      for line in sent {
        let code = try JSONValue(parsing: try server.receiveLine())["error"]?["code"]
        let isObject = text.isLegal == true && line.first == UInt8(ascii: "{")
        #expect(code == .string(isObject ? "bad_message" : "bad_json"), "\(text.name)")
      }
    }
  }

  @Test("is used by a driver where it is JSON, and ends the conversation where it is not: SPEC 3.7, 4.6")
  func driver() throws {
    let directory = NSTemporaryDirectory() + "gymwire-suite-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for text in JSONTestSuite.texts {
      let path = directory + "/reply"
      let reply = text.lines(within: #"{"id":1,"obs":[0.5],"x":"#).joined(separator: [0x0A]) + [0x0A]
      try Data(reply).write(to: URL(fileURLWithPath: path))
      let script = "read -r hello; echo '\(ScriptedServer.hello)'; read -r reset; cat '\(path)'; cat > /dev/null"
      var options = RemoteVectorEnvironment.Options(command: ["sh", "-c", script])
      options.connection.warn = { _ in }
      let environment = try RemoteVectorEnvironment(options)
      defer { environment.close() }
      let isAccepted: Bool
      do {
        try environment.reset(seed: 1, options: [:])
        isAccepted = true
      } catch is ConnectionError {
        isAccepted = false
      }
      // A driver reads the bare words that Python writes, with a warning (SPEC 8.5).
      let isForgiven = ["n_number_NaN", "n_number_infinity", "n_number_minus_infinity"].contains(text.name)
      if let isLegal = text.isLegal { #expect(isAccepted == isLegal || isForgiven, "\(text.name)") }
    }
  }
}

extension JSONTestSuite.Text {
  /// The bytes without the line end behind them.
  fileprivate var lines: [[UInt8]] {
    let content = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
    // White space between tokens is as good as a line end there; elsewhere the text is two lines, both of them broken.
    if isLegal == true { return [content.map { $0 == 0x0A ? 0x20 : $0 }] }
    return content.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  }

  /// The lines of a message that begins in this way and has the text for its last value.
  fileprivate func lines(within head: String) -> [[UInt8]] {
    var lines = lines
    lines[0] = Array(head.utf8) + lines[0]
    lines[lines.count - 1].append(UInt8(ascii: "}"))
    return lines
  }
}
