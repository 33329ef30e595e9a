import Conformance
import Foundation
import GymwireIO
import TestSupport

/// The golden dialogues of protocol/transcripts.
extension Transcript {
  static let directory = repositoryRoot + "/protocol/transcripts"

  /// The names of all files, sorted.
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
    .filter { $0.hasSuffix(".txt") }.sorted()

  init(named name: String) throws {
    try self.init(String(contentsOfFile: Self.directory + "/" + name, encoding: .utf8), name: name)
  }
}
