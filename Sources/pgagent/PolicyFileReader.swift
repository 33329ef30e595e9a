import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients

/// Reads a policy file, now and again when it has been replaced.
final class PolicyFileReader {
  private let path: String
  private var bytes: [UInt8]?

  /// - Parameter path: a policy file, or the directory of a run, which stands for the best policy in it.
  init(path: String) {
    self.path = NamedFile.isDirectory(path) ? RecordedRun.policyPath(in: path) : path
  }

  /// The policy in the file as it is now.
  func read() throws -> any Policy {
    let bytes = try contents()
    let policy = try UnusableFile.namingPolicy(path) { () throws(TrainingError) in try PolicyFile.decode(bytes) }
    self.bytes = bytes
    return policy
  }

  /// What the file holds, for a run that begins with it.
  func readSnapshot() throws -> PolicySnapshot {
    let bytes = try contents()
    return try UnusableFile.namingPolicy(path) { () throws(TrainingError) in try PolicyFile.snapshot(bytes) }
  }

  private func contents() throws(UsageError) -> [UInt8] {
    try NamedFile.read(
      path, meaning: "the policy.json of a run, or its directory", atMost: PolicyFile.largestSize)
  }

  /// The policy in the file if it is another one than was read last; nil if the bytes are the same.
  func readIfReplaced() throws -> (any Policy)? {
    try contents() == bytes ? nil : read()
  }
}
