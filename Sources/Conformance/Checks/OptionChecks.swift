import JSONLines

/// Sections 6.4 and 11: the options of a reset.
enum OptionChecks {
  static let all = [
    Check("6.4", .core, "options do not outlast their reset") { examination in
      guard let options = examination.subject.options.resetOptions else {
        throw NotApplicable("no options to try were given (--options)")
      }
      try examination.establish(.beginning)
      let (conversation, plain) = try examination.begin(seed: 3)
      let special = try conversation.reset(#""seed":3,"options":\#(options)"#)
      let again = try conversation.reset(#""seed":3"#)
      try examination.require(again, sameAs: plain, "what the seed gave before the options")
      guard special.meaning != plain.meaning else {
        throw NotApplicable("the options \(options) make no difference with seed 3")
      }
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
