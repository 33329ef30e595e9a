import CommandLineOptions
import PolicyGradients

/// The settings of every algorithm as options of a command: which there are, depends on `--algo`.
struct Hyperparameters {
  /// Those that mean something where nobody else acts.
  static let training = Hyperparameters(leavingOut: [OnPolicySettings.imitation.name])
  /// Those that mean something where others own the loop, and nobody can be made to reset anything.
  static let learning = Hyperparameters(
    leavingOut: [RunSettings.resetsEachEpoch.name, OffPolicySettings.overlapsSteps.name])
  /// Those that describe a policy, and what returns are.
  static let cloning = Hyperparameters(
    leavingOut: Set(AlgorithmCatalog.all.flatMap(\.groups).flatMap(\.settings).map(\.declaration.name))
      .subtracting(StartingPolicy.decided).subtracting([OnPolicySettings.discount.name]))

  static let algorithm = Option(
    "algo", .choice(AlgorithmCatalog.all.map(\.name)), default: AlgorithmCatalog.standard.name,
    help: """
      How to learn. pgagent algorithms says what each of them is good for, and --algo NAME --help lists the settings of one.
      """)
  static let seed = SettingOption(RunSettings.seed.declaration)

  private let settings: [String: [(heading: String, options: [(name: String, option: SettingOption)])]]

  private init(leavingOut omitted: Set<String>) {
    let omitted = omitted.union([RunSettings.seed.name])
    settings = Dictionary(
      uniqueKeysWithValues: AlgorithmCatalog.all.map { algorithm in
        let groups = algorithm.groups.map { group in
          let shown = group.settings.map(\.declaration).filter { !omitted.contains($0.name) }
          return (group.heading, shown.map { ($0.name, SettingOption($0)) })
        }
        return (algorithm.name, groups)
      })
  }

  /// The options of each algorithm, under the headings of the help.
  var variants: CommandVariants {
    CommandVariants(
      of: "algo", standard: AlgorithmCatalog.standard.name, earlier: "resume",
      AlgorithmCatalog.all.map { algorithm in
        let groups = (settings[algorithm.name] ?? []).filter { !$0.options.isEmpty }
        return (algorithm.name, groups.map { OptionGroup($0.heading, $0.options.map(\.option.declared)) })
      })
  }

  /// The algorithm's settings, with whatever the command line says instead.
  func values(_ arguments: Arguments) throws(UsageError) -> SettingValues {
    let algorithm = AlgorithmCatalog.algorithm(named: arguments[Self.algorithm]) ?? AlgorithmCatalog.standard
    var values = algorithm.defaults
    do throws(TrainingError) {
      for (name, content) in given(arguments) { try values.set(name, to: content) }
      if let seed = Self.seed.content(arguments) { try values.set(RunSettings.seed.name, to: seed) }
      try values.validate()
    } catch { throw .conflict(error.description) }
    return values
  }

  /// Those that are on the command line, but the seed.
  func given(_ arguments: Arguments) -> [(name: String, content: SettingContent)] {
    (settings[arguments[Self.algorithm]] ?? []).flatMap(\.options).compactMap { name, option in
      option.content(arguments).map { (name, $0) }
    }
  }

  /// Refuses a command line that would change the settings of a resumed run.
  ///
  /// - Parameters:
  ///   - allowed: settings that may change.
  ///   - others: further options that are fixed, and whether they are given.
  func refuseChanges(
    of run: String, _ arguments: Arguments, allowing allowed: Set<String> = [],
    alsoFixed others: [(name: String, isGiven: Bool)]
  ) throws(UsageError) {
    let fixed =
      given(arguments).filter { !allowed.contains($0.name) }.map { ($0.name, true) }
      + [
        ("algo", arguments.isGiven(Self.algorithm)), (RunSettings.seed.name, Self.seed.content(arguments) != nil),
      ] + others
    guard let name = fixed.first(where: \.1)?.0 else { return }
    throw .conflict("--\(name) cannot be changed by --resume, which goes on with the settings of \(run)")
  }
}
