#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Descriptors: reading, writing, waiting.
extension Platform {
  @inline(__always)
  static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
    return count < 0 ? -Int(errno) : count
  }

  @inline(__always)
  static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    let count = systemWrite(descriptor, bytes.baseAddress, bytes.count)
    return count < 0 ? -Int(errno) : count
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Waits until the descriptor can be read (or has ended); 0 means that the time is over.
  static func poll(_ descriptor: Int32, forWriting: Bool = false, milliseconds: Int32) -> Int {
    var entry = pollfd(fd: descriptor, events: Int16(forWriting ? POLLOUT : POLLIN), revents: 0)
    let count = systemPoll(&entry, 1, milliseconds)
    return count < 0 ? -Int(errno) : Int(count)
  }

  /// Waits until one of the descriptors can be read, and returns those that can.
  static func readable(_ descriptors: [Int32], milliseconds: Int32) -> [Int32] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard systemPoll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return [] }
    return entries.filter { $0.revents != 0 }.map(\.fd)
  }

  /// Whether whoever should read what is written to a pipe or socket is gone.
  static func hasNoReader(_ descriptor: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    return systemPoll(&entry, 1, 0) > 0 && Int32(entry.revents) & Int32(POLLERR | POLLHUP) != 0
  }

  static func close(_ descriptor: Int32) { _ = systemClose(descriptor) }

  /// Both ends of a new pipe, closed by `exec`, and never one of the three standard descriptors.
  ///
  /// A process that was started with its standard input closed gets descriptor 0 for its first pipe, and redirecting
  /// 0 onto 0 in a child would leave it closed by `exec`.
  static func pipe() -> Result<(reading: Int32, writing: Int32), SystemError> {
    var ends: [Int32] = [-1, -1]
    guard systemPipe(&ends) == 0 else { return .failure(SystemError(number: errno)) }
    for end in 0..<2 {
      if ends[end] > 2 {
        _ = fcntl(ends[end], F_SETFD, FD_CLOEXEC)
      } else {
        let moved = fcntl(ends[end], F_DUPFD_CLOEXEC, 3)
        let failure = SystemError(number: errno)
        close(ends[end])
        guard moved >= 0 else {
          close(ends[1 - end])
          return .failure(failure)
        }
        ends[end] = moved
      }
    }
    return .success((ends[0], ends[1]))
  }

  /// A second number for the same open file, closed by `exec` and above the standard three; minus an error number.
  static func duplicate(_ descriptor: Int32) -> Int32 {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    return copy < 0 ? -errno : copy
  }

  static func redirect(_ descriptor: Int32, to target: Int32) -> Int32 {
    dup2(target, descriptor) < 0 ? -errno : 0
  }

  static func setNonBlocking(_ descriptor: Int32) {
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
  }

  /// Asks for a larger pipe, where the system can; a refusal changes nothing.
  static func raisePipeCapacity(_ descriptor: Int32, to bytes: Int32) {
    #if os(Linux) || os(Android)
      let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, which the C library's module does not show
      _ = fcntl(descriptor, setPipeSize, bytes)
    #endif
  }

  /// A descriptor of its own on the same pipe whose reads never wait, or nil where the system has no such thing.
  ///
  /// `O_NONBLOCK` belongs to the open file, which a standard input shares with strangers; this is another open file.
  static func nonBlockingTwin(ofPipe descriptor: Int32) -> Int32? {
    #if os(Linux) || os(Android)
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return nil }
      let twin = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      return twin < 0 ? nil : twin
    #else
      return nil
    #endif
  }
}

// Inside `Platform` these names mean its own members.
@inline(__always)
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
@inline(__always)
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemPoll(_ entries: UnsafeMutablePointer<pollfd>, _ count: nfds_t, _ milliseconds: Int32) -> Int32 {
  poll(entries, count, milliseconds)
}
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
private func systemPipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 { pipe(ends) }
