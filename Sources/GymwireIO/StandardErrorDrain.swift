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
  private let prefix: String?

  /// - Parameters:
  ///   - descriptor: the reading end, from now on owned by the drain.
  ///   - prefix: put in front of every line that is passed on to our own standard error; nil shows nothing.
  init(descriptor: Int32, prefix: String?) {
    Platform.setNonBlocking(descriptor)
    state = Mutex(State(descriptor: descriptor))
    self.prefix = prefix
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
    // Where older bytes were given up, a character may have lost its beginning.
    let lines = String(decoding: tail.drop { $0 & 0xC0 == 0x80 }, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.suffix(count).map { VisibleText.excerpt($0.utf8, limit: 300) }
  }

  private func take(_ bytes: UnsafeRawBufferPointer, _ state: inout State) {
    // A long piece loses its beginning here, so what came before it goes too: the tail has no hole.
    if bytes.count > Self.tailCapacity { state.tail.removeAll(keepingCapacity: true) }
    state.tail.append(contentsOf: bytes.suffix(Self.tailCapacity))
    if state.tail.count > 2 * Self.tailCapacity {
      state.tail.removeFirst(state.tail.count - Self.tailCapacity)
    }
    guard prefix != nil else { return }
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        show(&state.unfinishedLine, count: state.unfinishedLine.count)
      } else {
        state.unfinishedLine.append(byte)
        guard state.unfinishedLine.count >= Self.longestShownLine else { continue }
        show(&state.unfinishedLine, count: VisibleText.wholeCharacters(state.unfinishedLine))
      }
    }
  }

  private func finish(_ state: inout State) {
    guard let descriptor = state.descriptor else { return }
    Platform.close(descriptor)
    state.descriptor = nil
    if !state.unfinishedLine.isEmpty { show(&state.unfinishedLine, count: state.unfinishedLine.count) }
  }

  /// Shows the first bytes of a line, and keeps the others.
  private func show(_ line: inout [UInt8], count: Int) {
    var shown = line.prefix(count)
    if shown.last == UInt8(ascii: "\r") { shown.removeLast() }
    StandardStreams.report((prefix ?? "") + VisibleText.line(String(decoding: shown, as: UTF8.self)))
    line.removeFirst(count)
  }
}
