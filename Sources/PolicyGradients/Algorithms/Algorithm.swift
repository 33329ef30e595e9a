/// An entry of the catalog: what an algorithm is called, where it comes from, which settings it has, and how it is made.
public struct Algorithm: Sendable {
  /// Which experience an algorithm learns from.
  public enum Kind: String, Sendable {
    /// What the policy does as it is now.
    case onPolicy = "on-policy"
    /// What any policy did, over and over.
    case offPolicy = "off-policy"
  }

  /// The name on the command line.
  public let name: String
  /// Which experience it learns from.
  public let kind: Kind
  /// One line for the list of algorithms.
  public let summary: String
  /// The paper or book that it is from.
  public let paper: String
  /// The actions that it can choose.
  public let actions: ActionKinds
  /// The settings, under the headings of the help.
  public let groups: [SettingGroup]
  /// The names of its metrics, in the order of the files.
  public let metrics: [String]
  private let checkSettings: @Sendable (SettingValues) throws(TrainingError) -> Void
  private let make: @Sendable (SettingValues, AgentTask) throws(TrainingError) -> any Agent

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - check: throws a sentence about settings that contradict each other.
  ///   - make: makes an agent; the settings are known to be valid, and the actions to be of a kind that it can choose.
  public init(
    _ name: String, _ kind: Kind, summary: String, paper: String, actions: ActionKinds = .all,
    settings groups: [SettingGroup], metrics: [String],
    check: @escaping @Sendable (SettingValues) throws(TrainingError) -> Void = { (_) throws(TrainingError) in },
    make: @escaping @Sendable (SettingValues, AgentTask) throws(TrainingError) -> any Agent
  ) {
    (self.name, self.kind, self.summary, self.paper, self.actions) = (name, kind, summary, paper, actions)
    (self.groups, self.metrics, checkSettings, self.make) = (groups, metrics, check, make)
  }

  /// All settings, in the order of the help.
  public var settings: [any AnySetting] { groups.flatMap(\.settings) }

  /// The declaration of a setting by its name; nil where there is none.
  public func declaration(of name: String) -> SettingDeclaration? {
    settings.first { $0.declaration.name == name }?.declaration
  }

  /// The settings as they are where nothing is said.
  public var defaults: SettingValues { SettingValues(self) }

  func check(_ settings: SettingValues) throws(TrainingError) { try checkSettings(settings) }

  /// Makes an agent of the algorithm that `settings` are of.
  ///
  /// - Throws: ``TrainingError`` for settings outside their ranges, and for a space that the algorithm cannot act in.
  public static func makeAgent(_ settings: SettingValues, for task: AgentTask) throws(TrainingError) -> any Agent {
    try settings.validate()
    let algorithm = settings.algorithm
    let missing = ActionKinds(task.distribution).subtracting(algorithm.actions)
    guard missing.isEmpty else {
      let able = AlgorithmCatalog.all.filter { $0.actions.isSuperset(of: ActionKinds(task.distribution)) }.map(\.name)
      throw .unsupportedSpace(
        path: "action", kind: task.actionSpace.kind,
        reason: "\(algorithm.name) cannot choose \(missing.names); "
          + (able.isEmpty ? "no algorithm can" : "\(able.joined(separator: ", ")) can"))
    }
    return try algorithm.make(settings, task)
  }
}
