/// Runs that differ in nothing but their seeds.
public struct RunGroup: Sendable {
  static let seedName = "seed"
  /// Settings that change nothing about what is learned.
  private static let neutral: Set = [
    seedName, "processCount", "evaluationInterval", "evaluationEpisodes", "tensorBoard",
  ]

  /// The runs, in the order in which they were given.
  public let runs: [RunData]
  /// What tells this group from the others: the settings that differ, or the name of the only run.
  public internal(set) var label: String

  /// Where its runs learned.
  var environment: String { runs[0].environment }

  /// Sorts runs into groups, in the order of their first members.
  public static func groups(of runs: [RunData]) -> [RunGroup] {
    var order: [String] = []
    var members: [String: [RunData]] = [:]
    for run in runs {
      let key = run.settings.filter { !neutral.contains($0.name) }.map { "\($0.name)\u{0}\($0.value)" }.sorted()
        .joined(separator: "\u{1}")
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(run)
    }
    var groups = order.map { RunGroup(runs: members[$0] ?? [], label: "") }
    let differing = differingSettings(groups)
    for index in groups.indices {
      let values = differing.compactMap { name in groups[index].setting(name).map { "\(option(name)) \($0)" } }
      let name = groups[index].runs.count == 1 ? groups[index].runs[0].name : task(groups[index])
      groups[index].label = values.isEmpty || values.count > 4 ? name : values.joined(separator: ", ")
    }
    // Names tell groups apart that too many settings would.
    for (label, same) in Dictionary(grouping: groups.indices, by: { groups[$0].label }) where same.count > 1 {
      for index in same { groups[index].label = "\(label) (\(groups[index].runs[0].name))" }
    }
    return groups
  }

  /// Sorts runs by the environments they learned in, whose returns cannot be compared with each other, and those of each
  /// into groups; the environments are in the order of their first runs.
  public static func groupsByEnvironment(of runs: [RunData]) -> [(environment: String, groups: [RunGroup])] {
    var names: [String] = []
    for run in runs where !names.contains(run.environment) { names.append(run.environment) }
    return names.map { name in (name, groups(of: runs.filter { $0.environment == name })) }
  }

  /// What a setting of the run's file is called on the command line.
  private static func option(_ name: String) -> String {
    ["environmentCommand": "env-cmd", "environmentCount": "num-envs", "startingPolicy": "policy"][name] ?? name
  }

  private static func task(_ group: RunGroup) -> String {
    let parts = ["environmentID", "algorithm"].compactMap { group.setting($0) }
    return parts.isEmpty ? group.runs[0].name : parts.joined(separator: ", ")
  }

  /// The names of settings that are not the same in all groups, the seed apart, in order.
  static func differingSettings(_ groups: [RunGroup]) -> [String] {
    settingNames(groups).filter { name in Set(groups.map { $0.setting(name) }).count > 1 && !neutral.contains(name) }
  }

  /// The names of all settings, each once, in the order of the first runs.
  static func settingNames(_ groups: [RunGroup]) -> [String] {
    var names: [String] = []
    var known: Set<String> = []
    for group in groups {
      for setting in group.runs.first?.settings ?? [] where known.insert(setting.name).inserted {
        names.append(setting.name)
      }
    }
    return names
  }

  /// A setting's value; the seeds of all runs for the seed.
  func setting(_ name: String) -> String? {
    if name == Self.seedName { return runs.map(\.seed).joined(separator: ", ") }
    return runs.first?.settings.first { $0.name == name }?.value
  }

  /// The final mean return of each run that has one.
  public var scores: [Double] { runs.compactMap(\.finalReturn) }
}
