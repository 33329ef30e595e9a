import Gymwire
import GymwireIO
import JSONLines

/// One process and what is said to it; every line that comes is held against its schema.
final class Conversation {
  let peer: LinePeer
  /// The clause that is at stake, for departures that are about no other.
  var clause: String
  let options: Subject.Options
  /// The clause that a reply with another id breaks.
  var clauseOfWrongIdentifier = "4.3"
  /// The clause that a reply without an id breaks.
  var clauseOfAbsentIdentifier = "4.3"
  /// The reply to the hello that succeeded.
  private(set) var greeting: Reply?
  private var isGreeted: Bool { greeting != nil }
  private var lastSent = ""
  private(set) var nextIdentifier: Int64 = 0
  /// Notifications that came before replies.
  private(set) var notifications: [JSONValue] = []

  /// Whether the user is told when the reply to hello takes long.
  var tellsOfSlowness = false

  init(_ peer: LinePeer, clause: String, options: Subject.Options) {
    self.peer = peer
    self.clause = clause
    self.options = options
  }

  /// Whether it can go on with another request: nothing is outstanding, and neither side has ended it.
  var isIdle: Bool {
    isGreeted && peer.isInputOpen && clauseOfWrongIdentifier == "4.3" && clauseOfAbsentIdentifier == "4.3"
      && !peer.isHeard(within: .zero)
  }

  /// Ends the process's input.
  func closeInput() { peer.closeInput() }

  private var limit: Duration { isGreeted ? options.replyLimit : options.startLimit }

  // MARK: Sending

  /// Writes bytes, some of which may be repeated, and no end of line.
  func write(_ bytes: [UInt8], times: Int = 1) throws {
    lastSent = String(decoding: bytes, as: UTF8.self)
    guard try peer.send(bytes, times: times, within: limit) else {
      throw departure(expected: "that the line is read", came: "nothing is read for \(limit.seconds)", isSilence: true)
    }
  }

  /// Writes a line.
  func send(_ line: String) throws {
    try write(Array((line + "\n").utf8))
    lastSent = line
  }

  // MARK: Receiving

  /// Waits for a reply with this id and of this operation, or an error.
  ///
  /// - Parameters:
  ///   - id: the id that the reply must have; nil demands null.
  ///   - operation: names the schema of the reply.
  func receive(id: JSONValue, operation: String? = nil) throws -> Reply {
    while true {
      let bytes = try nextLine()
      let value = try parse(bytes)
      if value["op"] != nil, value["id"] == nil {
        try hold(value, against: "notification.json")
        notifications.append(value)
        continue
      }
      let reply = Reply(sent: lastSent, line: bytes, value: value)
      guard reply.text != lastSent else {
        throw reply.departure(
          clause: "4.3", expected: "a reply",
          came: "the very line that was sent: the program repeats its input, and is probably no Gymwire server")
      }
      guard value["op"] == nil else { throw reply.departure(clause: "4.3", expected: "a reply without \"op\"") }
      guard let actual = value["id"] else {
        throw reply.departure(clause: clauseOfAbsentIdentifier, expected: "a reply with an id")
      }
      // An error whose id is null answers the outstanding request, whatever its id (clause 4.4).
      let isError = (value["error"] ?? .null) != .null
      guard actual.equals(id) || actual == .null && isError else {
        guard id == .null else {
          throw reply.departure(clause: clauseOfWrongIdentifier, expected: "a reply with the id \(id.text)")
        }
        throw reply.departure(clause: isError ? "4.4" : clause, expected: "an error with the id null")
      }
      if case .integer = id, case .number = actual {
        throw reply.departure(clause: "8.2", expected: "the id \(id.text), without fraction and exponent")
      }
      if isError {
        try hold(value, against: "error.reply.json")
      } else if let operation {
        try hold(value, against: operation + ".reply.json")
      } else {
        throw reply.departure(clause: clause, expected: "an error")
      }
      return reply
    }
  }

  /// Waits for one line that may be a message, whatever it says.
  func receiveAnyReply() throws { _ = try nextLine() }

  private func nextLine() throws -> [UInt8] {
    if tellsOfSlowness, !isGreeted, !peer.isHeard(within: .seconds(2)) {
      options.tell("check waits for the reply to hello, for up to \(limit.seconds) (--start-timeout)")
      tellsOfSlowness = false
    }
    switch try peer.next(within: limit) {
    case .line(let bytes):
      if let fault = LineFault(beginningOf: bytes) {
        throw departure(clause: fault.clause, expected: fault.expected, came: fault.came)
      }
      guard bytes.first == UInt8(ascii: "{") else {
        throw departure(
          clause: "2.13", expected: "nothing but messages on standard output",
          came: "the line " + String(decoding: bytes, as: UTF8.self))
      }
      return bytes
    case .unfinished(let bytes):
      throw departure(
        clause: "2.1", expected: "a line that ends with a newline", came: String(decoding: bytes, as: UTF8.self))
    case .end: throw departure(expected: "a reply", came: "its output ended: it \(peer.ending)", isEnd: true)
    case .silence(let partial):
      let came =
        partial.isEmpty
        ? "nothing came within \(limit.seconds)"
        : "only \(String(decoding: partial, as: UTF8.self)) came, without an end, within \(limit.seconds)"
      throw departure(expected: "a reply", came: came, isSilence: true)
    }
  }

  private func parse(_ bytes: [UInt8]) throws -> JSONValue {
    do {
      let value = try bytes.withUnsafeBytes { try JSONValue(parsing: $0) }
      guard let fault = LineFault(namesOf: value) else { return value }
      throw departure(clause: fault.clause, expected: fault.expected, came: fault.came)
    } catch let error as JSONError {
      let isLax = bytes.withUnsafeBytes { line in
        var scanner = JSONScanner(line, toleratesNonFinite: true)
        return (try? scanner.skipValue()) != nil && scanner.sawNonFinite
      }
      throw departure(
        clause: isLax ? "8.4" : "2.1",
        expected: isLax ? "NaN and infinities as strings" : "one JSON object (\(error))",
        came: String(decoding: bytes, as: UTF8.self))
    }
  }

  private func hold(_ value: JSONValue, against schema: String) throws {
    guard let fault = MessageSchemas.fault(in: value, schema: schema) else { return }
    let place = fault.path.isEmpty ? "" : " at \(fault.path)"
    throw departure(clause: fault.clause, expected: "\(fault.expected)\(place) (\(schema))", came: value.text)
  }

  // MARK: Asking

  /// Sends a request with the next id and waits for its reply.
  ///
  /// - Parameter members: the members behind `op`, as JSON without the comma in front.
  func ask(_ operation: String, _ members: String = "") throws -> Reply {
    let id = nextIdentifier
    nextIdentifier += 1
    try send("{\"id\":\(id),\"op\":\"\(operation)\"\(members.isEmpty ? "" : "," + members)}")
    let reply = try receive(id: .integer(id), operation: Operation(rawValue: operation) == nil ? nil : operation)
    if operation == "hello", reply.code == nil { greeting = reply }
    return reply
  }

  /// Sends a line as it is and waits for the reply to it.
  func say(_ line: String, id: JSONValue, operation: String? = nil) throws -> Reply {
    try send(line)
    return try receive(id: id, operation: operation)
  }

  // MARK: Departures

  func departure(
    clause: String? = nil, expected: String, came: String, isSilence: Bool = false, isEnd: Bool = false
  ) -> Departure {
    Departure(
      clause: clause ?? self.clause, sent: lastSent, expected: expected, came: came, isSilence: isSilence, isEnd: isEnd)
  }
}

extension LinePeer {
  /// How the process ended, to follow its name.
  var ending: String { process.exit(within: .seconds(1))?.description ?? "goes on running without an output" }
}

extension Duration {
  /// The time for people.
  var seconds: String {
    let seconds = (self / .seconds(1) * 10).rounded() / 10
    return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
  }
}
