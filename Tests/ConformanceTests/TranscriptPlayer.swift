import GymwireIO
import JSONLines

/// Plays the driver's part of a transcript to a server, by means of its own: bytes out, bytes in, split at 0x0A.
struct TranscriptPlayer {
  /// Where the server left the script.
  struct Departure: Error, CustomStringConvertible {
    let description: String
  }

  private static let patience = Duration.seconds(30)

  private let transcript: Transcript
  private let server: ChildProcess
  private var received: [UInt8] = []
  private var consumed = 0

  /// Plays a transcript from beginning to end with a server that is started for it, and checks how that one ends.
  ///
  /// - Parameter command: the server; the transcript's own when nil.
  static func play(_ transcript: Transcript, with command: [String]? = nil) throws {
    try Shell.withDirectory { directory in
      let own = BuiltProgram.command(transcript.command).map { $0.replacing("{directory}", with: directory) }
      let server = try ChildProcess(command: command ?? own)
      defer { server.kill() }
      var player = TranscriptPlayer(transcript: transcript, server: server)
      try player.play()
    }
  }

  private mutating func play() throws {
    for (line, action) in transcript.actions {
      switch action {
      case .send(let bytes, let times): try send(bytes, times: times, line: line)
      case .endInput: server.closeInput()
      case .expect(let expected):
        guard let actual = try nextReply(line: line) else { throw departure(line, "the output ended") }
        guard ReplyComparison.matches(expected: expected, actual: actual) else {
          throw departure(line, "expected \(expected.text), got \(actual.text)")
        }
      }
    }
    let last = transcript.actions.last?.line ?? 0
    if let surplus = try nextLine(line: last) {
      throw departure(last, "the server wrote one line more: \(String(decoding: surplus, as: UTF8.self))")
    }
    let exit = server.exit(within: Self.patience)
    guard exit == .status(0) else {
      throw departure(last, "the server should have exited with status 0, but \(exit.map { "\($0)" } ?? "runs on")")
    }
  }

  private func send(_ bytes: [UInt8], times: Int, line: Int) throws {
    // Long repetitions go out in pieces of about 64 kB.
    let perPiece = max(1, min(times, 65_536 / max(1, bytes.count)))
    let piece = Array(repeatElement(bytes, count: perPiece).joined())
    do {
      for _ in 0..<times / perPiece { try piece.withUnsafeBytes { try server.input.writeAll($0) } }
      for _ in 0..<times % perPiece { try bytes.withUnsafeBytes { try server.input.writeAll($0) } }
    } catch {
      throw departure(line, "the server does not read: \(error)")
    }
  }

  /// The next line that is not a notification.
  private mutating func nextReply(line: Int) throws -> JSONValue? {
    while let bytes = try nextLine(line: line) {
      let reply = try bytes.withUnsafeBytes { try JSONValue(parsing: $0) }
      if reply["op"] == nil || reply["id"] != nil { return reply }
    }
    return nil
  }

  private mutating func nextLine(line: Int) throws -> [UInt8]? {
    while true {
      if let end = received[consumed...].firstIndex(of: 0x0A) {
        defer { consumed = end + 1 }
        return Array(received[consumed..<end])
      }
      guard server.output.isReadable(within: Self.patience) else {
        throw departure(line, "nothing came within \(Self.patience)")
      }
      let chunk = try [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
        count = try server.output.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if chunk.isEmpty { return nil }
      received += chunk
    }
  }

  private func departure(_ line: Int, _ what: String) -> Departure {
    Departure(description: "\(transcript.name):\(line): \(what)")
  }
}
