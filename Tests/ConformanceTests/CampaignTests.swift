import Foundation
import TestSupport
import Testing

/// The campaign in its short form: each attack for a moment, at the programs that were built along with the tests.
@Suite("The campaign, in its short form", .serialized, .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct CampaignTests {
  /// An attack and its words.
  static let attacks = [
    "lines --count 3000", "replies --count 600", "files --count 500", "kills --count 11", "disks --count 8",
    "soak --seconds 1",
  ]

  @Test("finds nothing", arguments: attacks)
  func attack(words: String) throws {
    let directory = NSTemporaryDirectory() + "gymwire-campaign-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let command =
      "cd '\(repositoryRoot)' && '\(BuiltProgram.path("campaign"))' \(words) --programs '\(BuiltProgram.path(""))' "
      + "--out '\(directory)' 2>&1"
    let (status, output) = try Shell.run(command)
    #expect(status == 0, "\(output)")
    let rows = output.split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.count > 1, "\(output)")
  }
}
