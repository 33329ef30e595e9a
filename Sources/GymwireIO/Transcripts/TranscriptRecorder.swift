import JSONLines
import Synchronization

/// Writes down a conversation as it happens, as a transcript that can be replayed.
///
/// The format is that of protocol/transcripts/README.md. Each line is in the file as soon as it has been said, so that
/// the file tells how far a conversation came that ended badly.
public final class TranscriptRecorder: Sendable {
  private struct State {
    /// Whether the last bytes that were sent ended a line.
    var isAtLineStart = true
    /// Requests that have not been answered yet.
    var outstanding = 0
    var hasFailed = false
  }

  private let file: GrowingFile
  private let warn: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Begins the file.
  ///
  /// - Parameters:
  ///   - command: the server's command, by which the transcript is replayed.
  ///   - warn: told once if the file cannot be written any more; the conversation goes on.
  /// - Throws: ``FileError``.
  public init(
    _ path: String, command: [String], warn: @escaping @Sendable (String) -> Void
  ) throws(FileError) {
    file = try GrowingFile(path, beginningWith: "$ \(ShellWords.quote(command))\n")
    self.warn = warn
  }

  /// Whether a request has been sent to which no reply has come.
  var isOutstanding: Bool { state.withLock { $0.outstanding > 0 } }

  /// Notes bytes that went to the server.
  ///
  /// - Parameter times: how often they went, one after the other.
  public func sent(_ bytes: UnsafeRawBufferPointer, times: Int = 1) {
    guard !bytes.isEmpty, times > 0 else { return }
    state.withLock { state in
      let isLine = bytes.last == 0x0A
      if isLine { state.outstanding += times }
      let wasAtLineStart = state.isAtLineStart
      state.isAtLineStart = isLine
      let content = bytes.dropLast()
      let text = String(validating: content, as: UTF8.self)
      if isLine, times == 1, wasAtLineStart, let text, !content.contains(0x0A) {
        write("> \(text)\n", &state)
      } else {
        let quoted = String(validating: bytes, as: UTF8.self).map { JSONValue.string($0).text }
        write(">> " + (times > 1 ? "\(times) " : "") + (quoted ?? Self.base64(bytes)) + "\n", &state)
      }
    }
  }

  /// Notes a line that went to the server, given without its end.
  func sent(line: UnsafeRawBufferPointer) {
    (Array(line) + [0x0A]).withUnsafeBytes { sent($0) }
  }

  /// Notes a line that came from the server, without its end.
  public func received(_ line: UnsafeRawBufferPointer) {
    let text = String(decoding: line, as: UTF8.self)
    let value = try? JSONValue(parsing: line)
    let isReply = value.map { $0["id"] != nil || $0["op"] == nil } ?? (line.first == UInt8(ascii: "{"))
    state.withLock { state in
      if isReply { state.outstanding = max(0, state.outstanding - 1) }
      // What is no reply is not waited for when the transcript is replayed.
      write((isReply ? "< " : "# < ") + text + "\n", &state)
    }
  }

  /// Notes that the server's input was ended, unless it has ended itself by closing.
  public func inputEnded() { state.withLock { write("! end\n", &$0) } }

  /// Adds a remark.
  public func note(_ text: String) { state.withLock { write("# \(text.replacing("\n", with: " "))\n", &$0) } }

  private func write(_ text: String, _ state: inout State) {
    guard !state.hasFailed else { return }
    do throws(FileError) { try file.append(text) } catch {
      state.hasFailed = true
      warn("the conversation is recorded no further: \(error)")
    }
  }

  private static func base64(_ bytes: UnsafeRawBufferPointer) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("b64")
    Base64.encode(bytes, into: &writer)
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
