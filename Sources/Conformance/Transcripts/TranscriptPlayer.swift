import GymwireIO
import JSONLines

/// Plays the driver's part of a transcript to a server: bytes out, bytes in, split at 0x0A.
public struct TranscriptPlayer {
  /// Where the server left the script.
  public struct Difference: Error, CustomStringConvertible, Sendable {
    /// The file and the line.
    public let place: String
    /// What the script has.
    public let expected: String
    /// What came.
    public let came: String

    /// One sentence.
    public var description: String { "\(place): expected \(expected), but got \(came)" }
  }

  private let transcript: Transcript
  private let command: [String]
  private var peer: LinePeer
  private let limit: Duration

  /// Plays a transcript from beginning to end with a server that is started for it, and checks how that one ends.
  ///
  /// - Parameters:
  ///   - command: the server.
  ///   - limit: how long each reply, and the end, may take.
  /// - Returns: the number of replies that matched.
  /// - Throws: ``Difference`` at the first reply that does not match, `ChildProcessError` if the server cannot be started.
  @discardableResult
  public static func play(
    _ transcript: Transcript, with command: [String], limit: Duration = .seconds(30)
  ) throws -> Int {
    // A server that is started anew finds the directory as the one before has left it.
    let scratch = ScratchDirectory(for: command)
    let command = scratch?.complete(command) ?? command
    var player = TranscriptPlayer(
      transcript: transcript, command: command, peer: try LinePeer(command: command), limit: limit)
    return try withExtendedLifetime(scratch) { try player.play() }
  }

  private mutating func play() throws -> Int {
    var replies = 0
    for (line, action) in transcript.actions {
      switch action {
      case .send(let bytes, let times):
        guard try peer.send(bytes, times: times, within: limit) else {
          throw difference(line, "that the server reads", "nothing read for \(limit.seconds)")
        }
      case .endInput: peer.process.closeInput()
      case .restart:
        peer.process.kill()
        peer = try LinePeer(command: command)
      case .expect(let expected):
        let actual = try nextReply(line, expected)
        guard ReplyComparison.matches(expected: expected, actual: actual) else {
          throw difference(line, expected.text, actual.text)
        }
        replies += 1
      }
    }
    let last = transcript.actions.last?.line ?? 0
    if case .line(let surplus) = try peer.next(within: limit) {
      throw difference(last, "nothing more", String(decoding: surplus, as: UTF8.self))
    }
    let exit = peer.process.exit(within: limit)
    guard exit == .status(0) else {
      throw difference(last, "an exit with status 0", exit.map { "a server that \($0)" } ?? "a server that runs on")
    }
    return replies
  }

  /// The next line that is not a notification.
  private func nextReply(_ line: Int, _ expected: JSONValue) throws -> JSONValue {
    while true {
      switch try peer.next(within: limit) {
      case .line(let bytes):
        guard let reply = try? bytes.withUnsafeBytes({ try JSONValue(parsing: $0) }) else {
          throw difference(line, expected.text, "the line \(String(decoding: bytes, as: UTF8.self))")
        }
        if reply["op"] == nil || reply["id"] != nil { return reply }
      case .unfinished(let bytes):
        throw difference(line, expected.text, "a line without an end, \(String(decoding: bytes, as: UTF8.self))")
      case .end: throw difference(line, expected.text, "the end of the output: the server \(peer.ending)")
      case .silence: throw difference(line, expected.text, "nothing within \(limit.seconds)")
      }
    }
  }

  private func difference(_ line: Int, _ expected: String, _ came: String) -> Difference {
    Difference(place: "\(transcript.name):\(line)", expected: expected, came: came)
  }
}
