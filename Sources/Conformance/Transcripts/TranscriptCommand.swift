#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GymwireIO

extension Transcript {
  /// The command that the file names, in which the name of a file beside it stands for that file's path.
  ///
  /// - Parameter directory: where the transcript is.
  public func command(beside directory: String) -> [String] {
    command.enumerated().map { index, word in
      let path = directory + "/" + word
      return index > 0 && FileManager.default.fileExists(atPath: path) ? path : word
    }
  }
}
