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
