import CommandLineOptions
import GymwireIO
import PolicyGradients

/// The options that make one command line of `pgagent train` many runs.
enum SweepOptions {
  static let seeds = Option(
    "seeds", .integer(in: 1...100_000), defaultText: "one run",
    help: "Run N times, with the seeds --seed, --seed + 1 and so on, each in a directory of its own under --out.")
  static let grid = Option(
    repeatable: "grid", .text("NAME=VALUES"), defaultText: "one run",
    help: """
      Run once with each of these values of an option, such as pi-lr=1e-3,3e-3. Several --grid options run every \
      combination. For an option that takes a list, such as --hidden, each --grid adds one value.
      """)
  static let jobs = Option(
    "jobs", .integer(in: 1...1024), defaultText: "two more than there are processors",
    help: "How many of those runs go on at once.")
  static let group = OptionGroup("Many runs", seeds, grid, jobs)

  /// Options that a grid cannot vary: a run has its own place for each, or none.
  private static let fixed: Set = ["out", "resume", "record", "seeds", "grid", "jobs"]

  /// Whether the command line is about several runs.
  static func areGiven(_ arguments: Arguments) -> Bool {
    arguments[seeds] != nil || !arguments[grid].isEmpty
  }

  /// The runs, each found to be one that could be started alone.
  static func runs(_ arguments: Arguments) throws(UsageError) -> [SweepRun] {
    guard arguments[EnvironmentOptions.record] == nil else {
      throw .conflict("--record is for one run: --seeds and --grid would write all of them to one file")
    }
    var axes = try axes(arguments)
    var omitted: [any DeclaredOption] = [seeds, grid, jobs, TrainCommand.directory, TrainCommand.report]
    if let count = arguments[seeds] {
      guard axes[RunSettings.seed.name] == nil else {
        throw .conflict("--seeds and --grid \(RunSettings.seed.name)=... both say which seeds to run; give one of them")
      }
      let first = try Hyperparameters.training.values(arguments).seed
      axes.append((RunSettings.seed.name, (0..<UInt64(count)).map { "\(first + $0)" }))
      omitted.append(Hyperparameters.seed.declared)
    }
    let common = arguments.words(without: omitted)
    var names: Set<String> = []
    var runs: [SweepRun] = []
    for combination in combinations(axes) {
      let words = common + combination.map { "--\($0.name)=\($0.value)" }
      let chosen = try TrainCommand.command.parse(words)
      let epochs = try Hyperparameters.training.values(chosen).epochs
      let base = RunName.component(combination.map { "\($0.name)=\($0.value)" }.joined(separator: "_"))
      var (name, number) = (base, 1)
      while !names.insert(name).inserted {
        number += 1
        name = "\(base)-\(number)"
      }
      runs.append(
        SweepRun(
          name: name, group: combination.filter { $0.name != RunSettings.seed.name }.map { "\($0.name)=\($0.value)" },
          words: words, epochs: epochs))
    }
    return runs
  }

  private typealias Axis = (name: String, values: [String])

  private static func axes(_ arguments: Arguments) throws(UsageError) -> [Axis] {
    var axes: [Axis] = []
    let given = arguments.words(without: [grid])
    for text in arguments[grid] {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw .conflict("--grid \(text) is not of the form NAME=VALUE,VALUE, such as pi-lr=1e-3,3e-3")
      }
      let (name, values) = (parts[0], isList(parts[0]) ? [parts[1]] : parts[1].split(separator: ",").map(String.init))
      guard !fixed.contains(name) else { throw .conflict("--grid \(text): --\(name) cannot be varied") }
      guard !given.contains(where: { $0.hasPrefix("--\(name)=") }) else {
        throw .conflict("--\(name) and --grid \(text) both say what \(name) is; give one of them")
      }
      if let index = axes.firstIndex(where: { $0.name == name }) {
        axes[index].values += values
      } else {
        axes.append((name, values))
      }
    }
    return axes
  }

  private static func isList(_ name: String) -> Bool {
    AlgorithmCatalog.all.contains { algorithm in
      if case .integers? = algorithm.declaration(of: name)?.domain { true } else { false }
    }
  }

  /// Every combination; the last axis varies fastest.
  private static func combinations(_ axes: [Axis]) -> [[(name: String, value: String)]] {
    axes.reduce([[]]) { combinations, axis in
      combinations.flatMap { combination in axis.values.map { combination + [(axis.name, $0)] } }
    }
  }
}

extension [(name: String, values: [String])] {
  fileprivate subscript(name: String) -> [String]? { first { $0.name == name }?.values }
}
