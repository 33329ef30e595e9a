import Synchronization

/// Empties one child's standard error, keeps its last lines for error messages and shows it to the user when asked.
///
/// The monitor's thread and whoever composes an error message both call ``drain()``; the lock is held while reading,
/// so a descriptor is never read after ``close()`` has given its number away.
final class StandardErrorDrain: Sendable {
  private static let tailCapacity = 4096
  private static let longestShownLine = 4096
  /// Enough to outrun any child, and few enough that other children have their turn.
  private static let chunksPerTurn = 16

  private struct State {
    var descriptor: Int32?
    var tail: [UInt8] = []
    var unfinishedLine: [UInt8] = []
  }

  private let state: Mutex<State>
  private let prefix: [UInt8]?

  /// - Parameters:
  ///   - descriptor: the reading end, from now on owned by the drain.
  ///   - prefix: put in front of every line that is passed on to our own standard error; nil shows nothing.
  init(descriptor: Int32, prefix: String?) {
    Platform.setNonBlocking(descriptor)
    state = Mutex(State(descriptor: descriptor))
    self.prefix = prefix.map { Array($0.utf8) }
  }

  /// The reading end, until the child has closed its own.
  var descriptor: Int32? { state.withLock { $0.descriptor } }

  /// Takes what is there now, without waiting.
  func drain() {
    state.withLock { state in
      withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
        for _ in 0..<Self.chunksPerTurn {
          guard let descriptor = state.descriptor else { return }
          let count = Platform.read(descriptor, buffer)
          if count > 0 {
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), &state)
          } else if count == 0 {
            finish(&state)
          } else if SystemError(number: Int32(-count)) != .interrupted {
            return
          }
        }
      }
    }
  }

  /// Stops reading and gives the descriptor back; what was read stays known.
  func close() {
    drain()
    state.withLock { finish(&$0) }
  }

  /// The last lines that the child wrote, oldest first, at most `count`.
  func lastLines(_ count: Int) -> [String] {
    drain()
    let tail = state.withLock { $0.tail }
    let lines = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.suffix(count).map { ConnectionError.excerpt(Array($0.utf8), limit: 300) }
  }

  private func take(_ bytes: UnsafeRawBufferPointer, _ state: inout State) {
    state.tail.append(contentsOf: bytes.suffix(Self.tailCapacity))
    if state.tail.count > 2 * Self.tailCapacity {
      state.tail.removeFirst(state.tail.count - Self.tailCapacity)
    }
    guard let prefix else { return }
    var shown: [UInt8] = []
    for byte in bytes {
      if state.unfinishedLine.isEmpty { state.unfinishedLine = prefix }
      state.unfinishedLine.append(byte)
      guard byte == UInt8(ascii: "\n") || state.unfinishedLine.count >= Self.longestShownLine else { continue }
      if byte != UInt8(ascii: "\n") { state.unfinishedLine.append(UInt8(ascii: "\n")) }
      shown += state.unfinishedLine
      state.unfinishedLine.removeAll(keepingCapacity: true)
    }
    show(shown)
  }

  private func finish(_ state: inout State) {
    guard let descriptor = state.descriptor else { return }
    Platform.close(descriptor)
    state.descriptor = nil
    if !state.unfinishedLine.isEmpty { show(state.unfinishedLine + [UInt8(ascii: "\n")]) }
    state.unfinishedLine = []
  }

  private func show(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { try? FileDescriptor.standardError.writeAll($0) }
  }
}
