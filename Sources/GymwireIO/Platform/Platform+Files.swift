#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and directories, read and written.
extension Platform {
  /// Opens a file that did not exist before, to write at its end; a negative result is an error number.
  ///
  /// A link that somebody has planted under the name is neither followed nor replaced.
  static func createExclusively(_ path: String, permissions: UInt32) -> Int32 {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(path, flags, mode_t(permissions))
    return descriptor < 0 ? -errno : descriptor
  }

  /// Opens what is there to write at its end; a negative result is an error number.
  static func openForAppending(_ path: String) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC)
    return descriptor < 0 ? -errno : descriptor
  }

  /// Opens a file to read it; a negative result is an error number.
  static func openForReading(_ path: String) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
    return descriptor < 0 ? -errno : descriptor
  }

  /// Opens a file to lock, and makes it if it is not there; a negative result is an error number.
  static func openLockFile(_ path: String) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
    return descriptor < 0 ? -errno : descriptor
  }

  /// Takes the lock of an open file without waiting for it; a negative result is an error number.
  static func lock(_ descriptor: Int32) -> Int32 { flock(descriptor, LOCK_EX | LOCK_NB) < 0 ? -errno : 0 }

  /// Empties an open file; a negative result is an error number.
  static func truncate(_ descriptor: Int32) -> Int32 { ftruncate(descriptor, 0) < 0 ? -errno : 0 }

  /// Waits until what was written is on the disk; a negative result is an error number.
  static func synchronize(_ descriptor: Int32) -> Int32 { fsync(descriptor) < 0 ? -errno : 0 }

  /// Waits until a directory's entries are on the disk, as far as the system can promise that.
  static func synchronize(directory path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Gives a file another name, replacing what has it; a negative result is an error number.
  static func rename(_ path: String, to target: String) -> Int32 { systemRename(path, target) < 0 ? -errno : 0 }

  static func unlink(_ path: UnsafePointer<CChar>) { _ = systemUnlink(path) }

  /// A C string that is never freed.
  static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
    return copy
  }

  /// Makes a directory; a negative result is an error number.
  static func makeDirectory(_ path: String) -> Int32 { mkdir(path, 0o777) < 0 ? -errno : 0 }

  /// Removes a directory that is empty.
  static func removeDirectory(_ path: UnsafePointer<CChar>) { _ = rmdir(path) }

  /// The path without symbolic links; nil where it leads nowhere.
  static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// What a file is to somebody who writes to it or locks it.
  struct FileStatus {
    enum Kind { case regular, directory, link, other }
    var kind: Kind
    var permissions: UInt32
    /// In bytes; 0 for what is no file.
    var size: Int
    /// The number of the device, and that of the file on it.
    var identity: [UInt64]

    fileprivate init(_ status: stat) {
      switch status.st_mode & S_IFMT {
      case S_IFREG: kind = .regular
      case S_IFDIR: kind = .directory
      case S_IFLNK: kind = .link
      default: kind = .other
      }
      size = kind == .regular ? Int(status.st_size) : 0
      permissions = UInt32(status.st_mode & 0o777)
      identity = [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
    }
  }

  /// The status of what has the name itself, links not followed; nil if there is no such thing.
  static func status(_ path: String) -> FileStatus? {
    var status = stat()
    return lstat(path, &status) == 0 ? FileStatus(status) : nil
  }

  /// The status of an open file.
  static func status(_ descriptor: Int32) -> FileStatus? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? FileStatus(status) : nil
  }

  enum FileKind { case missing, directory, executable, notExecutable }

  static func kind(of path: String) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    if status.st_mode & S_IFMT == S_IFDIR { return .directory }
    return access(path, X_OK) == 0 ? .executable : .notExecutable
  }

  /// The beginning of a file, at most `limit` bytes, or nil when it cannot be read.
  static func beginning(of path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return readAll(descriptor, limit: limit)
  }

  /// The end of a file, at most `limit` bytes, or nil when it cannot be read.
  static func end(of path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    guard size >= 0, lseek(descriptor, max(0, size - off_t(limit)), SEEK_SET) >= 0 else { return nil }
    return readAll(descriptor, limit: limit)
  }

  private static func readAll(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit {
      let count = bytes.withUnsafeMutableBytes { read(descriptor, .init(rebasing: $0[filled...])) }
      if count == -Int(EINTR) { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }

  /// The names in a directory, `.` and `..` among them.
  static func directoryEntries(_ path: String) throws(SystemError) -> [String] {
    guard let directory = opendir(path) else { throw SystemError(number: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          names.append(String(cString: $0))
        }
      }
    }
    return names
  }
}

// Inside `Platform` these names mean its own members.
private func systemRename(_ path: String, _ target: String) -> Int32 { rename(path, target) }
private func systemUnlink(_ path: UnsafePointer<CChar>) -> Int32 { unlink(path) }
