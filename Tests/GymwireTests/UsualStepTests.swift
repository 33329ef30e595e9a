import Environments
import Gymwire
import JSONLines
import Testing

@Suite("Steps in their usual spelling")
struct UsualStepTests {
  @Test(
    "a request in an unusual spelling gets the same reply as one in the usual spelling",
    arguments: [(count: 0, "text"), (1, "text"), (5, "text"), (5, "b64")])
  func spellings(count: Int, form: String) throws {
    let (usual, unusual) = (Server(count: count, form: form), Server(count: count, form: form))
    var generator = PCG64(seed: 3)
    for id in 2..<40 {
      let actions = (0..<max(1, count)).map { _ in Int(generator.uniform() * 3) }
      let action = count == 0 ? "\(actions[0])" : actions.description.replacing(" ", with: "")
      let reply = usual.answer(#"{"id":\#(id),"op":"step","action":\#(action)}"#)
      #expect(reply == unusual.answer(#"{ "action" : \#(action), "op":"step","more":[null],"id":\#(id).0 }"#))
      if reply.contains("\"truncated\":true"), count == 0 {
        #expect(usual.answer(#"{"id":99,"op":"reset"}"#) == unusual.answer(#"{"id":99,"op":"reset"}"#))
      }
    }
  }

  @Test(
    "what differs from the usual spelling by one byte is refused or answered, and changes nothing when refused")
  func faults() throws {
    let request = Array(#"{"id":7,"op":"step","action":[1,0,2]}"#.utf8)
    let (server, twin) = (Server(count: 3, form: "text"), Server(count: 3, form: "text"))
    var refused = 0
    for index in request.indices {
      for byte in [UInt8(ascii: "x"), UInt8(ascii: "3"), UInt8(ascii: "-"), UInt8(ascii: "\""), 0xFF] {
        var damaged = request
        damaged[index] = byte
        guard server.answer(damaged).contains("\"error\"") else {
          _ = twin.answer(damaged)
          continue
        }
        refused += 1
      }
      #expect(server.answer(Array(request[..<index])).contains("\"error\""))
    }
    #expect(refused > 150)
    #expect(server.answer(request) == twin.answer(request))
  }

  @Test(
    "a reply that is read while it arrives, in chunks of any size, is read as it is in one: SPEC 2.15",
    arguments: [1, 7, 64, 500])
  func readAhead(chunk: Int) throws {
    let count = 100
    let server = Server(count: count, form: "text")
    var driver = server.driver()
    var twin = server.driver()
    let actions = ValueBatch(.discrete(Discrete(3)), count: count)
    for _ in 0..<12 {
      driver.composeStep(actions, rows: 0..<count)
      twin.composeStep(actions, rows: 0..<count)
      let reply = Array(server.answer(Array(driver.line.dropLast())).utf8)
      let (parts, whole) = (StepBatch(server.space, count), StepBatch(server.space, count))
      for end in stride(from: chunk, to: reply.count, by: chunk) {
        reply[..<end].withUnsafeBytes { driver.readAhead($0, into: parts, rows: 0..<count) }
      }
      #expect(
        try reply.withUnsafeBytes { try driver.readStep($0, into: parts, rows: 0..<count) } == .reply(isLax: false))
      _ = try reply.withUnsafeBytes { try twin.readStep($0, into: whole, rows: 0..<count) }
      #expect(parts.observations.flat?.array == whole.observations.flat?.array)
      #expect(parts.rewardArray == whole.rewardArray)
      #expect((0..<count).allSatisfy { parts.hasEnded($0) == whole.hasEnded($0) })
    }
  }

  @Test("a reply of another length than was read ahead is an error")
  func readAheadOfAnotherLength() {
    let server = Server(count: 50, form: "text")
    var driver = server.driver()
    let actions = ValueBatch(.discrete(Discrete(3)), count: 50)
    driver.composeStep(actions, rows: 0..<50)
    let reply = server.answer(Array(driver.line.dropLast()))
    let (shorter, outcome) = (reply.replacing("],\"reward\"", with: ",1],\"reward\""), StepBatch(server.space, 50))
    Array(shorter.utf8).withUnsafeBytes { bytes in
      driver.readAhead(UnsafeRawBufferPointer(rebasing: bytes[..<900]), into: outcome, rows: 0..<50)
      #expect(throws: ReplyError.self) { try driver.readStep(bytes, into: outcome, rows: 0..<50) }
    }
  }

  @Test("a long reply comes in pieces that together are the reply in one", arguments: ["text", "b64"])
  func pieces(form: String) throws {
    let (server, twin) = (Server(count: 3001, form: form), Server(count: 3001, form: form))
    for id in 2..<6 {
      let request = Array(#"{"id":\#(id),"op":"step","action":\#(Array(repeating: 1, count: 3001))}"#.utf8)
      let plain = request.filter { $0 != UInt8(ascii: " ") }
      var pieces: [String] = []
      let isAnswered = plain.withUnsafeBytes { line in
        server.conversation.answerInPieces(line) { pieces.append(String(decoding: $0, as: UTF8.self)) }
      }
      #expect(isAnswered)
      #expect(pieces.count > 2)
      #expect(pieces.joined() == twin.answer(plain) + "\n")
    }
  }

  @Test("only good requests to environments that never fail are answered in pieces")
  func noPieces() {
    func isAnswered(_ server: Server, _ line: String) -> Bool {
      Array(line.utf8).withUnsafeBytes { line in server.conversation.answerInPieces(line) { _ in } }
    }
    let ones = "[" + Array(repeating: "1", count: 3001).joined(separator: ",") + "]"
    let (server, twin) = (Server(count: 3001, form: "text"), Server(count: 3001, form: "text"))
    #expect(!isAnswered(server, #"{"id":2,"op":"step","action":\#(ones.dropLast(2))7]}"#))
    #expect(!isAnswered(server, #"{"id":2,"op":"step","action":[1]}"#))
    #expect(!isAnswered(server, #"{"id":2,"op":"reset"}"#))
    let good = Array(#"{"id":2,"op":"step","action":\#(ones)}"#.utf8)
    #expect(server.answer(good) == twin.answer(good))
    #expect(!isAnswered(Server(count: 3001, form: "text", neverFails: false), String(decoding: good, as: UTF8.self)))
    #expect(!isAnswered(Server(count: 5, form: "text"), #"{"id":2,"op":"step","action":[1,1,1,1,1]}"#))
  }
}

extension UsualStepTests {
  /// A conversation that serves ``Drift`` and has been reset with seed 0; 0 sub-environments stand for one without batch.
  private final class Server {
    let conversation: EnvironmentConversation
    let space: Space
    private let hello: String

    init(count: Int, form: String, neverFails: Bool = true) {
      let batch = EnvironmentArray(neverFails: neverFails) { Drift() }
      space = batch.observationSpace
      let conversation = EnvironmentConversation(serving: batch, serverName: "drift")
      self.conversation = conversation
      let features = count == 0 ? "" : form == "b64" ? #""batch","b64""# : #""batch""#
      let request =
        #"{"id":0,"op":"hello","versions":[1],"features":[\#(features)],"want":{"num_envs":\#(max(1, count))}}"#
      hello = Array(request.utf8).withUnsafeBytes {
        String(decoding: conversation.answer($0).dropLast(), as: UTF8.self)
      }
      _ = answer(#"{"id":1,"op":"reset","seed":0}"#)
    }

    func answer(_ line: String) -> String { answer(Array(line.utf8)) }

    /// The reply without its line end.
    func answer(_ line: [UInt8]) -> String {
      line.withUnsafeBytes { String(decoding: conversation.answer($0).dropLast(), as: UTF8.self) }
    }

    /// A driver that has heard this server's hello.
    func driver() -> DriverConversation {
      var driver = DriverConversation()
      driver.composeHello(HelloRequest(client: "test"))
      _ = try? Array(hello.utf8).withUnsafeBytes { try driver.readHello($0) }
      return driver
    }
  }
}

extension StepBatch {
  fileprivate convenience init(_ space: Space, _ count: Int) { self.init(observationSpace: space, count: count) }
}
