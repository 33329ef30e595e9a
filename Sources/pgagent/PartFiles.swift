#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GymwireIO
import PolicyGradients

/// The files of a run's directory that hold parts too large for its checkpoint: `replay-1.part` and so on.
struct PartFiles {
  private static let suffix = ".part"
  private let directory: String
  private let names: [String]

  /// Looks at what there is.
  init(in directory: String) throws {
    self.directory = directory
    names = try Directory.names(in: directory).filter { $0.hasSuffix(Self.suffix) }
  }

  /// Writes a part to a file of a name that nothing has yet, and returns it.
  func write(_ file: any FilePart, of part: String) throws -> String {
    var number = 1
    while names.contains("\(part)-\(number)\(Self.suffix)") { number += 1 }
    let name = "\(part)-\(number)\(Self.suffix)"
    try AtomicFile.write(to: "\(directory)/\(name)") { write throws(DescriptorError) in try file.write(to: write) }
    return name
  }

  /// Removes those that were there, because a checkpoint with others is now.
  func remove() {
    for name in names { try? FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
  }

  /// Reads a part from the file of that name.
  ///
  /// - Throws: ``UnusableFile``, with the file, the place in it and what to do.
  func read(_ file: any FilePart, of part: String, _ name: String?) throws {
    guard let name, names.contains(name) else {
      throw UnusableFile.checkpoint(
        of: directory,
        .unusableFile(
          what: "checkpoint", reason: "the file of its \(part), \(name ?? "which it does not name,") is missing"))
    }
    guard let data = try? Data(contentsOf: URL(filePath: "\(directory)/\(name)"), options: .mappedIfSafe) else {
      throw UnusableFile.part(
        name, of: directory, .unusableFile(what: part, reason: "it is no file that may be read"),
        "Nothing of it was read.")
    }
    var position = data.startIndex
    do throws(TrainingError) {
      try file.read { (piece) throws(TrainingError) in
        let rest = data.endIndex - position
        guard piece.count <= rest else {
          throw .unusableFile(
            what: part, reason: "it was cut off: \(piece.count) more bytes belong to it, and \(rest) are left")
        }
        data.copyBytes(to: piece, from: position..<position + piece.count)
        position += piece.count
      }
      guard position == data.endIndex else {
        throw .unusableFile(what: part, reason: "it is longer than it should be")
      }
    } catch {
      throw UnusableFile.part(
        name, of: directory, error, "That came to light after \(position) of its \(data.count) bytes.")
    }
  }
}
