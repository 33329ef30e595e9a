#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import GymwireIO
import PolicyGradients

/// A run's directory as those see it who only look: how it was started, and where its policy is.
struct RecordedRun {
  static let argument = Option(
    argument: "RUN_DIR", .directory(), defaultText: "none; then give --env-cmd or --gym, and a policy",
    help:
      "The directory of a training run. It says what to play: its environment, and its best policy or else the last."
  )

  let path: String
  private let settings: [UInt8]

  /// Reads the settings of the run in a directory; what they mean matters only to whoever plays it.
  init(_ path: String) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    do throws(FileError) { settings = try WholeFile.read(path + "/config.json", atMost: 1 << 20) } catch {
      throw NamedFile.isNoRun(path, error)
    }
  }

  /// How the run was started.
  func record() throws(UsageError) -> RunRecord {
    do { return try JSONDecoder().decode(RunRecord.self, from: Data(settings)) } catch {
      throw .conflict(
        "\(path) cannot be played: its config.json is not one that this version of pgagent train has written; "
          + "its policy can be played with --env-cmd and --policy")
    }
  }

  /// The best policy of its evaluations, or the last one where there were none.
  var policyPath: String { Self.policyPath(in: path) }

  /// The best policy of the run in a directory.
  static func policyPath(in directory: String) -> String {
    let best = directory + "/best-policy.json"
    return FileManager.default.fileExists(atPath: best) ? best : directory + "/policy.json"
  }
}
