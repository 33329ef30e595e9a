#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A new directory for one process, removed with all that is in it when the object goes.
///
/// A command asks for it by the word `{directory}`.
final class ScratchDirectory {
  private let path: String

  /// Makes the directory if a command asks for one.
  init?(for command: [String]) {
    guard command.contains(where: { $0.contains("{directory}") }) else { return nil }
    path = FileManager.default.temporaryDirectory.path + "/gymwire-" + UUID().uuidString
    guard (try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)) != nil else {
      return nil
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The command with the directory's path in place of the word.
  func complete(_ command: [String]) -> [String] { command.map { $0.replacing("{directory}", with: path) } }
}
