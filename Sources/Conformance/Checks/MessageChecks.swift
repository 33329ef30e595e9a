import JSONLines

/// Section 4: what requests and replies look like.
enum MessageChecks {
  static let all = [
    Check("4.2", .core, "ids are copied: 0, 2^53-1, and ids that do not increase") { examination in
      let conversation = try examination.greet()
      conversation.clauseOfWrongIdentifier = "4.2"
      for id in [9_007_199_254_740_991, 0, 5, 5, 4_294_967_296] as [Int64] {
        _ = try conversation.say(#"{"id":\#(id),"op":"reset","seed":1}"#, id: .integer(id), operation: "reset")
      }
    },
    Check("4.3", .core, "a reply has the id of its request, and no op") { examination in
      let (conversation, _) = try examination.begin()
      try conversation.step(examination.firstAction)
    },
    Check("4.4", .core, "a line without a usable id is answered with a null id and an error") { examination in
      let conversation = try examination.greet()
      for line in ["oops", #"{"op":"reset"}"#, #"{"id":null,"op":"reset"}"#] {
        let reply = try conversation.say(line, id: .null)
        guard reply.code != nil else { throw reply.departure(clause: "4.4", expected: "an error") }
      }
    },
    Check("4.5", .core, "members in any order, white space and escapes are read") { examination in
      try examination.forgivingMinimal("members in another order than a driver's") {
        for line in [
          #"{"seed":7,"op":"reset","id":ID}"#, #"{ "id" : ID , "op" : "reset", "seed" :  7 } "#,
          #"{"\u0069d":ID,"op":"r\u0065set","see\u0064":7}"#,
          #"{"options":{"seed":9,"id":3},"id":ID,"op":"reset","seed":7}"#,
        ] {
          try examination.expectSameReset { line.replacing("ID", with: "\($0)") + "\n" }
        }
      }
    },
    Check("4.6", .core, "unknown members are ignored") { examination in
      let conversation = try examination.start()
      let hello = try conversation.ask("hello", #""versions":[1],"x-a":{"op":"close"},"future":[1,{"id":3}]"#)
      guard hello.code == nil else { throw hello.departure(clause: "4.6", expected: "a hello that succeeds") }
      let plain = try conversation.reset(#""seed":7"#)
      let strange = try conversation.reset(#""seed":7,"x-a":null,"future":{"seed":8}"#)
      try examination.require(strange, sameAs: plain, "the same as without them")
      _ = try conversation.ask("step", #""x-a":"step","future":true,"action":"# + examination.firstAction)
    },
    Check("4.7", .core, "null stands for an optional member that is absent, and not for versions") { examination in
      let conversation = try examination.start()
      try conversation.expectRefusal(.badMessage, "hello", #""versions":null"#)
      let hello = try conversation.ask(
        "hello", #""versions":[1],"max_line":null,"client":null,"features":null,"want":null"#)
      guard hello.code == nil else { throw hello.departure(clause: "4.7", expected: "a hello that succeeds") }
      try conversation.reset()
      let reset = try conversation.ask("reset", #""seed":null,"options":null"#)
      guard reset.code == nil else { throw reset.departure(clause: "4.7", expected: "a reset that succeeds") }
    },
  ]
}
