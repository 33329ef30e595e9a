#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GymwireIO

/// Why nothing more can be written of a run.
struct UnwritableRun: Error, CustomStringConvertible {
  private let happening: String

  init(path: String, epoch: Int?, _ cause: FileError) {
    let isSafe = FileManager.default.fileExists(atPath: path + "/checkpoint.json")
    let saved = epoch.map { " after epoch \($0)" } ?? ""
    happening =
      isSafe
      ? "\(cause); the run is safe as it was last saved\(saved): mend that, and go on with --resume \(path)"
      : "\(cause); the run's directory or its checkpoint is gone"
  }

  var description: String { happening }
}
