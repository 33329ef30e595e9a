import Environments
import JSONLines
import SpaceCoding

/// What a driver tells and wishes when the conversation begins (protocol/SPEC.md, "hello").
public struct HelloRequest: Sendable {
  /// The versions that the driver speaks.
  public var versions: [Int] = ProtocolConstants.versions
  /// The name and version of the driver's software.
  public var client: String
  /// The features that the driver can use.
  public var features: [Feature] = []
  /// The wish for a number of sub-environments; nil for none.
  public var wantedEnvironments: Int?
  /// The space of observations that the driver declares to a policy or learner; nil leaves it to the server.
  public var wantedObservationSpace: Space?
  /// The space of actions that the driver declares to a policy or learner; nil leaves it to the server.
  public var wantedActionSpace: Space?
  /// The longest line that the driver accepts; nil for the default.
  public var maximumLine: Int?
  /// The wish to see the environments; nil for none.
  public var wantedRenderMode: RenderMode?
  /// What a driver's `want` holds, as a server reads it.
  var wishes: [String: PlainValue] = [:]

  /// Creates a hello of a driver.
  public init(client: String) { self.client = client }

  /// Writes the request with its line end.
  public func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .hello)
    if let maximumLine {
      writer.name("max_line")
      writer.write(maximumLine)
    }
    writer.name("versions")
    writer.beginArray()
    for version in versions { writer.write(version) }
    writer.endArray()
    writer.name("client")
    writer.writeSoftware(client)
    writer.name("features")
    writer.beginArray()
    for feature in features { writer.write(feature.rawValue) }
    writer.endArray()
    writeWishes(to: &writer)
    writer.endLine()
  }

  private func writeWishes(to writer: inout JSONWriter) {
    guard
      wantedEnvironments != nil || wantedRenderMode != nil || wantedObservationSpace != nil || wantedActionSpace != nil
    else { return }
    writer.name("want")
    writer.beginObject()
    if let wantedEnvironments {
      writer.name("num_envs")
      writer.write(wantedEnvironments)
    }
    if let mode = wantedRenderMode {
      writer.name("render_mode")
      writer.write(mode.rawValue)
    }
    if let space = wantedObservationSpace {
      writer.name("obs_space")
      writer.write(space)
    }
    if let space = wantedActionSpace {
      writer.name("action_space")
      writer.write(space)
    }
    writer.endObject()
  }
}

/// What a server answers: who it is and what its observations and actions are.
public struct HelloReply: Equatable, ReplyBody {
  /// The version that both speak from now on.
  public var version = 0
  /// What the server is: the name of a ``ServerRole``.
  public var role = ""
  /// The name of the server's software; nil if it does not tell.
  public var server: String?
  /// The features that are on.
  public var features: [Feature] = []
  /// Names of features that the server claims to have switched on and that this driver does not know.
  public var unknownFeatures: [String] = []
  /// What the environment is called.
  public var spec = EnvironmentSpec()
  /// The names of the options that a reset takes, where the server tells them (protocol/SPEC.md 11.6).
  public var optionNames: [String]?
  /// The number of sub-environments.
  public var environmentCount = 1
  /// The ways in which the server can show its environments, of those that this program knows.
  public var renderModes: [RenderMode] = []
  /// The way that the server has granted; nil for none.
  public var renderMode: RenderMode?
  /// How many pictures make a second at the environments' own speed; nil where the server does not tell.
  public var framesPerSecond: Double?
  /// The longest line that the server accepts.
  public var maximumLine = ProtocolConstants.defaultMaximumLine
  /// The space of observations.
  public var observationSpace: Space?
  /// The space of actions.
  public var actionSpace: Space?

  /// Creates an empty reply, to be filled or read.
  public init() {}

  /// Writes the reply with its line end.
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.name("version")
    writer.write(version)
    writer.name("role")
    writer.write(role)
    if let server {
      writer.name("server")
      writer.writeSoftware(server)
    }
    writer.name("features")
    writer.beginArray()
    for feature in features { writer.write(feature.rawValue) }
    writer.endArray()
    if role == ServerRole.env.rawValue || role == ServerRole.worker.rawValue {
      writer.name("spec")
      writer.write(spec)
      if features.contains(.about) {
        writer.name("about")
        writer.write(spec.about)
      }
      if features.contains(.batch) {
        writer.name("num_envs")
        writer.write(environmentCount)
      }
      if features.contains(.render) { writeRendering(to: &writer) }
    }
    if let observationSpace {
      writer.name("obs_space")
      writer.write(observationSpace)
    }
    if let actionSpace {
      writer.name("action_space")
      writer.write(actionSpace)
    }
    writer.endLine()
  }

  private func writeRendering(to writer: inout JSONWriter) {
    writer.name("render_modes")
    writer.beginArray()
    for mode in renderModes { writer.write(mode.rawValue) }
    writer.endArray()
    writer.name("render_mode")
    if let renderMode { writer.write(renderMode.rawValue) } else { writer.writeNull() }
    if let framesPerSecond {
      writer.name("render_fps")
      writer.write(framesPerSecond)
    }
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    switch name {
    case "version": version = try scanner.integer()
    case "role": role = try scanner.text()
    case "server": server = try scanner.plain().softwareName
    case "features": try readFeatures(from: &scanner)
    case "spec": spec = try EnvironmentSpec(scanner.plain())
    case "about": optionNames = try scanner.plain().optionNames
    case "num_envs": environmentCount = try scanner.integer()
    case "max_line": maximumLine = try scanner.integer()
    case "render_modes":
      renderModes = (try scanner.plain().list ?? []).compactMap { $0.string.flatMap(RenderMode.init) }
    case "render_mode": renderMode = try scanner.plain().string.flatMap(RenderMode.init)
    case "render_fps": framesPerSecond = try scanner.plain().number.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    case "obs_space": observationSpace = try scanner.space(path: "obs")
    case "action_space": actionSpace = try scanner.space(path: "action")
    default: return false
    }
    return true
  }

  private mutating func readFeatures(from scanner: inout JSONScanner) throws(ValueError) {
    try scanner.enterList(expected: "a list of strings")
    while try scanner.hasElement() {
      let name = try scanner.text(expected: "the name of a feature")
      if let feature = Feature(rawValue: name) { features.append(feature) } else { unknownFeatures.append(name) }
    }
  }

  func missingMember() -> String? {
    if version == 0 { return "version" }
    if role.isEmpty { return "role" }
    let isKnown = ServerRole(rawValue: role) != nil
    if observationSpace == nil, isKnown { return "obs_space" }
    if actionSpace == nil, isKnown { return "action_space" }
    return nil
  }
}

extension PlainValue {
  /// The keys of the Dict that `about` declares, in order; nil where it declares none that can be read.
  fileprivate var optionNames: [String]? {
    guard case .object(let about) = self, case .object(let space)? = about["options"] else { return nil }
    return space["spaces"]?.list?.compactMap { $0.list?.first?.string }
  }

  /// `name` and `version` of a client or server, as one text.
  var softwareName: String? {
    guard case .object(let members) = self, let name = members["name"]?.string else { return nil }
    return members["version"]?.string.map { "\(name) \($0)" } ?? name
  }
}

extension EnvironmentSpec {
  /// Reads what a server tells; throws for a limit that no episode can have.
  init(_ value: PlainValue) throws(ValueError) {
    self.init()
    guard case .object(let members) = value else { return }
    id = members["id"]?.string
    if let limit = members["max_episode_steps"], limit != .null {
      let greatest = Int(ProtocolConstants.greatestInteger)
      guard let steps = limit.number.flatMap({ Int(exactly: $0) }), (1...greatest).contains(steps) else {
        throw ValueError("\"max_episode_steps\" has to be an integer from 1 to \(greatest)")
      }
      maximumEpisodeSteps = steps
    }
    rewardThreshold = members["reward_threshold"]?.number
    isNondeterministic = members["nondeterministic"] == .boolean(true)
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ spec: EnvironmentSpec) {
    beginObject()
    if let id = spec.id {
      name("id")
      write(id)
    }
    if let steps = spec.maximumEpisodeSteps {
      name("max_episode_steps")
      write(steps)
    }
    if let threshold = spec.rewardThreshold {
      name("reward_threshold")
      write(threshold)
    }
    name("nondeterministic")
    write(spec.isNondeterministic)
    endObject()
  }

  fileprivate mutating func writeSoftware(_ software: String) {
    beginObject()
    name("name")
    write(software)
    name("version")
    write(ProtocolConstants.softwareVersion)
    endObject()
  }
}
