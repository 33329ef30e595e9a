import CommandLineOptions
import PolicyGradients

/// `--policy` of the commands that learn: what another run has learned, or was cloned, to begin with.
enum StartingPolicy {
  static let path = Option(
    "policy", .path(), defaultText: "a policy that knows nothing",
    help: "Begin with the policy.json of a run: its spaces, its architecture and all that it has learned.")

  /// The settings that a policy decides.
  static let decided: Set = ["hidden", "activation", "init", "sigma", "log-std", "normalize-obs"]

  /// What the file that is named holds, to which the settings are made to fit; nil where none is.
  static func snapshot(
    _ arguments: Arguments, _ hyperparameters: Hyperparameters, fitting settings: inout SettingValues
  ) throws -> PolicySnapshot? {
    guard let path = arguments[path] else { return nil }
    let snapshot = try PolicyFileReader(path: path).readSnapshot()
    if let name = hyperparameters.given(arguments).map(\.name).first(where: decided.contains) {
      throw UsageError.conflict("--\(name) cannot be given with --policy, whose policy decides it")
    }
    settings = settings.fitted(to: snapshot)
    return snapshot
  }
}
