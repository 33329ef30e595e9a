import CommandLineOptions
import Foundation
import GymwireIO

/// What an attack is told: how much, for how long, and against which programs.
struct Orders {
  static let seed = Option(
    "seed", .integer(in: 0...9_007_199_254_740_991), default: 1, help: "The seed of all that is drawn at random.")
  static let share = Option(
    "percent", .number("P", in: 0.001...1000), default: 100.0,
    help: "How much of the full numbers is done: lines, replies, files, kills.")
  static let count = Option(
    "count", .integer(in: 1...1_000_000_000), defaultText: "the full number",
    help: "How many, whatever --percent says.")
  static let seconds = Option(
    "seconds", .integer(in: 1...1_000_000), defaultText: "1800 a role, and 3600 of fuzzing in all",
    help: "How long each soak and all fuzzing together last.")
  static let programs = Option(
    "programs", .directory(), defaultText: "built with the address sanitizer under .build/campaign",
    help: "The directory of the programs to attack.")
  static let python = Option(
    "python", .text("PYTHON"), default: "python3", help: "The Python that has the package gymwire, and Gymnasium.")
  static let directory = Option(
    "out", .directory(), default: ".build/campaign/results",
    help: "Where the table goes, and the input of whatever failed.")
  static let part = Option(
    "only", .text("WORDS"), defaultText: "every one", help: "Only the attacks whose name in the table has WORDS in it.")
  static let group = OptionGroup("Campaign", seed, share, count, seconds, part, programs, python, directory)

  let seed: UInt64
  let programs: String
  let python: String
  let directory: String
  private let share: Double
  private let count: Int?
  private let seconds: Int?
  private let part: String?

  init(_ arguments: Arguments) throws {
    seed = UInt64(arguments[Self.seed])
    share = arguments[Self.share] / 100
    count = arguments[Self.count]
    seconds = arguments[Self.seconds]
    part = arguments[Self.part]
    python = arguments[Self.python]
    directory = arguments[Self.directory]
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    programs = try arguments[Self.programs] ?? SanitizedPrograms.build()
    // A quarantine of the default size would hide how much memory a program takes.
    SystemCalls.setEnvironment("PYTHONPATH", FileManager.default.currentDirectoryPath + "/protocol/python/src")
    SystemCalls.setEnvironment("ASAN_OPTIONS", "quarantine_size_mb=8:detect_leaks=0:abort_on_error=1")
  }

  /// How many of what would be `full` are to be done.
  func count(of full: Int) -> Int { count ?? max(1, Int((Double(full) * share).rounded())) }

  /// How long something lasts that would last `full` seconds.
  func seconds(of full: Int) -> Int { seconds ?? max(1, Int(Double(full) * share)) }

  /// Whether the attack of that name is to be made.
  func includes(_ attack: String) -> Bool { part.map(attack.contains) ?? true }

  func program(_ name: String) -> String { programs + "/" + name }

  /// Whether the Python package can be attacked, too.
  var hasGymnasium: Bool {
    let process = try? ChildProcess(command: [python, "-c", "import gymnasium, gymwire"])
    return process?.exit(within: Patience.duration) == .status(0)
  }

  /// A fresh directory, which whoever asks for it removes.
  func scratch(_ name: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/gymwire-campaign-\(name)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// Keeps the input that something failed on, and gives the file's path.
  func keep(_ bytes: [UInt8], as name: String) -> String {
    let path = "\(directory)/\(name)"
    try? Files.write(bytes, to: path)
    return path
  }
}

extension Orders {
  /// The options of another process of this program with the same orders.
  func words(seed: UInt64, first: Int, count: Int) -> [String] {
    ["--seed", "\(seed)", "--first", "\(first)", "--count", "\(count)", "--programs", programs, "--out", directory]
  }
}
