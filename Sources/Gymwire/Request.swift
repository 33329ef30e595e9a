import JSONLines

/// One request as a server reads it: who asks for what, and where each known member's value begins in the line.
///
/// The whole line is checked as JSON before anything is looked at, so a request is either read entirely or not at all.
struct Request {
  var id: Int64?
  var operation: String
  var members = Members()

  /// The members that some operation knows; a scanner stands at the value.
  struct Members {
    var versions, features, want, maximumLine: JSONScanner?
    var seed, environments, options, action: JSONScanner?
  }

  /// Reads the envelope of a line.
  ///
  /// - Throws: `bad_json` if it is not a JSON object, `bad_message` if `id` or `op` is missing or of the wrong type.
  static func read(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Request {
    var scanner = JSONScanner(line, maximumDepth: ProtocolConstants.maximumDepth)
    var request = Request(id: nil, operation: "")
    var operation: String?
    var wrongType: String?
    do throws(JSONError) {
      guard line.first == UInt8(ascii: "{") else {
        throw JSONError(.expectedValue, offset: 0)
      }
      try scanner.enterObject()
      while let name = try scanner.nextName() {
        if name == "id" {
          request.id = try scanner.readIdentifier()
          if request.id == nil { wrongType = "\"id\" has to be an integer from 0 to 2^53 - 1" }
        } else if name == "op" {
          guard try scanner.peek() == .string else {
            wrongType = "\"op\" has to be a string"
            try scanner.skipValue()
            continue
          }
          operation = try scanner.readString()
        } else {
          request.members.keep(name, at: scanner)
          try scanner.skipValue()
        }
      }
      try scanner.finish()
    } catch {
      throw ErrorReply(.badJSON, "the line is not one JSON object: \(error)")
    }
    id = request.id
    if let wrongType { throw ErrorReply(.badMessage, wrongType) }
    guard request.id != nil else { throw ErrorReply(.badMessage, "the request has no \"id\"") }
    guard let operation else { throw ErrorReply(.badMessage, "the request has no \"op\"") }
    request.operation = operation
    return request
  }
}

extension Request.Members {
  /// Remembers where the value of a member begins; `action` is asked for first, being in nearly every request.
  fileprivate mutating func keep(_ name: JSONName, at value: JSONScanner) {
    if name == "action" {
      action = value
    } else if name == "seed" {
      seed = value
    } else if name == "options" {
      options = value
    } else if name == "envs" {
      environments = value
    } else if name == "versions" {
      versions = value
    } else if name == "features" {
      features = value
    } else if name == "want" {
      want = value
    } else if name == "max_line" {
      maximumLine = value
    }
  }
}

extension JSONScanner {
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
}
