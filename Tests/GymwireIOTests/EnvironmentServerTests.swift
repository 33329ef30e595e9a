import Environments
import Foundation
import Gymwire
import GymwireIO
import Synchronization
import Testing

/// A server on a thread of this process, with a pipe in each direction.
private final class ServedHere {
  let requests: FileDescriptor
  let replies: LineReader
  private let output: FileDescriptor
  private let status = Status()

  final class Status: Sendable {
    let value = Mutex<Int32?>(nil)
  }

  /// - Parameter width: how many numbers an observation has.
  init(width: Int = 1) throws {
    let (there, back) = (try TestPlatform.pipe(), try TestPlatform.pipe())
    requests = there.writing
    output = back.reading
    replies = LineReader(back.reading)
    let status = status
    Thread.detachNewThread {
      let server = EnvironmentServer(name: "steps") { Steps(width: width) }
      let result = (try? server.serve(reading: there.reading, writing: back.writing)) ?? -1
      there.reading.close()
      back.writing.close()
      status.value.withLock { $0 = result }
    }
  }

  deinit { output.close() }

  func send(_ text: String) throws { try requests.writeAll(text) }

  /// The next reply; nil at the end of the server's output.
  func reply() throws -> String? {
    guard case .line(let bytes)? = try replies.next() else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The exit status that the server returned, once it has.
  func exitStatus() -> Int32? {
    _ = TestPlatform.eventually { self.status.value.withLock { $0 } != nil }
    return status.value.withLock { $0 }
  }
}

/// Counts the steps with action 1.
private struct Steps: Environment {
  var width: Int
  var steps = 0
  let spec = EnvironmentSpec()
  let actionSpace = Space.discrete(Discrete(2))
  var observationSpace: Space { .box(Box(shape: [width], low: .same(0), high: .same(1e6))) }

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] {
    steps = 0
    return [Float](repeating: 0, count: width)
  }

  mutating func step(_ action: Int) -> Transition<[Float]> {
    steps += action
    return Transition([Float](repeating: Float(steps), count: width), reward: 1)
  }
}

@Suite("Serving an environment")
struct EnvironmentServerTests {
  private static let hello = #"{"id":0,"op":"hello","versions":[1]}"# + "\n"

  @Test("requests in one piece are answered one by one; after close the status is 0: SPEC 3.1, 6.10")
  func together() throws {
    let server = try ServedHere()
    try server.send(
      Self.hello + #"{"id":1,"op":"reset"}"# + "\r\n\n \t\n" + #"{"id":2,"op":"step","action":1}"# + "\n"
        + #"{"id":3,"op":"close"}"# + "\n" + #"{"id":4,"op":"reset"}"# + "\n")
    #expect(try server.reply()?.hasPrefix(#"{"id":0,"version":1,"role":"env","server":{"name":"steps""#) == true)
    #expect(try server.reply() == #"{"id":1,"obs":[0]}"#)
    #expect(try server.reply() == #"{"id":2,"obs":[1],"reward":1,"terminated":false,"truncated":false}"#)
    #expect(try server.reply() == #"{"id":3}"#)
    #expect(try server.reply() == nil, "nothing after close is answered")
    #expect(server.exitStatus() == 0)
    server.requests.close()
  }

  @Test("a request that comes in pieces is answered when it is whole: SPEC 2.2")
  func pieces() throws {
    let server = try ServedHere()
    for character in Self.hello { try server.send(String(character)) }
    #expect(try server.reply()?.hasPrefix(#"{"id":0,"version":1"#) == true)
    server.requests.close()
    #expect(server.exitStatus() == 0)
  }

  @Test(
    "at the end of input a last request without its newline counts, half a one does not: SPEC 2.5, 6.11",
    arguments: [
      ("", nil), (#"{"id":1,"op":"reset"}"#, #"{"id":1,"obs":[0]}"#), (#"{"id":1,"op":"reset"}  "#, nil),
      (#"{"id":1,"op":"re"#, nil), ("{", nil), ("x", nil),
    ] as [(String, String?)])
  func endOfInput(rest: String, reply: String?) throws {
    let server = try ServedHere()
    try server.send(Self.hello + rest)
    server.requests.close()
    _ = try server.reply()
    let last = try server.reply()
    #expect(last == reply || (rest.hasSuffix("  ") && last == #"{"id":1,"obs":[0]}"#))
    #expect(try server.reply() == nil)
    #expect(server.exitStatus() == 0)
  }

  @Test("a reply that the driver could not read ends the server with another status than 0: SPEC 2.12, 7.9")
  func fatal() throws {
    let server = try ServedHere(width: 40_000)
    try server.send(#"{"id":0,"op":"hello","versions":[1],"max_line":65536}"# + "\n" + #"{"id":1,"op":"reset"}"# + "\n")
    #expect(try server.reply()?.hasPrefix(#"{"id":0,"version":1"#) == true)
    let reply = try #require(try server.reply())
    #expect(reply.hasPrefix(#"{"id":1,"error":{"code":"too_large""#) && reply.contains(#""fatal":true"#))
    #expect(try server.reply() == nil)
    #expect(server.exitStatus() == 1)
    server.requests.close()
  }

  @Test("a line above the limit is skipped to its end, and the next one is served: SPEC 2.11")
  func tooLong() throws {
    let server = try ServedHere()
    try server.send(Self.hello)
    _ = try server.reply()
    let piece = String(repeating: "x", count: 1 << 20)
    for _ in 0..<65 { try server.send(piece) }
    try server.send("\n" + #"{"id":2,"op":"reset"}"# + "\n")
    #expect(
      try server.reply()
        == #"{"id":null,"error":{"code":"too_large","message":"the line is longer than 67108864 bytes"}}"#)
    #expect(try server.reply() == #"{"id":2,"obs":[0]}"#)
    server.requests.close()
    #expect(server.exitStatus() == 0)
  }

  @Test("what an environment prints goes to standard error, not between the replies: SPEC 1.1")
  func strayPrint() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      struct Talkative: Environment {
        let spec = EnvironmentSpec()
        let observationSpace = Space.discrete(Discrete(2))
        let actionSpace = Space.discrete(Discrete(2))
        mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> Int {
          print("stray words")
          return 0
        }
        mutating func step(_ action: Int) -> Transition<Int> { Transition(0, reward: 0) }
      }
      let input = try TestPlatform.pipe()
      try input.writing.writeAll("{\"id\":0,\"op\":\"hello\",\"versions\":[1]}\n{\"id\":1,\"op\":\"reset\"}\n")
      input.writing.close()
      dup2(input.reading.rawValue, 0)
      EnvironmentServer(name: "talkative") { Talkative() }.run()
    }
    let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    let errors = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(output.contains("{\"id\":1,\"obs\":0}\n"))
    #expect(!output.contains("stray words") && errors.contains("stray words"))
  }
}
