import JSONLines

/// Sections 6.4 and 11: the options of a reset.
enum OptionChecks {
  static let all = [
    Check("6.4", .core, "options do not outlast their reset") { examination in
      let given = examination.subject.options.resetOptions.map { [$0] } ?? []
      let tried = try given + examination.declaredOptions()
      guard !tried.isEmpty else {
        throw NotApplicable("no options to try were given (--options) or declared (11.6)")
      }
      try examination.establish(.episode)
      let conversation = try examination.greet()
      let plain = try examination.episode(conversation, #""seed":3"#, steps: 20)
      var makesDifference = false
      for options in tried {
        let special = try conversation.ask("reset", #""seed":3,"options":\#(options)"#)
        // What is declared may be refused for what stands beside it; what the user gives may not.
        guard special.code == nil else {
          guard !given.contains(options) else {
            throw special.departure(clause: "6.4", expected: "an episode with the options that --options gives")
          }
          continue
        }
        let steps = try examination.steps(conversation, after: special, 20)
        let again = try examination.episode(conversation, #""seed":3"#, steps: 20)
        try examination.require(again, equal: plain, "what the seed gave before the options", restingOn: .episode)
        makesDifference = makesDifference || steps.map(\.meaning) != plain.map(\.meaning)
      }
      guard makesDifference else { throw NotApplicable("the options \(tried) make no difference with seed 3") }
    },
    Check("11.1", .core, "\"NaN\" and {\"b64\":...} mean nothing within options") { examination in
      let (conversation, plain) = try examination.begin(seed: 3)
      let reply = try conversation.ask(
        "reset", #""seed":3,"options":{"y-a":"NaN","y-b":{"b64":"?"},"y-c":[{"b64":7}]}"#)
      try examination.require(reply, sameAs: plain, "the same as without them")
    },
    Check("11.3", .core, "options that nobody knows are ignored") { examination in
      let (conversation, plain) = try examination.begin(seed: 3)
      // Two seeds may give the same beginning, and six seldom do.
      for options in ["{}", #"{"x-nobody":1}"#, #"{"x-nobody":{"seed":4},"x-other":[1,null]}"#]
        + (4..<10).map({ #"{"x-nobody":1,"seed":\#($0)}"# })
      {
        let reply = try conversation.ask("reset", #""seed":3,"options":\#(options)"#)
        try examination.require(reply, sameAs: plain, "the same as without options")
      }
    },
  ]
}
