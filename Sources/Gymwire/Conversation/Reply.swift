import JSONLines

/// The members of one kind of reply, read one by one as they come.
protocol ReplyBody {
  /// Reads the value of a member, which is not null; false, having read nothing, for a name that this reply does not know.
  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool
  /// The name of a required member that has not come.
  func missingMember() -> String?
  /// Whether a member `text` is this reply's own, besides that of a notification.
  static var hasText: Bool { get }
  /// What cannot be used in view of other members, when all of them have come.
  func fault() -> ReplyError?
}

extension ReplyBody {
  static var hasText: Bool { false }
  func fault() -> ReplyError? { nil }
}

/// Reads one line from a server into the body of the reply that is expected.
///
/// - Throws: ``ReplyError``; after anything but `refused` the two sides no longer agree, and the connection is useless.
func readServerLine<Body: ReplyBody>(
  _ line: UnsafeRawBufferPointer,
  expecting id: Int64,
  into body: inout Body
) throws(ReplyError) -> ServerLine {
  var scanner = JSONScanner(
    line,
    maximumDepth: ProtocolConstants.maximumDepth,
    toleratesNonFinite: true,
    toleratesNestedArrays: true
  )
  var envelope = ReplyEnvelope()
  do throws(JSONError) {
    try scanner.enterObject()
    while let name = try scanner.nextName() {
      // A member that is null is absent (protocol/SPEC.md 4.7); only an id may be null and mean something.
      if try scanner.peek() == .null, name != "id" {
        try scanner.readNull()
        continue
      }
      let value = scanner
      if try envelope.read(name, expecting: id, from: &scanner) {
        guard Body.hasText, name == "text" else { continue }
        scanner = value
      }
      do throws(ValueError) {
        if try body.read(name, from: &scanner) { continue }
      } catch {
        envelope.fault = envelope.fault ?? .invalid(member: name.string.abbreviated(), reason: error.description)
      }
      // A value that cannot be used may still be JSON; if it is not, that is the fault to tell.
      scanner = value
      try scanner.skipValue()
    }
    try scanner.finish()
  } catch {
    throw .malformed(error)
  }
  if let notification = try envelope.notification(expecting: id) { return .notification(notification) }
  if let missing = body.missingMember() { throw .missing(missing) }
  if let fault = body.fault() { throw fault }
  return .reply(isLax: scanner.sawNonFinite || scanner.sawNestedArray)
}

/// What every line from a server may have, whatever it answers.
private struct ReplyEnvelope {
  var identifier = Identifier.absent
  var refusal: ErrorReply?
  var operation: String?
  var text = ""
  /// The first member that cannot be used; it matters only if the line turns out to be the reply.
  var fault: ReplyError?

  enum Identifier {
    case absent
    case expected
    case null
    case other(String)
  }

  /// Reads the value of a member; false, having read nothing, for a name that belongs to the body.
  mutating func read(
    _ name: JSONName,
    expecting id: Int64,
    from scanner: inout JSONScanner
  ) throws(JSONError) -> Bool {
    switch name {
    case "id": identifier = try Identifier(from: &scanner, expecting: id)
    case "error": try readRefusal(from: &scanner)
    case "op": operation = try scanner.readStringOrSkip()
    case "text": text = try scanner.readStringOrSkip() ?? ""
    default: return false
    }
    return true
  }

  private mutating func readRefusal(from scanner: inout JSONScanner) throws(JSONError) {
    guard try scanner.peek() == .object else {
      fault = fault ?? .invalid(member: "error", reason: "it is no object with \"code\" and \"message\"")
      return try scanner.skipValue()
    }
    refusal = try ErrorReply(from: &scanner)
  }

  /// The line as a notification; nil if it is the reply, in which nothing was wrong so far.
  func notification(expecting id: Int64) throws(ReplyError) -> Notification? {
    switch identifier {
    case .absent:
      guard let operation else { throw .missing("id") }
      return Notification(operation: operation, text: text)
    case .other(let actual): throw .wrongIdentifier(expected: id, actual: actual)
    case .expected, .null:
      if let refusal { throw .refused(refusal) }
      guard case .expected = identifier else { throw .wrongIdentifier(expected: id, actual: "null") }
      if let fault { throw fault }
      return nil
    }
  }
}

extension ReplyEnvelope.Identifier {
  init(from scanner: inout JSONScanner, expecting id: Int64) throws(JSONError) {
    if try scanner.peek() == .null {
      try scanner.readNull()
      self = .null
      return
    }
    let start = scanner
    if let actual = try scanner.readIdentifier(), actual == id {
      self = .expected
      return
    }
    scanner = start
    var text = JSONWriter(capacity: 64)
    text.write(try scanner.readValue())
    self = .other(String(decoding: text.bytes, as: UTF8.self).abbreviated())
  }
}
