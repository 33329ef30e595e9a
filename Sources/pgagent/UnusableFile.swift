import PolicyGradients

/// A file of a run that does not hold what it should: which one, what is wrong with it, and what to do.
struct UnusableFile: Error, CustomStringConvertible {
  let description: String

  private init(_ path: String, _ fault: TrainingError, _ advice: String) {
    description = "\(path): \(fault) \(advice)"
  }

  /// Reads the bytes of a policy.
  static func namingPolicy<Value>(_ path: String, _ read: () throws(TrainingError) -> Value) throws(Self) -> Value {
    do throws(TrainingError) { return try read() } catch {
      throw Self(path, error, "Give the policy.json or best-policy.json of a run; a damaged one cannot be mended.")
    }
  }

  /// Reads the bytes of the checkpoint of the run in `directory`.
  static func namingCheckpoint<Value>(
    of directory: String, _ read: () throws(TrainingError) -> Value
  ) throws(Self) -> Value {
    do throws(TrainingError) { return try read() } catch {
      throw Self(
        directory + "/checkpoint.json", error,
        "The run cannot go on from it. What was learned is still in the policies beside it, for pgagent eval, serve and "
          + "learn --policy; begin another run with --out.")
    }
  }
}
