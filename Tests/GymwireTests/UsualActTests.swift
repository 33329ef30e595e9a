import Environments
import Gymwire
import JSONLines
import Testing

@Suite("Acts in their usual spelling")
struct UsualActTests {
  private static let requests = [
    #"{"id":7,"op":"act","obs":[1,2],"deterministic":true}"#, #"{"id":7,"op":"act","deterministic":true,"obs":[1,2]}"#,
    #"{"id":7,"op":"act","seed":9007199254740991,"obs":[1.5,-2e-3]}"#,
    #"{"id":7,"op":"act","n":2,"seed":3,"obs":[1,2,3,4]}"#,
    #"{"id":7,"op":"act","n":1,"deterministic":false,"seed":5,"obs":{"b64":"AACAPwAAAEA="}}"#,
  ]

  @Test("a request in an unusual spelling gets the same reply as one in the usual spelling", arguments: requests)
  func spellings(request: String) throws {
    let unusual = request.replacing("\"op\":", with: " \"op\" : ").replacing(
      "{\"id\":7,", with: #"{"x":[{}],"id":7.0,"#)
    let dialogue = Dialogue.policy(Oracle(), "batch", "b64")
    let reply = dialogue.ask(request)
    #expect(reply.contains("action"))
    #expect(dialogue.ask(unusual) == reply)
  }

  @Test("what differs from the usual spelling by one byte gets one answer, and changes nothing", arguments: requests)
  func faults(request: String) throws {
    let (dialogue, bytes) = (Dialogue.policy(Oracle(), "batch", "b64"), Array(request.utf8))
    let expected = dialogue.ask(request)
    var refused = 0
    for index in bytes.indices {
      for byte in [UInt8(ascii: "x"), UInt8(ascii: "3"), UInt8(ascii: "-"), UInt8(ascii: "\""), 0xFF] {
        var damaged = bytes
        damaged[index] = byte
        if dialogue.ask(bytes: damaged).contains("\"error\"") { refused += 1 }
      }
      #expect(dialogue.ask(bytes: Array(bytes[..<index])).hasPrefix(#"{"id":null,"error":{"code":"bad_json""#))
      if request.contains("deterministic\":true") || request.contains("seed") {
        #expect(dialogue.ask(request) == expected)
      }
    }
    #expect(refused > 2 * bytes.count)
  }

  @Test("a driver asks and reads what a policy answers, single and batched, with and without estimates")
  func driver() throws {
    for features in [[], ["batch"], ["batch", "b64"], ["b64", "mask"]] {
      let dialogue = Dialogue(with: PolicyConversation(serving: Oracle(), serverName: "oracle"))
      var driver = DriverConversation()
      var hello = HelloRequest(client: "test")
      hello.features = features.compactMap(Feature.init(rawValue:))
      driver.composeHello(hello)
      let greeting = dialogue.reply(to: driver)
      _ = try greeting.withUnsafeBytes { try driver.readHello($0) }
      let count = features.contains("batch") ? 3 : 1
      let observations = ValueBatch(Oracle().observationSpace, count: count)
      for row in 0..<count { try [Float(row), 0.25].store(in: observations, row: row) }
      let masks = MaskBatch(Oracle().actionSpace, count: count)
      if features.contains("mask") { masks.numbers[0] = 0 }
      for withEstimates in [true, false] {
        let answers = ActionBatch(Oracle().actionSpace, count: count, withEstimates: withEstimates)
        driver.composeAct(observations, count: count, masks: masks, choice: .sampled(seed: 3))
        let reply = dialogue.reply(to: driver)
        let kind = try reply.withUnsafeBytes { try driver.readAct($0, into: answers, count: count) }
        #expect(kind == .reply(isLax: false))
        let actions = try (0..<count).map { try Int.load(from: answers.actions, row: $0) }
        #expect(actions == (features.contains("mask") ? [7] : Array([5, 6, 7][..<count])))
        #expect(answers.hasValues == withEstimates && answers.hasLogProbabilities == withEstimates)
        #expect(
          answers.values.map { Array($0.floats ?? .init(start: nil, count: 0)) } ?? []
            == (withEstimates ? (0..<count).map(Float.init) : []))
      }
    }
  }

  @Test(
    "a reply in an unusual spelling is read as one in the usual spelling is, and a wrong one is not",
    arguments: [
      (#"{"id":1,"action":6,"logp":-1.5,"value":2}"#, nil), (#"{"id":1,"action":6}"#, nil),
      (#"{"value":2,"policy_version":3,"action":6,"id":1,"logp":-1.5,"more":[]}"#, nil),
      (#"{"id":1,"logp":-1.5}"#, "the reply has no \"action\""), (#"{"id":2,"action":6}"#, "id 2 instead of 1"),
      (#"{"id":1,"action":[6]}"#, "\"action\" cannot be used"),
      (#"{"id":1,"action":6.5}"#, "\"action\" cannot be used"),
      (#"{"id":1,"action":6,"logp":"low"}"#, "\"logp\" cannot be used"),
      (#"{"id":1,"error":{"code":"bad_message","message":"no"}}"#, "refused the request"),
    ])
  func replies(reply: String, fault: String?) throws {
    let dialogue = Dialogue(with: PolicyConversation(serving: Oracle(), serverName: "oracle"))
    var driver = DriverConversation()
    driver.composeHello(HelloRequest(client: "test"))
    let greeting = dialogue.reply(to: driver)
    _ = try greeting.withUnsafeBytes { try driver.readHello($0) }
    let answers = ActionBatch(Oracle().actionSpace, count: 1, withEstimates: true)
    driver.composeAct(ValueBatch(Oracle().observationSpace, count: 1), count: 1, masks: nil, choice: .greedy)
    do throws(ReplyError) {
      let bytes = Array(reply.utf8)
      let line = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
      defer { line.deallocate() }
      line.copyBytes(from: bytes)
      _ = try driver.readAct(UnsafeRawBufferPointer(line), into: answers, count: 1)
      #expect(fault == nil)
      #expect((try? Int.load(from: answers.actions, row: 0)) == 6)
      #expect(answers.hasValues == reply.contains("value") && answers.hasLogProbabilities == reply.contains("logp"))
    } catch {
      #expect(error.description.contains(fault ?? "nothing"), "\(error.description)")
    }
  }
}

extension Dialogue {
  /// The reply to what a driver has composed, without its line end.
  fileprivate func reply(to driver: borrowing DriverConversation) -> [UInt8] {
    Array(ask(bytes: Array(driver.line.dropLast())).utf8)
  }
}
