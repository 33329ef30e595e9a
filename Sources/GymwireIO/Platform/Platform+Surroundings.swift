#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this process was given: its directory, its program, its environment, its processors.
extension Platform {
  static func currentDirectory() -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard getcwd(&buffer, buffer.count) != nil else { return nil }
    return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
  }

  /// The absolute path of the running program, symbolic links resolved where the system does so.
  static func executablePath() -> String? {
    #if canImport(Darwin)
      var size: UInt32 = 4096
      var buffer = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&buffer, &size) == 0, let resolved = realpath(buffer, nil) else { return nil }
      defer { free(resolved) }
      return String(cString: resolved)
    #else
      guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
      defer { free(resolved) }
      return String(cString: resolved)
    #endif
  }

  static func environment() -> [String] {
    var entries: [String] = []
    var next = environmentPointer()
    while let pointer = next, let entry = pointer.pointee {
      entries.append(String(cString: entry))
      next = pointer + 1
    }
    return entries
  }

  private static func environmentPointer() -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    #if canImport(Darwin)
      return _NSGetEnviron().pointee
    #else
      return systemEnvironment()
    #endif
  }

  /// How many files this process may have open, and how many it may allow itself; nil where the system does not tell.
  static func openFileLimits() -> (soft: Int, hard: Int)? {
    var limits = rlimit()
    guard getrlimit(openFiles, &limits) == 0 else { return nil }
    return (Int(clamping: limits.rlim_cur), Int(clamping: limits.rlim_max))
  }

  /// Changes how many files this process may have open, and tells whether the system did so.
  static func setOpenFileLimit(_ count: Int) -> Bool {
    var limits = rlimit()
    guard getrlimit(openFiles, &limits) == 0 else { return false }
    limits.rlim_cur = rlim_t(count)
    return setrlimit(openFiles, &limits) == 0
  }

  #if canImport(Glibc)
    private static var openFiles: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
  #else
    private static var openFiles: Int32 { RLIMIT_NOFILE }
  #endif

  static func processIdentifier() -> Int32 { getpid() }

  /// The name of this machine.
  static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "this machine" }
    return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  /// The processors that are on line, whether or not this process may use them.
  static func onlineProcessorCount() -> Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

#if !canImport(Darwin)
  private func systemEnvironment() -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? { environ }
#endif
