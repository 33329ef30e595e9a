import JSONLines

/// The order to a policy server to put into force what has taken the place of its policy (protocol/SPEC.md, "reload").
struct ReloadRequest {
  /// Writes the request with its line end.
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .reload)
    writer.endLine()
  }
}

/// Whether there is another policy now: what reload and end are answered.
public struct UpdateReply: ReplyBody {
  /// Whether there was something new.
  public var isUpdated = false
  /// The version that is in force now.
  public var policyVersion = 0
  /// Figures about an update for people, in the order in which they came; nil if none were told.
  public var statistics: [(name: String, value: Double)]?
  private var hasUpdate = false
  private var hasVersion = false

  /// Creates a reply to be read.
  public init() {}

  init(isUpdated: Bool, policyVersion: Int, statistics: [(name: String, value: Double)]? = nil) {
    (self.isUpdated, self.policyVersion, self.statistics) = (isUpdated, policyVersion, statistics)
  }

  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.name("updated")
    writer.write(isUpdated)
    writer.name("policy_version")
    writer.write(policyVersion)
    if let statistics {
      writer.name("stats")
      writer.beginObject()
      for (name, value) in statistics where value.isFinite {
        writer.name(name)
        writer.write(value)
      }
      writer.endObject()
    }
    writer.endLine()
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    switch name {
    case "updated": (isUpdated, hasUpdate) = (try scanner.flag(), true)
    case "policy_version": (policyVersion, hasVersion) = (try scanner.integer(), true)
    case "stats":
      var figures: [(name: String, value: Double)] = []
      try scanner.enterMembers(expected: "an object of numbers")
      while let figure = try scanner.nextMember() {
        if let value = try scanner.plain().number { figures.append((figure.string, value)) }
      }
      statistics = figures
    default: return false
    }
    return true
  }

  func missingMember() -> String? { hasUpdate ? (hasVersion ? nil : "policy_version") : "updated" }
}
