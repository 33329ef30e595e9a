import JSONLines

/// Lines that a server of any role must outlast.
enum HostileChecks {
  static let all = [
    Check("7.10", .core, "hostile lines are answered, each once, and the next request is served") { examination in
      let conversation = try examination.greet()
      try examination.carryOn(conversation)
      for line in lines {
        try conversation.send(line)
        _ = try conversation.receiveAnyReply()
      }
      try conversation.expectQuiet()
      try examination.carryOn(conversation)
    }
  ]

  private static let lines = [
    "{", "}", "{}", "[]", "{\"id\":", #"{"id":1e999,"op":"step"}"#, #"{"id":-0,"op":"nothing"}"#,
    #"{"id":123456789012345678901234567890,"op":"reset"}"#, #"{"id":1,"op":"\u0000"}"#, #"{"id":1,"op":{}}"#,
    #"{"id":{},"op":[]}"#, #"{"id":1,"op":"step","action":{"b64":7}}"#, #"{"id":1,"op":"step","action":[[[[[[]]]]]]}"#,
    #"{"id":1,"op":"step","action":1e400}"#, #"{"id":1,"op":"step","action":-1e400}"#,
    #"{"id":1,"op":"act","obs":[[[[[[]]]]]]}"#, #"{"id":1,"op":"act","n":1e300,"obs":[]}"#,
    #"{"id":1,"op":"step","action":"\ud83d\ude00"}"#, #"{"id":1,"op":"reset","seed":1e400}"#,
    #"{"id":1,"op":"reset","seed":{"seed":1}}"#, #"{"id":1,"op":"hello","versions":{}}"#,
    #"{"id":1,"op":"hello","versions":[1],"features":{"batch":true}}"#, "GET / HTTP/1.1", "\u{FEFF}{}", "%s%s%n",
    "; ls",
    "$(id)", "{\"id\":1,\"op\":\"" + String(repeating: "a", count: 10_000) + "\"}",
    "{\"id\":" + String(repeating: "9", count: 10_000) + ",\"op\":\"reset\"}",
    "{\"id\":1,\"op\":\"step\",\"action\":[" + String(repeating: "0,", count: 10_000) + "0]}",
  ]
}
