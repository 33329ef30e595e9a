import Environments
import Gymwire
import JSONLines
import Testing

@Suite("A policy that is replaced")
struct ReloadTests {
  private static let act = #"{"id":1,"op":"act","deterministic":true,"obs":[1,2]}"#
  private static let reload = #"{"id":2,"op":"reload"}"#

  @Test("SPEC 16.10: a reload puts what is new into force, and raises the version only then")
  func updated() throws {
    var waiting: [any Policy] = []
    let dialogue = Dialogue.policy(reload: { waiting.popLast() })
    #expect(dialogue.ask(Self.reload) == #"{"id":2,"updated":false,"policy_version":1}"#)
    waiting.append(Oracle(observations: .box(Box(shape: [2], low: .same(-1), high: .same(1))), offset: 10))
    #expect(try dialogue.reply(Self.act)["value"] == .integer(1), "nothing changes before")
    #expect(dialogue.ask(Self.reload) == #"{"id":2,"updated":true,"policy_version":2}"#)
    let reply = try dialogue.reply(Self.act)
    #expect(reply["value"] == .integer(11) && reply["policy_version"] == .integer(2))
    #expect(dialogue.ask(Self.reload) == #"{"id":2,"updated":false,"policy_version":2}"#)
  }

  @Test("SPEC 16.11: what cannot be used, or is for other spaces, is refused, and the policy stays as it was")
  func refused() throws {
    let unusable: [(PolicyConversation.Reloading, String)] = [
      ({ throw EnvironmentError.failed("the file was cut off") }, "2 internal"),
      ({ Oracle(actions: .discrete(Discrete(3))) }, "2 unsupported_space"),
      ({ Oracle(observations: .discrete(Discrete(3))) }, "2 unsupported_space"),
    ]
    for (reload, refusal) in unusable {
      let dialogue = Dialogue.policy(reload: reload)
      #expect(try dialogue.refusal(Self.reload) == refusal)
      let reply = try dialogue.reply(Self.act)
      #expect(reply["value"] == .integer(1) && reply["policy_version"] == .integer(1))
    }
  }
}
