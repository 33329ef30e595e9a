/// How many files this process may have open, which the system keeps low unless it is asked.
enum OpenFileLimit {
  /// Three pipes, another view of one of them, and a transcript.
  private static let filesOfProcess = 5
  /// What starting one process needs for a moment, and this program for other things.
  private static let reserve = 32

  /// Raises the soft limit where so many processes need it, and no further than they do.
  ///
  /// - Returns: what is missing, as a clause; nil if they can be had.
  static func raise(forProcesses count: Int) -> String? {
    let opened = (try? Platform.directoryEntries("/proc/self/fd"))?.count ?? 0
    let needed = max(opened, 3) + count * filesOfProcess + reserve
    guard let (soft, hard) = Platform.openFileLimits(), soft < needed else { return nil }
    if needed <= hard, Platform.setOpenFileLimit(needed) { return nil }
    return "\(count) processes of it need \(needed) open files, and the system allows this program \(hard) "
      + "(ulimit -Hn): ask for fewer processes, or raise that limit"
  }
}
