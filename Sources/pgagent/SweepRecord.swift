#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import GymwireIO

/// What `sweep.json` holds: which runs a sweep has, so that it can go on.
struct SweepRecord: Codable {
  private struct Run: Codable {
    var name: String
    var group: [String]
    var arguments: [String]
    var epochs: Int
  }

  static let fileName = "sweep.json"
  private static let largestSize = 1 << 28
  private var sweep: [Run]

  init(_ runs: [SweepRun]) {
    sweep = runs.map { Run(name: $0.name, group: $0.group, arguments: $0.words, epochs: $0.epochs) }
  }

  /// The runs, none of which has begun as far as this knows.
  var runs: [SweepRun] {
    sweep.map { SweepRun(name: $0.name, group: $0.group, words: $0.arguments, epochs: $0.epochs) }
  }

  /// Whether a directory is that of a sweep.
  static func exists(in directory: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(directory)/\(fileName)")
  }

  func write(to directory: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(
      String(decoding: encoder.encode(self), as: UTF8.self) + "\n", to: "\(directory)/\(Self.fileName)")
  }

  static func read(from directory: String) throws -> SweepRecord {
    let bytes = try WholeFile.read("\(directory)/\(fileName)", atMost: largestSize)
    let names = { (record: SweepRecord) in record.sweep.map(\.name) }
    guard let record = try? JSONDecoder().decode(SweepRecord.self, from: Data(bytes)),
      // A name that leads elsewhere is not one that this program has written.
      names(record).allSatisfy({ RunName.component($0) == $0 }), Set(names(record)).count == record.sweep.count
    else {
      throw UsageError.conflict(
        "--resume \(directory) cannot be read: its \(fileName) is not one that this command has written")
    }
    return record
  }
}
