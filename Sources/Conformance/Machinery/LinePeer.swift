import GymwireIO

/// The two pipes to a process, without any notion of what should go through them.
///
/// What a ``GymwireIO/ServerConnection`` forgives or reports in its own way (noise, half lines, silence) is what a check
/// wants to see.
final class LinePeer {
  /// What was found at the other end.
  enum Arrival {
    case line([UInt8])
    /// Bytes without an end, and then the end of the output.
    case unfinished([UInt8])
    case end
    /// Nothing within the time limit; what there was of a line.
    case silence(partial: [UInt8])
  }

  let process: ChildProcess
  let recorder: TranscriptRecorder?
  private(set) var isInputOpen = true
  // Lives as long as the process.
  private let scratch: ScratchDirectory?
  private var received: [UInt8] = []
  private var consumed = 0
  // No newline before here.
  private var scanned = 0

  /// - Parameter recorder: writes down all that goes through.
  init(command: [String], recorder: TranscriptRecorder? = nil) throws(ChildProcessError) {
    scratch = ScratchDirectory(for: command)
    process = try ChildProcess(command: scratch?.complete(command) ?? command)
    self.recorder = recorder
  }

  deinit {
    closeInput()
    process.kill()
  }

  /// What the process wrote to standard error last, and how it ended if it has.
  var lastWords: [String] {
    process.lastErrorLines(5) + (process.exit(within: .milliseconds(100)).map { ["(the program \($0))"] } ?? [])
  }

  /// Ends the process's input.
  func closeInput() {
    if isInputOpen { recorder?.inputEnded() }
    isInputOpen = false
    process.closeInput()
  }

  /// Writes bytes so many times over, in pieces of about 64 kB.
  func send(_ bytes: [UInt8], times: Int, within limit: Duration) throws -> Bool {
    if let recorder { bytes.withUnsafeBytes { recorder.sent($0, times: times) } }
    let perPiece = max(1, min(times, 65_536 / max(1, bytes.count)))
    let piece = Array(repeatElement(bytes, count: perPiece).joined())
    for _ in 0..<times / perPiece { guard try send(piece, within: limit) else { return false } }
    for _ in 0..<times % perPiece { guard try send(bytes, within: limit) else { return false } }
    return true
  }

  /// Writes bytes as they are.
  ///
  /// A process that has ended is not an error yet: its last words are still to be read.
  /// - Returns: false when the process does not read for longer than the limit.
  private func send(_ bytes: [UInt8], within limit: Duration) throws -> Bool {
    if Interruption.isRequested { throw Stopped() }
    do {
      return try bytes.withUnsafeBytes { try process.input.writeAll($0, within: limit) }
    } catch let error as DescriptorError where error.isBrokenPipe {
      return true
    }
  }

  /// Waits for the next line that is not blank, however much comes that is none.
  ///
  /// - Throws: ``Stopped`` once somebody has asked this program to stop.
  func next(within limit: Duration) throws -> Arrival {
    let start = ContinuousClock.now
    while true {
      if Interruption.isRequested { throw Stopped() }
      if let line = takeLine() {
        if line.isEmpty { continue }
        if let recorder { line.withUnsafeBytes { recorder.received($0) } }
        return .line(line)
      }
      let left = limit - start.duration(to: .now)
      guard process.output.isReadable(within: left) else {
        if Interruption.isRequested { throw Stopped() }
        return .silence(partial: Array(received[consumed...]))
      }
      // What comes without an end must not put off the limit.
      guard left >= .zero || limit == .zero else { return .silence(partial: Array(received[consumed...])) }
      guard try fill() else {
        defer { consumed = received.count }
        return consumed < received.count ? .unfinished(Array(received[consumed...])) : .end
      }
    }
  }

  /// Whether the process writes anything, or ends, within a time.
  func isHeard(within limit: Duration) -> Bool {
    consumed < received.count || process.output.isReadable(within: limit)
  }

  private func takeLine() -> [UInt8]? {
    guard let end = received[max(scanned, consumed)...].firstIndex(of: 0x0A) else {
      scanned = received.count
      return nil
    }
    var line = received[consumed..<end]
    consumed = end + 1
    if line.last == 0x0D { line.removeLast() }
    let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    return isBlank ? [] : Array(line)
  }

  private func fill() throws -> Bool {
    received.removeFirst(consumed)
    consumed = 0
    scanned = received.count
    let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = try process.output.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    received += chunk
    return !chunk.isEmpty
  }
}
