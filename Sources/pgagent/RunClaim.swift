#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import GymwireIO

/// A directory that one run has to itself, from before there is anything in it until its process ends.
///
/// A directory that was made for the run goes again with the claim, unless something has been written to it.
final class RunClaim {
  let path: String
  private let lock: DirectoryLock
  private let isNew: Bool
  private var isBegun = false
  /// How many epochs the checkpoint has behind it that this process has written last.
  var savedEpoch: Int?
  /// Why a line is missing in one of its files, once one is.
  var failure: UnwritableRun?

  private init(_ path: String, _ lock: DirectoryLock, isNew: Bool) {
    (self.path, self.lock, self.isNew) = (path, lock, isNew)
    if isNew { lock.setInUse(false) }
    guard !lock.isEnforced else { return }
    StandardStreams.report(
      "warning: the file system of \(path) has no locks, so nothing keeps another run from writing there as well")
  }

  deinit {
    guard isNew, !isBegun else { return }
    lock.removeEmptyDirectory()
    lock.setInUse(true)
  }

  /// Takes the directory that `--out` names, which holds no run yet: nothing that was learned is to be lost.
  static func new(_ path: String) throws(UsageError) -> RunClaim {
    let claim: RunClaim
    do {
      let isNew = try Directory.make(path)
      claim = RunClaim(path, try DirectoryLock(path), isNew: isNew)
    } catch DirectoryLock.Refusal.isTaken(let holder) {
      throw .conflict("--out \(path): \(DirectoryLock.Refusal.isTaken(by: holder)); choose another directory")
    } catch {
      throw .conflict("the directory \(path) cannot be used (\(error)); choose another place with --out")
    }
    guard let file = claim.worthyFile else { return claim }
    let way = ["config.json", SweepRecord.fileName].contains(file) ? ", or go on with it by --resume \(path)" : ""
    throw .conflict("--out \(path) holds a run already, with its \(file); choose another directory\(way)")
  }

  /// Takes the first of `path`, `path-2`, `path-3` and so on that does not exist.
  ///
  /// Making the directory is what takes the name, so that runs which begin at the same moment get one each.
  static func numbered(_ path: String) throws(UsageError) -> RunClaim {
    var number = 1
    while true {
      let name = number == 1 ? path : "\(path)-\(number)"
      do {
        if try Directory.make(name) { return RunClaim(name, try DirectoryLock(name), isNew: true) }
      } catch DirectoryLock.Refusal.isTaken {
        // Somebody gave this very name with --out in the same moment.
      } catch {
        throw .conflict("the directory \(name) cannot be used (\(error)); choose another place with --out")
      }
      number += 1
    }
  }

  /// Takes the directory of a run that is to go on.
  static func resumed(_ path: String) throws(UsageError) -> RunClaim {
    do throws(FileError) { _ = try WholeFile.read(path + "/config.json", atMost: RunDirectory.largestSettings) } catch {
      throw NamedFile.isNoRun(path, of: "--resume", error)
    }
    return try taken(path)
  }

  /// Whether a run has begun in a directory.
  static func holdsRun(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/config.json") }

  /// Takes the directory of a run to be resumed; the caller has checked that it is one.
  static func taken(_ path: String) throws(UsageError) -> RunClaim {
    do throws(DirectoryLock.Refusal) { return RunClaim(path, try DirectoryLock(path), isNew: false) } catch {
      switch error {
      case .isTaken: throw .conflict("--resume \(path): \(error); wait for its end, or stop it first")
      case .failed: throw .conflict("--resume \(path) cannot go on: \(error)")
      }
    }
  }

  /// From now on the directory stays.
  func begin() {
    isBegun = true
    lock.setInUse(true)
    AtomicFile.removeLeftovers(in: path)
  }

  /// The first file in it that a new run would spoil; nil if there is none.
  var worthyFile: String? {
    (["config.json", SweepRecord.fileName] + Self.learnedFiles).first { !isEmpty($0) }
  }

  /// The first file in it that was learned and that a run from the beginning would spoil; nil if there is none.
  var learnedFile: String? { Self.learnedFiles.first { !isEmpty($0) } }

  private static let learnedFiles = [
    "checkpoint.json", "policy.json", "best-policy.json", "metrics.jsonl", "evaluations.jsonl",
  ]

  private func isEmpty(_ name: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    guard let attributes else { return true }
    return attributes[.size] as? Int == 0
  }
}
