import Gymwire
import JSONLines

/// Section 2: how bytes become lines, of servers of every role.
enum LineChecks {
  static let all = [
    Check("2.2", .core, "U+2028, U+2029 and U+0085 within a string do not end a line") { examination in
      try examination.expectSameAnswer {
        examination.probe.line($0, "\"x-note\":\"a\u{2028}b\u{2029}c\u{85}d\"") + "\n"
      }
    },
    Check("2.3", .core, "lines may end with CR LF") { examination in
      try examination.expectSameAnswer { examination.probe.line($0) + "\r\n" }
      // Whoever answers a blank line without a carriage return breaks another clause.
      for (line, clause) in [("\n", "2.4"), ("\r\n", "2.3")] {
        let conversation = try examination.greet()
        try conversation.write(Array(line.utf8))
        do { try conversation.expectQuiet() } catch let departure as Departure { throw departure.naming(clause) }
      }
    },
    Check("2.4", .core, "blank lines get no reply") { examination in
      let conversation = try examination.start()
      try conversation.write(Array("\n \t \n\n".utf8))
      let hello = try conversation.ask("hello", examination.plainHello)
      guard hello.code == nil else { throw hello.departure(clause: "2.4", expected: "the reply to hello alone") }
      try conversation.write(Array("\n\n".utf8))
      try conversation.expectQuiet()
      try examination.carryOn(conversation)
    },
    Check("2.5", .core, "a last request without a newline is answered, half of one is not") { examination in
      let whole = try examination.greet()
      try whole.write(Array(examination.probe.line(7).utf8))
      whole.closeInput()
      _ = try whole.receive(id: .integer(7), operation: examination.probe.operation)
      let half = try examination.greet()
      try examination.carryOn(half)
      try half.write(Array(examination.probe.line(7).utf8.dropLast(2)))
      half.closeInput()
      try examination.forgivingMinimal("a request that is cut off by the end of input") {
        try half.expectNothingMore(orDepartureFrom: "6.11")
      }
    },
    Check("2.8", .core, "broken UTF-8 and half a surrogate pair are bad_json") { examination in
      let conversation = try examination.greet()
      try examination.forgivingMinimal("looking at the bytes of strings") {
        let probe = examination.probe
        try conversation.expectRefusal(.badJSON, of: probe.line(1, #""x":"\ud800""#))
        let broken = Array(probe.line(1, #""x":""#).utf8.dropLast()) + [0xC3, 0x28, 0xFF] + Array("\"}\n".utf8)
        try conversation.write(broken)
        try conversation.expectRefusal(.badJSON, id: .null)
      }
      try examination.carryOn(conversation)
    },
    Check("2.9", .core, "nesting of 100,000 is survived") { examination in
      let longest = examination.facts.statedMaximumLine ?? 67_108_864
      for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[", "")] {
        let depth = min(100_000, (longest - 100) / (open + close).utf8.count)
        let conversation = try examination.greet()
        try conversation.write(Array(examination.probe.line(7, #""options":"#).utf8.dropLast()))
        try conversation.write(Array(open.utf8), times: depth)
        try conversation.write(Array("1".utf8))
        try conversation.write(Array(close.utf8), times: close.isEmpty ? 0 : depth)
        try conversation.write(Array("}\n".utf8))
        _ = try conversation.receiveAnyReply()
        try examination.carryOn(conversation)
      }
    },
    Check("2.11", .core, "a line above max_line is skipped, and the next one is read") { examination in
      let longest = try examination.longestLine()
      let conversation = try examination.greet()
      let (head, tail) = (String(examination.probe.line(7, #""x":""#).dropLast()), "\"}")
      for surplus in [0, 1] {
        try conversation.write(Array(head.utf8))
        try conversation.write([UInt8(ascii: "x")], times: longest + surplus - head.utf8.count - tail.utf8.count)
        try conversation.write(Array((tail + "\n").utf8))
        let reply = try conversation.receive(
          id: surplus == 0 ? .integer(7) : .null, operation: examination.probe.operation)
        guard (reply.code == nil) == (surplus == 0) else {
          throw reply.departure(
            clause: "2.11",
            expected: surplus == 0 ? "an answer to a line of exactly \(longest) bytes" : "an error with the id null")
        }
      }
      let next = try conversation.ask(examination.probe.operation, examination.probe.members)
      guard next.code == nil else { throw next.departure(clause: "2.11", expected: "the reply to the next line") }
    },
    Check("7.3.2", .core, "a line that is too long is too_large, whatever is in it") { examination in
      let longest = try examination.longestLine()
      let conversation = try examination.greet()
      try conversation.write([UInt8(ascii: "x")], times: longest + 100_000)
      try conversation.write([0x0A])
      try conversation.expectRefusal(.tooLarge, id: .null)
      conversation.closeInput()
    },
  ]
}

extension Examination {
  /// The longest line that the server reads; ends the check where that is not stated and need not be.
  fileprivate func longestLine() throws -> Int {
    guard facts.statedMaximumLine != nil || !facts.isMinimal else {
      throw NotApplicable("the server states no max_line, and section 1 does not ask for a limit")
    }
    let longest = facts.statedMaximumLine ?? ProtocolConstants.defaultMaximumLine
    guard longest <= 1 << 28 else { throw NotApplicable("a line of \(longest) bytes is too long to try") }
    return longest
  }
}
