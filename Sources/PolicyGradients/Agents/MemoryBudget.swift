#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How much memory the experience of a run may take: what is beyond this machine is refused before any of it is taken.
enum MemoryBudget {
  /// Three quarters of what the machine has, in bytes.
  static let bytes = 0.75 * Double(ProcessInfo.processInfo.physicalMemory)

  /// Refuses settings that would take too much.
  ///
  /// - Parameters:
  ///   - bytes: what is taken, as a number that cannot overflow.
  ///   - setting: the setting that most of it comes from.
  static func require(_ bytes: Double, for what: String, _ setting: String, value: String) throws(TrainingError) {
    guard bytes <= Self.bytes else {
      throw .unusableSetting(
        name: setting, value: value,
        requirement: "smaller: \(what) would take \(gigabytes(bytes)) GB of memory, and \(gigabytes(Self.bytes)) GB of "
          + "this machine's may be taken")
    }
  }

  private static func gigabytes(_ bytes: Double) -> String {
    let tenths = (bytes / 1e8).rounded()
    return tenths < 1e15 ? "\(tenths / 10)" : "very many"
  }
}
