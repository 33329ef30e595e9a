import Environments
import Gymwire
import JSONLines

/// Section 4: what requests and replies look like.
enum MessageChecks {
  static let all = [
    Check("4.2", .core, "ids are copied: 0, 2^53-1, and ids that do not increase") { examination in
      let conversation = try examination.greet()
      conversation.clauseOfWrongIdentifier = "4.2"
      for id in [9_007_199_254_740_991, 0, 5, 5, 4_294_967_296] as [Int64] {
        _ = try conversation.say(
          examination.probe.line(id), id: .integer(id), operation: examination.probe.operation)
      }
      try examination.forgivingMinimal("ids that are written as fractions") {
        let line = examination.probe.line(8).replacing("\"id\":8,", with: "\"id\":8.0,")
        let reply = try conversation.say(line, id: .number(8), operation: examination.probe.operation)
        guard reply.code == nil else { throw reply.departure(clause: "4.2", expected: "the id 8, as 8.0 is 8") }
      }
    },
    Check("4.3", .core, "a reply has the id of its request, and no op") { examination in
      let conversation = try examination.greet()
      for _ in 0..<2 { try examination.carryOn(conversation) }
    },
    Check("4.4", .core, "a line without a usable id is answered with a null id and an error") { examination in
      let conversation = try examination.greet()
      conversation.clauseOfAbsentIdentifier = "4.4"
      for line in ["oops", #"{"op":"reset"}"#, #"{"id":null,"op":"reset"}"#] {
        let reply = try conversation.say(line, id: .null)
        guard reply.code != nil else { throw reply.departure(clause: "4.4", expected: "an error") }
      }
    },
    Check("4.5", .core, "members in any order, white space and escapes are read") { examination in
      try examination.forgivingMinimal("members in another order than a driver's") {
        for index in examination.probe.strangeLines(0).indices {
          try examination.expectSameAnswer { examination.probe.strangeLines($0)[index] + "\n" }
        }
      }
    },
    Check("4.6", .core, "unknown members are ignored") { examination in
      let conversation = try examination.start()
      let hello = try conversation.ask(
        "hello", examination.hello(versions: "[1]", #""x-a":{"op":"close"},"future":[1,{"id":3}]"#))
      guard hello.code == nil else { throw hello.departure(clause: "4.6", expected: "a hello that succeeds") }
      let probe = examination.probe
      let plain = try examination.carryOn(conversation)
      let strange = try conversation.ask(probe.operation, probe.members + #","x-a":null,"future":{"seed":8}"#)
      try examination.require(strange, sameAs: plain, "the same as without them", restingOn: probe.repetition)
      guard examination.facts.role == "env" else { return }
      if try conversation.step(examination.firstAction).isEnd { try conversation.reset() }
      let step = try conversation.ask("step", #""x-a":"step","future":true,"action":"# + examination.firstAction)
      guard step.code == nil else { throw step.departure(clause: "4.6", expected: "a step that succeeds") }
    },
    Check("4.7", .core, "null stands for an optional member that is absent, and not for versions") { examination in
      let conversation = try examination.start()
      try conversation.expectRefusal(.badMessage, "hello", #""versions":null"#)
      let nulls = #""max_line":null,"client":null,"features":null"#
      let isWanting = examination.facts.want.isEmpty
      let hello = try conversation.ask(
        "hello", examination.hello(versions: "[1]", nulls + (isWanting ? #","want":null"# : "")))
      guard hello.code == nil else { throw hello.departure(clause: "4.7", expected: "a hello that succeeds") }
      let isEnvironment = examination.facts.role == "env"
      let (operation, members) =
        isEnvironment
        // The first has a seed, so that what was said can be said again.
        ? ("reset", [#""seed":1,"options":null"#, #""seed":null,"options":null"#])
        : (
          "act",
          ["seed", "deterministic", "n", "action_mask"].map { "\"\($0)\":null,\"obs\":\(examination.firstObservation)" }
        )
      let features: [Feature] = [.batch, .mask].filter(examination.facts.features.contains)
      let featured = isEnvironment || features.isEmpty ? conversation : try examination.greet(features: features)
      for members in members {
        for conversation in [conversation, featured] {
          let reply = try conversation.ask(operation, members)
          guard reply.code == nil else { throw reply.departure(clause: "4.7", expected: "what comes without the null") }
          guard !isEnvironment, let list = reply.value["action"]?.elements else { continue }
          let space = examination.facts.actionSpace
          guard space.flat?.shape.isEmpty != true || list.isEmpty else {
            throw reply.departure(clause: "4.7", expected: "a single action, as without the null")
          }
        }
      }
    },
  ]
}
