import Environments
import Gymwire
import GymwireIO
import JSONLines
import SpaceCoding

/// The server of a scene: answers an agent, and looks at every line that it sends.
struct AgentHost {
  /// After so many requests of a kind the goodbye of an agent is not waited for any more.
  private static let longest = 1_000
  /// Of the first environment, and of the second, if there is one; so they end by themselves, and both at once.
  private static let episodeLengths = [7, 14]

  private let check: AgentCheck
  private let patience: Duration
  private var lastIdentifier: Int64 = -1
  private var counts: [String: Int] = [:]
  // By environment; nil where a reset is needed.
  private var stepsInEpisode: [Int?] = [nil]
  private var features: Set<String> = []
  private var ends = 0
  private var isSpoiled = false
  // Requests after the first step.
  private var requestsSinceStep = 0
  private var wasDisturbed = false

  init(_ check: AgentCheck, patience: Duration) {
    self.check = check
    self.patience = patience
  }

  /// Whether the scene has been played as far as it goes.
  private(set) var isPlayed = false

  /// Whether the agent has read the reply to a step, for it has gone on.
  var isActing: Bool { requestsSinceStep > 0 }

  /// Whether the latest reply is to a step, and the first one that is not as usual: who ends there may have tripped over it.
  private(set) var isTried = false

  /// Whether nothing that the agent could send would be a departure of this scene any more.
  var isOver: Bool {
    switch check.scene.demand {
    case .carriesOn, .lasts: isPlayed
    case .beginsAnew: isPlayed && !isSpoiled
    case .stops, .givesUp, .waits: false
    }
  }

  /// Whether the agent has made as many requests as show that it carries on.
  private var hasShownEnough: Bool {
    let enough: Int? =
      switch check.scene.demand {
      case .carriesOn: 100
      case .lasts: 10
      case .waits, .stops, .beginsAnew, .givesUp: nil
      }
    return enough.map { counts.values.reduce(0, +) >= $0 } ?? false
  }

  /// Whether a close ends the scene well.
  private var isGoodbye: Bool { isActing && !isTried && ![.lasts, .waits].contains(check.scene.demand) }

  /// Whether an agent that ends now has declined what hello offered, which it may.
  var isDeclinable: Bool { check.scene.mayDecline && counts["reset"] == nil }

  /// Whether the agent is now expected to give up.
  var isWaitedFor: Bool { isSpoiled && check.scene.demand == .givesUp }

  /// What is written for a line of the agent, and whether the conversation is over.
  ///
  /// - Throws: a ``Departure`` if the agent must not send such a line, or not now; ``NotApplicable`` if it does not ask for
  ///   what the scene is about.
  mutating func answer(_ line: [UInt8]) throws -> (pieces: [AgentScene.Piece], isLast: Bool) {
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
    if counts["step"] != nil { requestsSinceStep += 1 }
    counts[name] = index + 1
    if check.scene.demand == .waits, index == Self.longest {
      throw NotApplicable("the agent says no goodbye within \(Self.longest) requests")
    }
    let reply = try reply(to: operation, request, Int(id), departure)
    isPlayed = isPlayed || hasShownEnough || operation == .close && index == 0 && isGoodbye
    if operation == .close { return ([.text(reply + "\n")], true) }
    let draft = AgentScene.Draft(operation: name, index: index, id: Int(id), text: reply, patience: patience)
    let pieces = check.scene.write(draft)
    let isGood = pieces.flatMap(\.bytes) == Array((reply + "\n").utf8)
    isTried = check.scene.demand == .carriesOn && operation == .step && !isGood && !wasDisturbed
    wasDisturbed = wasDisturbed || !isGood
    let isUnusable = !isGood || operation == .hello && check.scene.hasUnusableSpace
    if isUnusable, ![.carriesOn, .lasts, .waits].contains(check.scene.demand) {
      isSpoiled = true
      isPlayed = check.scene.demand != .givesUp
    }
    return (pieces, false)
  }

  private mutating func reply(
    to operation: Operation, _ request: JSONValue, _ id: Int, _ departure: (String, String) -> Departure
  ) throws -> String {
    switch operation {
    case .hello:
      guard counts["hello"] == 1 else { throw departure("5.4", "one hello") }
      guard request["versions"]?.elements?.contains(.integer(1)) == true else { throw departure("5.1", "version 1") }
      try grant(request)
      let batch = features.contains("batch") ? ",\"num_envs\":\(stepsInEpisode.count)" : ""
      let names = features.sorted().map { "\"\($0)\"" }.joined(separator: ",")
      let extras =
        check.scene.isMinimal
        ? "" : #","server":{"name":"check","version":"1"},"features":[\#(names)]\#(batch),"spec":{"id":"Check-v1"}"#
      return #"{"id":\#(id),"version":1,"role":"env"\#(extras),"obs_space":\#(check.scene.observationSpace),"#
        + #""action_space":\#(check.scene.actionSpace)}"#
    case .reset:
      if !features.contains("batch") {
        guard request["envs"] == nil else { throw departure("5.8", "no member of a feature that is off") }
        if case .array? = request["seed"] { throw departure("5.8", "one seed, as batch is off") }
      }
      let addressed = request["envs"]?.elements?.compactMap { $0.double.flatMap { Int(exactly: $0) } }
      let environments = addressed ?? Array(stepsInEpisode.indices)
      guard environments.allSatisfy(stepsInEpisode.indices.contains), Set(environments).count == environments.count
      else {
        throw departure("12.11", "indices of environments, each once")
      }
      for environment in environments { stepsInEpisode[environment] = 0 }
      return "{\"id\":\(id),\"obs\":\(observations(environments.count))}"
    case .step:
      guard stepsInEpisode.allSatisfy({ $0 != nil }) else {
        throw departure("6.9", "a reset before the first step and after the end")
      }
      try requireAction(request["action"] ?? .null, departure)
      return step(id)
    default: return #"{"id":\#(id)}"#
    }
  }

  /// Switches on what the scene is about, if the agent has asked for it.
  private mutating func grant(_ request: JSONValue) throws {
    let asked = (request["features"]?.elements ?? []).map(\.word)
    for feature in check.scene.features where !asked.contains(feature) {
      throw NotApplicable("the agent does not ask for the feature \(feature)")
    }
    features = Set(check.scene.features)
    let wanted = request["want"]?["num_envs"]?.double ?? 1
    guard wanted >= Double(check.scene.environments) else {
      throw NotApplicable("the agent asks for fewer than \(check.scene.environments) environments")
    }
    stepsInEpisode = Array(repeating: nil, count: check.scene.environments)
  }

  private func observations(_ count: Int) -> String {
    let text = Array(repeating: check.scene.observation, count: count).joined(separator: ",")
    return check.scene.isBare && !features.contains("batch") ? text : "[\(text)]"
  }

  private mutating func step(_ id: Int) -> String {
    var entries: [String] = []
    var flags = ""
    for environment in stepsInEpisode.indices {
      let steps = (stepsInEpisode[environment] ?? 0) + 1
      let isOver = steps == Self.episodeLengths[environment]
      if isOver { ends += 1 }
      // Episodes end in each way in turn, and in both at once.
      let isTerminated = isOver && ends % 3 != 1
      let isTruncated = isOver && ends % 3 != 2
      flags = "\"terminated\":\(isTerminated),\"truncated\":\(isTruncated)"
      stepsInEpisode[environment] = isOver ? (features.contains("batch") ? 0 : nil) : steps
      guard isOver else { continue }
      let final = check.scene.isBare ? check.scene.observation : "[\(check.scene.observation)]"
      entries.append("{\"env\":\(environment),\(flags),\"final_obs\":\(final)}")
    }
    let head = "{\"id\":\(id),\"obs\":\(observations(stepsInEpisode.count)),"
    guard features.contains("batch") else { return head + "\"reward\":1,\(flags)}" }
    let rewards = stepsInEpisode.map { _ in "1" }.joined(separator: ",")
    return head + "\"reward\":[\(rewards)],\"ended\":[\(entries.joined(separator: ","))]}"
  }

  private func requireAction(_ action: JSONValue, _ departure: (String, String) -> Departure) throws {
    guard let space = check.scene.actions else { return }
    let isBatched = features.contains("batch")
    if case .discrete = space, !isBatched, action.isIntegerWithFraction {
      throw departure("8.2", "an action without fraction and exponent")
    }
    let form = ValueForm(isBatched: isBatched, allowsBase64: features.contains("b64"))
    let batch = ValueBatch(space, count: stepsInEpisode.count)
    let isRead = Array(action.text.utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      return (try? batch.read(rows: 0..<stepsInEpisode.count, from: &scanner, as: form)) != nil
    }
    guard isRead else {
      let isList = action.elements != nil && space.isBare && !isBatched
      let isSingle = isBatched && stepsInEpisode.count == 1 && action.elements == nil
      throw departure(
        isSingle ? "12.2" : isBatched ? "12.3" : isList ? "5.8" : space.kind == "Box" ? "9.3" : "10.1",
        isBatched ? "one action for each of \(stepsInEpisode.count)" : "an action of the space, as batch is off")
    }
    guard let violation = batch.violation(in: 0..<stepsInEpisode.count) else { return }
    throw departure(space.kind == "Box" ? "9.5" : "10.1", "an action within the space: \(violation.reason)")
  }
}

extension AgentScene {
  /// The space of actions.
  fileprivate var actions: Space? {
    Array(actionSpace.utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      return try? Space(from: &scanner, path: "action")
    }
  }
}

extension Space {
  /// Whether a single value is no list.
  fileprivate var isBare: Bool { flat.map(\.shape.isEmpty) ?? false }
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
