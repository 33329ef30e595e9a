import JSONLines

/// One request as a server reads it: who asks for what, and where each known member's value begins in the line.
///
/// The whole line is checked as JSON before anything is looked at, so a request is either read entirely or not at all.
struct Request {
  var operation: String
  var members: Members

  /// The members that some operation knows; a scanner stands at the value.
  struct Members {
    /// Bytes of the whole line: no value in it has more elements.
    let lineLength: Int
    var versions, client, features, want, maximumLine: JSONScanner?
    var seed, environments, options, action: JSONScanner?
    var environment, size, state: JSONScanner?
    var observation, mask, count, isDeterministic: JSONScanner?
    var session, reward, isTerminated, isTruncated: JSONScanner?
    var settings, steps, furtherSteps, policyVersion, policy, streams, update, round: JSONScanner?
  }

  /// Reads the envelope of a line.
  ///
  /// - Parameter id: receives the id as soon as the line is known to be JSON, for the reply that refuses it.
  /// - Throws: `bad_json` if it is not a JSON object, `bad_message` if `id` or `op` is missing or of the wrong type.
  static func read(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Request {
    guard line.first == UInt8(ascii: "{") else { throw ErrorReply(.badJSON, "the line does not begin with {") }
    var found: Int64?
    var operation: String?
    var members = Members(lineLength: line.count)
    do throws(JSONError) {
      var scanner = JSONScanner(line, maximumDepth: ProtocolConstants.maximumDepth)
      try scanner.enterObject()
      while let name = try scanner.nextName() {
        switch name {
        case "id": found = try scanner.readIdentifier()
        case "op": operation = try scanner.readStringOrSkip()
        default:
          members.keep(name, at: scanner)
          try scanner.skipValue()
        }
      }
      try scanner.finish()
    } catch {
      throw ErrorReply(.badJSON, "the line is not one JSON object: \(error.description.trimmedFullStop)")
    }
    id = found
    guard found != nil else {
      throw ErrorReply(.badMessage, "a request needs \"id\", an integer from 0 to \(ProtocolConstants.greatestInteger)")
    }
    guard let operation else { throw ErrorReply(.badMessage, "a request needs \"op\", a string") }
    return Request(operation: operation, members: members)
  }
}

extension Request.Members {
  /// Remembers where the value of a member begins; `action` is asked for first, being in nearly every request.
  fileprivate mutating func keep(_ name: JSONName, at value: JSONScanner) {
    switch name {
    case "action": action = value
    case "obs": observation = value
    case "session": session = value
    case "reward": reward = value
    case "deterministic": isDeterministic = value
    case "n": count = value
    case "action_mask": mask = value
    case "terminated": isTerminated = value
    case "truncated": isTruncated = value
    case "seed": seed = value
    case "options": options = value
    case "envs": environments = value
    case "env": environment = value
    case "size": size = value
    case "state": state = value
    case "versions": versions = value
    case "client": client = value
    case "features": features = value
    case "want": want = value
    case "max_line": maximumLine = value
    case "steps": steps = value
    case "further": furtherSteps = value
    case "policy_version": policyVersion = value
    case "policy": policy = value
    case "streams": streams = value
    case "settings": settings = value
    case "update": update = value
    case "round": round = value
    default: break
    }
  }
}

extension JSONScanner {
  /// The bytes of the value at the position, as they stand in the line; nil if there is none.
  var valueBytes: UnsafeRawBufferPointer? {
    var end = self
    do throws(JSONError) { try end.skipValue() } catch { return nil }
    return bytes(upTo: end)
  }

  /// Reads an id; nil, having skipped the value, if it is anything but an integer from 0 to 2^53 - 1.
  mutating func readIdentifier() throws(JSONError) -> Int64? {
    let start = self
    if try peek() == .number, let value = try? readInteger(), value >= 0,
      value <= ProtocolConstants.greatestInteger
    {
      return value
    }
    self = start
    try skipValue()
    return nil
  }

  /// Reads a string; nil, having skipped the value, if it is anything else.
  mutating func readStringOrSkip() throws(JSONError) -> String? {
    if try peek() == .string { return try readString() }
    try skipValue()
    return nil
  }
}
