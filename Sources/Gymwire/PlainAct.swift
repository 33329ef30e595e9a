import Environments
import JSONLines

/// Acts and their replies in the one spelling that drivers use, like ``PlainStep``.
enum PlainAct {
  /// Reads a request without masks, and its observations into `rows`; nil for every other line, faulty ones included.
  static func readRequest(
    _ line: UnsafeRawBufferPointer, into rows: ActRows, as form: ValueForm
  ) -> (id: Int64, request: ActRequest)? {
    var scanner = JSONScanner(line)
    var request = ActRequest(choice: .sampled(seed: nil))
    guard scanner.skip(verbatim: "{\"id\":"), let id = scanner.plainInteger(), id >= 0,
      id <= ProtocolConstants.greatestInteger, scanner.skip(verbatim: ",\"op\":\"act\",")
    else { return nil }
    if form.isBatched, scanner.skip(verbatim: "\"n\":") {
      guard let count = scanner.plainInteger(), count >= 1, scanner.skip(verbatim: ",") else { return nil }
      request.count = Int(count)
    }
    if scanner.skip(verbatim: "\"deterministic\":") {
      guard let isDeterministic = scanner.plainFlag(), scanner.skip(verbatim: ",") else { return nil }
      if isDeterministic { request.choice = .greedy }
    }
    let count = request.count ?? 1
    if scanner.skip(verbatim: "\"seed\":") {
      guard let seed = scanner.plainInteger(), seed >= 0, seed <= ProtocolConstants.greatestInteger - Int64(count - 1),
        scanner.skip(verbatim: ",")
      else { return nil }
      if request.choice != .greedy { request.choice = .sampled(seed: UInt64(seed)) }
    }
    var form = form
    form.isBatched = request.count != nil
    guard rows.reserve(count, lineLength: line.count), scanner.skip(verbatim: "\"obs\":"),
      scanner.readPlain(rows.observations, rows: 0..<count, as: form), scanner.skip(verbatim: "}"), scanner.isAtEnd
    else { return nil }
    return (id, request)
  }

  /// Reads the reply to request `id` into the first `count` rows of `answers`; false if it is anything but a plain reply.
  static func readReply(
    _ line: UnsafeRawBufferPointer, expecting id: Int64, into answers: ActionBatch, count: Int, as form: ValueForm
  ) -> Bool {
    answers.hasLogProbabilities = false
    answers.hasValues = false
    var scanner = JSONScanner(line)
    guard scanner.skip(verbatim: "{\"id\":"), scanner.plainInteger() == id, scanner.skip(verbatim: ",\"action\":"),
      scanner.readPlain(answers.actions, rows: 0..<count, as: form)
    else { return false }
    if scanner.skip(verbatim: ",\"logp\":") {
      guard scanner.readPlain(answers.logProbabilities, count: count, as: form) else { return false }
      answers.hasLogProbabilities = answers.logProbabilities != nil
    }
    if scanner.skip(verbatim: ",\"value\":") {
      guard scanner.readPlain(answers.values, count: count, as: form) else { return false }
      answers.hasValues = answers.values != nil
    }
    if scanner.skip(verbatim: ",\"policy_version\":"), scanner.plainInteger() == nil { return false }
    return scanner.skip(verbatim: "}") && scanner.isAtEnd
  }
}

extension JSONScanner {
  /// Reads estimates, or steps over them where there is no room.
  fileprivate mutating func readPlain(_ numbers: FlatArray?, count: Int, as form: ValueForm) -> Bool {
    do throws(ValueError) {
      if let numbers {
        try numbers.read(0..<count, isScalar: !form.isBatched, from: &self, as: form)
      } else {
        try skip()
      }
    } catch { return false }
    return true
  }
}
