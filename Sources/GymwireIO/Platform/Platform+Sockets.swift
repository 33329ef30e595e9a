#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sockets that wait for connections.
extension Platform {
  /// Where a socket waits.
  enum SocketPlace: Equatable {
    /// The four or sixteen bytes of an address of version 4 or 6, and a port; 0 for any that is free.
    case network(address: [UInt8], port: UInt16)
    case file(String)
  }

  /// The bytes of an address in digits, of version 4 or 6; nil for anything else.
  static func addressBytes(_ text: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
    var six = in6_addr()
    return inet_pton(AF_INET6, text, &six) == 1 ? withUnsafeBytes(of: &six) { Array($0) } : nil
  }

  /// Opens a socket that waits for connections; `exec` closes it.
  static func listen(at place: SocketPlace) -> Result<Int32, SystemError> {
    let descriptor = open(place)
    guard descriptor >= 0 else { return .failure(SystemError(number: errno)) }
    var yes: Int32 = 1
    if case .network = place {
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    let isBound = withAddress(of: place) { systemBind(descriptor, $0, $1) == 0 } ?? false
    guard isBound, systemListen(descriptor, 16) == 0 else {
      let failure = SystemError(number: isBound || errno != 0 ? errno : ENAMETOOLONG)
      close(descriptor)
      return .failure(failure)
    }
    return .success(descriptor)
  }

  /// Whether somebody waits for connections at a place.
  static func isAnswered(_ place: SocketPlace) -> Bool {
    let descriptor = open(place)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withAddress(of: place) { systemConnect(descriptor, $0, $1) == 0 } ?? false
  }

  /// Waits for a connection; minus an error number where there will be none.
  static func accept(_ descriptor: Int32) -> Int32 {
    let connection = systemAccept(descriptor)
    guard connection >= 0 else { return -errno }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    // Each message is small and waited for.
    setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    return connection
  }

  /// The port at which a socket waits; nil for one that is a file.
  static func port(of descriptor: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0, [AF_INET, AF_INET6].contains(Int32(storage.ss_family)) else { return nil }
    return withUnsafeBytes(of: &storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
  }

  /// Whether a path is that of a socket.
  static func isSocket(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  private static func open(_ place: SocketPlace) -> Int32 {
    let family: Int32 =
      switch place {
      case .network(let address, _): address.count == 4 ? AF_INET : AF_INET6
      case .file: AF_UNIX
      }
    #if canImport(Glibc)
      let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(family, SOCK_STREAM, 0)
    #endif
    if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    return descriptor
  }

  /// Calls `body` with the place as the system has it; nil where a path is too long for that.
  private static func withAddress(
    of place: SocketPlace, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) -> Bool? {
    func call<Address>(_ address: inout Address) -> Bool {
      let length = socklen_t(MemoryLayout<Address>.size)
      return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
      }
    }
    switch place {
    case .network(let bytes, let port) where bytes.count == 4:
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
      return call(&address)
    case .network(let bytes, let port):
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
      return call(&address)
    case .file(let path):
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = Array(path.utf8)
      guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      return call(&address)
    }
  }
}

// Inside `Platform` these names mean its own members.
private func systemBind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  bind(descriptor, address, length)
}
private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  connect(descriptor, address, length)
}
private func systemListen(_ descriptor: Int32, _ backlog: Int32) -> Int32 { listen(descriptor, backlog) }
private func systemAccept(_ descriptor: Int32) -> Int32 { accept(descriptor, nil, nil) }
