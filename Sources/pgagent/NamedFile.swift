#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import GymwireIO

/// A file or directory that the command line names, and the one place for the sentences that refuse it.
///
/// In each function `option` is what stands in front of the path, such as `--from`, or nil where nothing does.
enum NamedFile {
  /// All bytes of a file.
  ///
  /// - Parameter meaning: what should be given, such as "a transcript".
  static func read(
    _ path: String, of option: String? = nil, meaning: String, atMost limit: Int
  ) throws(UsageError) -> [UInt8] {
    do throws(FileError) { return try WholeFile.read(path, atMost: limit) } catch {
      throw .conflict("\(label(path, option)) cannot be read; give \(meaning) (\(reason(error, path)))")
    }
  }

  /// Refuses a path where no file can be written, before work is done that would be lost.
  static func requireWritable(_ path: String, of option: String) throws(UsageError) {
    guard let reason = obstacle(to: path) else { return }
    throw .conflict("\(label(path, option)) cannot be written; give the path of a file (\(reason))")
  }

  /// Makes a directory where there is none.
  static func makeDirectory(_ path: String, of option: String) throws(UsageError) {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw .conflict("\(label(path, option)) cannot be used; give a directory that can be written to")
    }
  }

  /// Why a directory does not hold a run, whose settings could not be read.
  static func isNoRun(_ path: String, of option: String? = nil, _ error: FileError) -> UsageError {
    .conflict(
      "\(label(path, option)) is not a run; give the directory of one "
        + "(config.json: \(reason(error, path + "/config.json")))")
  }

  private static func label(_ path: String, _ option: String?) -> String { (option.map { $0 + " " } ?? "") + path }

  private static func reason(_ error: FileError, _ path: String) -> String {
    error.isMissing ? "there is no such file" : isDirectory(path) ? "it is a directory" : error.reason
  }

  private static func obstacle(to path: String) -> String? {
    if isDirectory(path) { return "it is a directory" }
    // Devices and FIFOs are written to in their place, whoever may make files beside them.
    if FileManager.default.fileExists(atPath: path) { return nil }
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard isDirectory(parent) else { return "there is no directory \(parent)" }
    return FileManager.default.isWritableFile(atPath: parent) ? nil : "no file can be made in \(parent)"
  }

  // Only a directory has an entry of this name.
  static func isDirectory(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/.") }
}
