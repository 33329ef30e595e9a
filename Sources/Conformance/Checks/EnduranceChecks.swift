import JSONLines

/// What a server must outlast.
enum EnduranceChecks {
  static let all = [
    Check("7.10", .core, "hostile lines are answered, each once, and the next request is served") { examination in
      let (conversation, _) = try examination.begin()
      for line in hostileLines {
        try conversation.send(line)
        _ = try conversation.receiveAnyReply()
      }
      try conversation.expectQuiet()
      try conversation.reset()
      try conversation.step(examination.firstAction)
    },
    Check("6.12", .core, "the memory does not grow with the number of steps") { examination in
      let (conversation, _) = try examination.begin()
      let steps = examination.subject.options.leakSteps
      var actions = examination.actions()
      func play(_ count: Int) throws -> Int {
        for _ in 0..<count where try conversation.step(actions.next()).isEnd { try conversation.reset() }
        guard let memory = ProcessMemory.resident(conversation.peer.process.processIdentifier) else {
          throw NotApplicable("this system does not tell how much memory a process has")
        }
        return memory
      }
      // Memory managers take their time to find their size, so that growth counts only if it does not slow down.
      let start = try play(steps / 10)
      let middle = try play(steps)
      guard middle - start > tolerableGrowth else { return }
      let end = try play(steps)
      guard end - middle > max(tolerableGrowth, (middle - start) / 2) else { return }
      throw conversation.departure(
        expected: "memory that stays within \(tolerableGrowth >> 20) MiB over \(steps) steps",
        came: "it grew by \((middle - start) >> 20) MiB, and by \((end - middle) >> 20) MiB in the next \(steps)")
    },
  ]

  private static let tolerableGrowth = 8 << 20

  private static let hostileLines = [
    "{", "}", "{}", "[]", "{\"id\":", #"{"id":1e999,"op":"step"}"#, #"{"id":-0,"op":"nothing"}"#,
    #"{"id":123456789012345678901234567890,"op":"reset"}"#, #"{"id":1,"op":"\u0000"}"#, #"{"id":1,"op":{}}"#,
    #"{"id":{},"op":[]}"#, #"{"id":1,"op":"step","action":{"b64":7}}"#, #"{"id":1,"op":"step","action":[[[[[[]]]]]]}"#,
    #"{"id":1,"op":"step","action":1e400}"#, #"{"id":1,"op":"step","action":-1e400}"#,
    #"{"id":1,"op":"step","action":"\ud83d\ude00"}"#, #"{"id":1,"op":"reset","seed":1e400}"#,
    #"{"id":1,"op":"reset","seed":{"seed":1}}"#, #"{"id":1,"op":"hello","versions":{}}"#,
    #"{"id":1,"op":"hello","versions":[1],"features":{"batch":true}}"#, "GET / HTTP/1.1", "\u{FEFF}{}", "%s%s%n",
    "; ls",
    "$(id)", "{\"id\":1,\"op\":\"" + String(repeating: "a", count: 10_000) + "\"}",
    "{\"id\":" + String(repeating: "9", count: 10_000) + ",\"op\":\"reset\"}",
    "{\"id\":1,\"op\":\"step\",\"action\":[" + String(repeating: "0,", count: 10_000) + "0]}",
  ]
}
