import GymwireIO

/// The least that two processes can do over two pipes: blocking writes and reads of a fixed number of bytes.
///
/// The other side is this same executable, which answers each request's worth of bytes with a reply's worth.
final class BarePipe {
  struct Sizes {
    /// Bytes of one request and of one reply.
    var request, reply: Int
  }

  private let peer: ChildProcess
  private let sizes: Sizes
  private let buffer: UnsafeMutableRawBufferPointer

  init(_ sizes: Sizes) throws {
    self.sizes = sizes
    buffer = .allocate(byteCount: max(sizes.request, sizes.reply), alignment: 64)
    buffer.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: " "))
    peer = try ChildProcess(command: [ownPath(), "peer", "\(sizes.request)", "\(sizes.reply)"])
  }

  deinit {
    peer.terminate()
    buffer.deallocate()
  }

  func roundTrips(_ count: Int) throws {
    for _ in 0..<count {
      try send()
      try receive()
    }
  }

  /// Writes a request's worth of bytes.
  func send() throws { try peer.input.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<sizes.request])) }

  /// Reads a reply's worth of bytes.
  func receive() throws { _ = try peer.output.fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<sizes.reply])) }

  /// The other side, which ends at the end of its input.
  static func answer(_ sizes: Sizes) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(sizes.request, sizes.reply), alignment: 64)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: " "))
    while try FileDescriptor.standardInput.fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<sizes.request])) {
      try FileDescriptor.standardOutput.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<sizes.reply]))
    }
  }
}

extension FileDescriptor {
  /// Reads until the buffer is full; false at the end of input.
  fileprivate func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      guard count > 0 else { return false }
      filled += count
    }
    return true
  }
}
