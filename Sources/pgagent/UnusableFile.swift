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

  /// Reads the checkpoint of the run in `directory`, or goes on from it.
  ///
  /// - Throws: what `read` throws, which is named only where the file is at fault, and not the environment or a setting.
  static func namingCheckpoint<Value>(
    of directory: String, _ read: () throws(TrainingError) -> Value
  ) throws -> Value {
    do throws(TrainingError) { return try read() } catch {
      guard case .unusableFile = error else { throw error }
      throw checkpoint(of: directory, error)
    }
  }

  /// What is wrong with the checkpoint of the run in `directory`.
  static func checkpoint(of directory: String, _ fault: TrainingError) -> Self {
    Self(directory + "/checkpoint.json", fault, "The run cannot go on from it. \(remedy)")
  }

  /// What is wrong with a file that belongs to the checkpoint of the run in `directory`.
  ///
  /// - Parameter place: how far the file could be read, as a sentence.
  static func part(_ name: String, of directory: String, _ fault: TrainingError, _ place: String) -> Self {
    Self("\(directory)/\(name)", fault, "\(place) The checkpoint beside it cannot be used without it. \(remedy)")
  }

  private static let remedy =
    "What was learned is still in the policies beside it, for pgagent eval, serve and learn --policy; begin another run "
    + "with --out."
}
