import GymwireIO

/// A server under attack, which is sent several lines at once and has to answer each.
final class Peer {
  /// What can go wrong before anybody looks at a reply.
  enum Trouble: Error, CustomStringConvertible {
    case ended(String)
    case silent(Double)

    var description: String {
      switch self {
      case .ended(let how): how
      case .silent(let seconds): "gave no reply for \(Int(seconds)) s"
      }
    }
  }

  let process: ChildProcess
  private var received: [UInt8] = []
  private var replies: [[UInt8]] = []

  init(_ command: [String]) throws { process = try ChildProcess(command: command) }

  /// Whether a reader of lines passes over this one.
  static func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }

  /// Sends lines, of which none is blank or has a line end in it, and waits for as many replies.
  ///
  /// Together they must fit into a pipe, so that neither side waits for the other to read, unless there is only one.
  func exchange(_ lines: [[UInt8]]) throws -> [[UInt8]] {
    let bytes = lines.reduce(into: []) { $0 += $1 + [0x0A] }
    let isSent = try? bytes.withUnsafeBytes { try process.input.writeAll($0, within: Patience.duration) }
    if isSent == false { throw Trouble.silent(Patience.seconds) }
    while replies.count < lines.count { try read() }
    defer { replies.removeFirst(lines.count) }
    return Array(replies[..<lines.count])
  }

  /// Whether more has come than was asked for.
  func hasSurplus() throws -> Bool {
    while process.output.isReadable(within: .zero) { try read() }
    return !replies.isEmpty || !received.isEmpty
  }

  private func read() throws {
    guard process.output.isReadable(within: Patience.duration) else { throw Trouble.silent(Patience.seconds) }
    let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = try process.output.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    guard !chunk.isEmpty else { throw Trouble.ended(ending()) }
    received += chunk
    var start = 0
    while let end = received[start...].firstIndex(of: 0x0A) {
      let line = Array(received[start..<end])
      // Notifications answer nothing.
      if !line.starts(with: Array("{\"op\":".utf8)) { replies.append(line) }
      start = end + 1
    }
    received.removeFirst(start)
  }

  /// How the process ended, with its last words.
  private func ending() -> String {
    let how = process.exit(within: Patience.duration)?.description ?? "closed its output and goes on"
    let words = process.lastErrorLines(3).joined(separator: " / ")
    return words.isEmpty ? how : "\(how): \(words)"
  }
}
