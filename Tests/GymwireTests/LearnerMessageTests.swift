import Environments
import Gymwire
import Testing

@Suite("A driver and a learner of ours in conversation")
final class LearnerMessageTests {
  private let apprentice = Apprentice()
  private let server: LearnerConversation
  private var driver = DriverConversation()
  private let observations = ValueBatch(Apprentice.observations, count: 1)
  private let answers = ActionBatch(Apprentice.actions, count: 1, withEstimates: true)

  init() throws {
    let apprentice = apprentice
    server = LearnerConversation(serverName: "test", ownSpaces: (Apprentice.observations, Apprentice.actions)) {
      _, _, _ in
      apprentice
    }
    driver.composeHello(HelloRequest(client: "test"))
    #expect(try driver.readHello(server.answer(driver.line)) == .reply(isLax: false))
    try ([0.5, 1] as [Float]).store(in: observations, row: 0)
  }

  @Test("SPEC 17.3, 17.4: what the driver writes about a session is what the learner hears, and back")
  func session() throws {
    driver.composeBegin("é1")
    #expect(try driver.readEmpty(server.answer(driver.line)) == .reply(isLax: false))
    driver.composeAct(observations, in: "é1", reward: nil, choice: .sampled(seed: 3))
    #expect(try driver.readSessionAct(server.answer(driver.line), into: answers) == .reply(isLax: false))
    #expect(try Int.load(from: answers.actions, row: 0) == 5)
    #expect(answers.logProbabilities?.floats?[0] == -0.5 && answers.values?.floats?[0] == 2)
    try 7.store(in: answers.actions, row: 0)
    driver.composeLogAction(answers.actions, on: observations, in: "é1", reward: -1.5)
    #expect(try driver.readLogAction(server.answer(driver.line), into: answers) == .reply(isLax: false))
    #expect(answers.hasLogProbabilities && answers.hasValues)
    driver.composeEnd(observations, of: "é1", reward: 0.25, isTerminated: false, isTruncated: true)
    var update = UpdateReply()
    #expect(try driver.readUpdate(server.answer(driver.line), into: &update) == .reply(isLax: false))
    #expect(!update.isUpdated && update.policyVersion == 7 && update.statistics == nil)
    #expect(
      apprentice.calls == [
        "begin 0", "act 0 [0.5, 1.0] - sampled(seed: Optional(3))", "log 0 [0.5, 1.0] -1.5 7",
        "end 0 [0.5, 1.0] 0.25 cut",
      ])
  }

  @Test("SPEC 17.7, 17.8, 17.11: abandon, an update with its figures, and save")
  func others() throws {
    for round in 0..<2 {
      driver.composeBegin("a")
      #expect(try driver.readEmpty(server.answer(driver.line)) == .reply(isLax: false))
      driver.composeEnd(observations, of: "a", reward: 0, isTerminated: true, isTruncated: true)
      var update = UpdateReply()
      #expect(try driver.readUpdate(server.answer(driver.line), into: &update) == .reply(isLax: false))
      #expect(update.isUpdated == (round == 1))
      #expect(update.statistics?.map(\.name) == (round == 1 ? ["mean_return"] : nil))
      #expect(update.policyVersion == 7 + round)
    }
    driver.composeBegin("b")
    #expect(try driver.readEmpty(server.answer(driver.line)) == .reply(isLax: false))
    driver.composeAbandon("b")
    #expect(try driver.readEmpty(server.answer(driver.line)) == .reply(isLax: false))
    driver.composeSave()
    var saved = SaveReply()
    #expect(try driver.readSave(server.answer(driver.line), into: &saved) == .reply(isLax: false))
    #expect(saved.path == "run/policy.json")
    driver.composeClose()
    #expect(try driver.readEmpty(server.answer(driver.line)) == .reply(isLax: false))
    #expect(apprentice.calls.suffix(3) == ["abandon 0", "save", "save"])
  }

  @Test("SPEC 3.7: replies that lack a member or have one of another type are named")
  func faults() throws {
    func refusal(_ reply: String) -> String {
      var update = UpdateReply()
      do throws(ReplyError) {
        _ = try Array(reply.utf8).withUnsafeBytes { line in
          Result { () throws(ReplyError) in try driver.readUpdate(line, into: &update) }
        }.get()
      } catch { return "\(error)" }
      return "accepted"
    }
    driver.composeReload()
    #expect(refusal(#"{"id":1,"updated":true}"#) == "the reply has no \"policy_version\"")
    #expect(refusal(#"{"id":1,"policy_version":3}"#) == "the reply has no \"updated\"")
    #expect(refusal(#"{"id":1,"updated":1,"policy_version":3}"#).contains("\"updated\" cannot be used"))
    #expect(refusal(#"{"id":1,"updated":true,"policy_version":3,"stats":[]}"#).contains("\"stats\" cannot be used"))
    #expect(refusal(#"{"policy_version":3,"x":[],"id":1,"stats":{"a":1,"b":null},"updated":false}"#) == "accepted")
  }
}
