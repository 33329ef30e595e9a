import Environments
import Gymwire
import JSONLines
import Testing

/// Three heaps of two stones; an action takes one of a heap, and an empty heap can be taken from no more.
private struct Heaps: Environment {
  typealias Observation = [Float]

  var stones: [Float] = [0, 0, 0]
  let spec = EnvironmentSpec(id: "Heaps")
  let observationSpace = Space.box(Box(shape: [3], low: .same(0), high: .same(2)))
  let actionSpace = Space.discrete(Discrete(3, start: 5))

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] {
    stones = [2, Float((seed ?? 1) % 2), 1]
    return stones
  }

  mutating func step(_ action: Int) -> Transition<[Float]> {
    stones[action - 5] = max(0, stones[action - 5] - 1)
    return Transition(stones, reward: 1, isTerminated: stones == [0, 0, 0])
  }

  static var offersMasks: Bool { true }

  func writeMask(to mask: ActionMask) {
    for heap in 0..<mask.count where stones[heap] == 0 { mask[heap] = false }
  }
}

@Suite("Masks of environments that are served")
struct ServedMaskTests {
  @Test("SPEC 14.1: each reply has the mask of its observation, also where the environment is wrapped")
  func single() {
    let dialogue = Dialogue(features: [.mask]) { TimeLimit(Heaps(), steps: 9) }
    dialogue.greet(["mask"])
    #expect(dialogue.ask(#"{"id":1,"op":"reset","seed":0}"#) == #"{"id":1,"obs":[2,0,1],"action_mask":[1,0,1]}"#)
    let flags = #""terminated":false,"truncated":false"#
    #expect(
      dialogue.ask(#"{"id":2,"op":"step","action":7}"#)
        == #"{"id":2,"obs":[2,0,0],"reward":1,\#(flags),"action_mask":[1,0,0]}"#)
    #expect(dialogue.code(#"{"id":3,"op":"step","action":5}"#) == nil)
    #expect(
      dialogue.ask(#"{"id":4,"op":"step","action":5}"#)
        == #"{"id":4,"obs":[0,0,0],"reward":1,"terminated":true,"truncated":false,"action_mask":[0,0,0]}"#)
  }

  @Test("SPEC 14.5: a masked-out action is answered")
  func forbiddenAction() {
    let dialogue = Dialogue(features: [.mask]) { Heaps() }
    dialogue.greet(["mask"])
    #expect(dialogue.code(#"{"id":1,"op":"reset","seed":0}"#) == nil)
    #expect(dialogue.code(#"{"id":2,"op":"step","action":6}"#) == nil)
  }

  @Test("SPEC 14.3, 12.5: batched masks are those of the observations beside them, also of new episodes")
  func batched() {
    let dialogue = Dialogue(features: [.mask, .batch, .b64]) { Heaps() }
    dialogue.greet(["mask", "batch"], want: 2)
    #expect(
      dialogue.ask(#"{"id":1,"op":"reset","seed":0}"#)
        == #"{"id":1,"obs":[2,0,1,2,1,1],"action_mask":[1,0,1,1,1,1]}"#)
    for action in ["[7,7]", "[5,6]"] { #expect(dialogue.code(#"{"id":2,"op":"step","action":\#(action)}"#) == nil) }
    let end = #"{"env":0,"terminated":true,"truncated":false,"final_obs":[0,0,0]}"#
    #expect(
      dialogue.ask(#"{"id":3,"op":"step","action":[5,5]}"#)
        == #"{"id":3,"obs":[2,1,1,1,0,0],"reward":[1,1],"ended":[\#(end)],"action_mask":[1,1,1,1,0,0]}"#)
    #expect(
      dialogue.ask(#"{"id":4,"op":"reset","envs":[1],"seed":[4]}"#)
        == #"{"id":4,"obs":[2,0,1],"action_mask":[1,0,1]}"#)
    #expect(
      dialogue.ask(#"{"id":5,"op":"reset","envs":[1,0],"seed":[4,5]}"#)
        == #"{"id":5,"obs":[2,0,1,2,1,1],"action_mask":[1,0,1,1,1,1]}"#)
  }

  @Test("SPEC 5.5: mask is granted to environments that have masks, render to those that show something")
  func granted() throws {
    func granted(_ dialogue: Dialogue) throws -> String {
      let reply = try dialogue.reply(
        #"{"id":0,"op":"hello","versions":[1],"features":["render","mask","b64","batch"]}"#)
      return reply["features"]?.text ?? ""
    }
    #expect(try granted(Dialogue(features: Feature.allCases) { Heaps() }) == #"["batch","b64","mask"]"#)
    let other = Dialogue(features: Feature.allCases) { Drift() }
    #expect(try granted(other) == #"["batch","b64"]"#)
    #expect(try other.refusal(#"{"id":1,"op":"render"}"#) == "1 unknown_op")
    #expect(try other.refusal(#"{"id":1,"op":"step","action":0}"#) == "1 needs_reset")
  }

  @Test("environments in this process tell their masks to a learner as served ones do")
  func local() throws {
    let vector = LocalVectorEnvironment(EnvironmentArray(count: 2) { Heaps() })
    try vector.reset(seed: 0, options: [:])
    #expect(Array(vector.outcome.masks.numbers) == [1, 0, 1, 1, 1, 1])
    let actions = ValueBatch(vector.actionSpace, count: 2)
    for row in 0..<2 { try 7.store(in: actions, row: row) }
    try vector.step(actions)
    #expect(Array(vector.outcome.masks.numbers) == [1, 0, 0, 1, 1, 0])
  }

  @Test("SPEC 7.3.4: each role performs its own operations, and no other", arguments: ServerRole.allCases)
  func operations(role: ServerRole) throws {
    let own: Set<Gymwire.Operation> =
      switch role {
      case .env: [.hello, .reset, .step, .close]
      case .policy: [.hello, .act, .reload, .close]
      case .learner: [.hello, .act, .begin, .end, .logAction, .abandon, .save, .close]
      case .worker: [.hello, .prepare, .reset, .collect, .gradient, .close]
      }
    for operation in Gymwire.Operation.allCases where operation != .hello {
      let conversation: ServerConversation =
        switch role {
        case .env: EnvironmentConversation(serving: EnvironmentArray { Heaps() }, serverName: "test")
        case .policy: PolicyConversation(serving: Oracle(), serverName: "test")
        case .learner:
          LearnerConversation(serverName: "test", ownSpaces: nil) { seen, done, _ in Apprentice(seen, done) }
        case .worker: WorkerConversation(serverName: "test") { _ in throw RolloutRefusal("there is none") }
        }
      let code = Dialogue(with: conversation).code(#"{"id":1,"op":"\#(operation.rawValue)"}"#)
      #expect((code == "unknown_op") != own.contains(operation), "\(operation): \(code ?? "answered")")
    }
  }
}
