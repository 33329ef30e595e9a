import Gymwire
import GymwireIO
import JSONLines

/// The server of a scene: answers an agent, and looks at every line that it sends.
struct AgentHost {
  /// After this many requests an agent has shown that it carries on.
  private static let enough = 100
  private static let episodeLength = 7

  private let check: AgentCheck
  private var lastIdentifier: Int64 = -1
  private var counts: [String: Int] = [:]
  private var stepsInEpisode: Int?
  private var isSpoiled = false

  init(_ check: AgentCheck) { self.check = check }

  /// Whether the scene has been played as far as it goes.
  private(set) var isPlayed = false

  /// Whether nothing that the agent could send would be a departure of this scene any more.
  var isOver: Bool {
    switch check.scene.demand {
    case .carriesOn: isPlayed
    case .beginsAnew: isPlayed && !isSpoiled
    case .stops: false
    }
  }

  /// What is written for a line of the agent, and whether the conversation is over.
  ///
  /// - Throws: a ``Departure`` if the agent must not send such a line, or not now.
  mutating func answer(_ line: [UInt8]) throws -> (text: String, isLast: Bool) {
    let text = String(decoding: line, as: UTF8.self)
    func departure(_ clause: String, _ expected: String) -> Departure {
      Departure(clause: clause, sent: "", expected: expected, came: text)
    }
    if let fault = LineFault(beginningOf: line) { throw departure(fault.clause, fault.expected) }
    guard let request = try? line.withUnsafeBytes({ try JSONValue(parsing: $0) }) else {
      throw departure("2.1", "one JSON object")
    }
    if let fault = LineFault(namesOf: request) { throw departure(fault.clause, fault.expected) }
    if let id = request["id"], id.isIntegerWithFraction {
      throw departure("8.2", "an id without fraction and exponent")
    }
    guard case .integer(let id)? = request["id"], case .string(let name)? = request["op"] else {
      throw departure("4.1", "a request with an id and an op")
    }
    guard id > lastIdentifier else { throw departure("4.2", "an id above \(lastIdentifier)") }
    lastIdentifier = id
    if isSpoiled, name == "reset", check.scene.demand == .beginsAnew {
      isSpoiled = false
    } else if isSpoiled, name != "close" {
      throw departure(check.clause, check.scene.demand == .stops ? "nothing more" : "a reset, or nothing more")
    }
    guard text.hasPrefix("{\"id\":\(id),\"op\":\"\(name)\"") else {
      throw departure("4.5", "id first and op second, without white space or escapes")
    }
    guard request.isWrittenPlainly(as: text) else { throw departure("4.5", "no white space outside strings") }
    guard let operation = Operation(rawValue: name), [.hello, .reset, .step, .close].contains(operation) else {
      throw departure("5.8", "an op of environments without features")
    }
    if let fault = MessageSchemas.fault(in: request, schema: name + ".request.json") {
      let isSeed = operation == .reset && fault.path.hasPrefix("seed")
      throw departure(
        isSeed ? "6.2" : fault.clause, "\(fault.expected)\(fault.path.isEmpty ? "" : " at \(fault.path)")")
    }
    let index = counts[name, default: 0]
    counts[name] = index + 1
    let reply = try reply(to: operation, request, Int(id), departure)
    isPlayed =
      isPlayed || operation == .close && index == 0 && counts["step"] != nil
      || check.scene.demand == .carriesOn && counts.values.reduce(0, +) >= Self.enough
    if operation == .close { return (reply + "\n", true) }
    let draft = AgentScene.Draft(operation: name, index: index, id: Int(id), text: reply)
    let written = check.scene.write(draft)
    if check.scene.demand != .carriesOn, written != reply + "\n" || operation == .hello && check.scene.isUnusable {
      isSpoiled = true
      isPlayed = true
    }
    return (written, false)
  }

  private mutating func reply(
    to operation: Operation, _ request: JSONValue, _ id: Int, _ departure: (String, String) -> Departure
  ) throws -> String {
    switch operation {
    case .hello:
      guard counts["hello"] == 1 else { throw departure("5.4", "one hello") }
      guard request["versions"]?.elements?.contains(.integer(1)) == true else { throw departure("5.1", "version 1") }
      let extras =
        check.scene.isMinimal ? "" : #","server":{"name":"check","version":"1"},"features":[],"spec":{"id":"Check-v1"}"#
      return #"{"id":\#(id),"version":1,"role":"env"\#(extras),"obs_space":\#(check.scene.observationSpace),"#
        + #""action_space":\#(check.scene.actionSpace)}"#
    case .reset:
      guard request["envs"] == nil else { throw departure("5.8", "no member of a feature that is off") }
      if case .array? = request["seed"] { throw departure("5.8", "one seed, as batch is off") }
      stepsInEpisode = 0
      return #"{"id":\#(id),"obs":[0.5,1]}"#
    case .step:
      guard let steps = stepsInEpisode else {
        throw departure("6.9", "a reset before the first step and after the end")
      }
      try requireAction(request["action"] ?? .null, departure)
      let isOver = steps + 1 == Self.episodeLength
      // Episodes end in both ways in turn.
      let isTerminated = isOver && counts["reset", default: 0] % 2 == 0
      stepsInEpisode = isOver ? nil : steps + 1
      return
        #"{"id":\#(id),"obs":[0.5,1],"reward":1,"terminated":\#(isTerminated),"truncated":\#(isOver && !isTerminated)}"#
    default: return #"{"id":\#(id)}"#
    }
  }

  private func requireAction(_ action: JSONValue, _ departure: (String, String) -> Departure) throws {
    guard check.scene.hasBoxActions else {
      if action.isIntegerWithFraction { throw departure("8.2", "an action without fraction and exponent") }
      guard action == .integer(0) || action == .integer(1) else {
        throw departure(action.elements == nil ? "10.1" : "5.8", "the action 0 or 1, as batch is off")
      }
      return
    }
    guard let numbers = action.elements?.map(\.double), numbers.count == 2 else {
      throw departure("9.3", "two numbers")
    }
    guard numbers.allSatisfy({ $0.map { Float($0).magnitude <= 0.001 } ?? false }) else {
      throw departure("9.5", "numbers within ±0.001")
    }
  }
}

extension AgentScene {
  /// Whether hello itself is what the agent has to stop at.
  fileprivate var isUnusable: Bool { observationSpace.contains("Hologram") }
}

extension JSONValue {
  /// Whether this is an integer, written as other numbers are.
  fileprivate var isIntegerWithFraction: Bool {
    guard case .number(let number) = self else { return false }
    return number == number.rounded()
  }

  /// Whether a text has no white space outside its strings.
  fileprivate func isWrittenPlainly(as text: String) -> Bool {
    var isInString = false
    var isEscaped = false
    for byte in text.utf8 {
      if isInString {
        if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
        return false
      }
    }
    return true
  }
}
