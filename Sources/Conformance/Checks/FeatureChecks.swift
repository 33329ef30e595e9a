import JSONLines

/// Section 5: features.
enum FeatureChecks {
  static let all = [
    Check("5.5", .core, "unknown features are ignored, and nothing is on that was not asked for") { examination in
      for asked in [[], ["x-none", "teleport"], ["teleport", "b64"], ["mask", "x-none"]] {
        let conversation = try examination.start()
        let list = "[" + asked.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        let reply = try conversation.ask("hello", examination.hello(versions: "[1]", #""features":\#(list)"#))
        let known: Set = ["b64", "mask"]
        let granted = (reply.value["features"]?.elements ?? []).map(\.word)
        guard reply.code == nil, granted.allSatisfy({ asked.contains($0) && known.contains($0) }) else {
          throw reply.departure(clause: "5.5", expected: "only features out of \(list) that this protocol knows")
        }
      }
    },
    Check("5.8", .core, "ops of features that are off are unknown_op, and their members are ignored") { examination in
      let conversation = try examination.greet()
      let plain = try examination.carryOn(conversation)
      try conversation.expectRefusal(.unknownOperation, "render")
      try conversation.expectRefusal(.unknownOperation, "render", #""env":0"#)
      let probe = examination.probe
      let members = probe.members
      let strange =
        examination.facts.role == "env"
        ? [members + #","envs":[5]"#] : [#""n":5,"# + members, #""n":0,"# + members, members + #","action_mask":[0]"#]
      for members in strange {
        let reply = try conversation.ask(probe.operation, members)
        try examination.require(reply, sameAs: plain, "the same as without that member", restingOn: probe.repetition)
      }
    },
  ]
}
