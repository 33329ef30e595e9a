import Synchronization

/// The directory that goes with this program should a signal end it at once, as there is nothing in it yet but its lock.
///
/// A signal handler takes no lock and allocates nothing, so the paths are C strings that are never freed. A program has
/// one such directory at most; of several the last one counts.
enum UnusedDirectory {
  private struct Paths {
    let lock: UnsafeMutablePointer<CChar>
    let directory: UnsafeMutablePointer<CChar>
  }

  // The pointer is atomic, and what it points to never changes.
  nonisolated(unsafe) private static let paths = Atomic<UnsafeMutablePointer<Paths>?>(nil)

  /// Touches what a signal handler reads, so that it never has to be made there.
  static func prepare() { _ = paths.load(ordering: .relaxed) }

  /// From now on a directory, with the file of its lock, is in no use.
  static func set(_ directory: String, lock: String) {
    let new = UnsafeMutablePointer<Paths>.allocate(capacity: 1)
    new.initialize(to: Paths(lock: Platform.copy(lock), directory: Platform.copy(directory)))
    paths.store(new, ordering: .releasing)
  }

  /// From now on it is in use, or gone.
  static func clear() { paths.store(nil, ordering: .releasing) }

  /// Removes it unless something else is in it; safe in a signal handler.
  static func remove() {
    guard let paths = paths.load(ordering: .acquiring)?.pointee else { return }
    Platform.unlink(paths.lock)
    Platform.removeDirectory(paths.directory)
  }
}
