/// Why a server can no longer be talked to.
///
/// The description is for people: a sentence that names the process, the phase and what to do, followed by the
/// server's last lines on standard error where there are any.
public struct ConnectionError: Error, CustomStringConvertible, Sendable {
  /// What went wrong.
  public enum Reason: Sendable {
    /// No whole line arrived in time.
    case timedOut
    /// The output ended; how the process ended, or nil when it goes on running or is not ours.
    case ended(ChildProcess.Exit?)
    /// Somebody asked this program to stop while it waited.
    case interrupted
    /// A line that does not begin with `{` has a reply in it.
    case noiseBeforeReply(line: String)
    /// A line that is longer than the maximum, in bytes.
    case lineTooLong(maximum: Int)
    /// The server's answer cannot be used: what it did, and what to do about it.
    case rejected(happening: String, advice: String)
    /// It had been closed before.
    case closed
    /// The system refused to read or write.
    case system(DescriptorError)
  }

  /// What went wrong.
  public let reason: Reason
  /// The server's command, or the name of whatever is at the other end.
  public let server: String
  /// What the driver was doing, and how long it would have waited.
  public let phase: ConnectionPhase
  /// The beginning of the last line that was sent; empty when there was none.
  public let request: String
  /// The beginning of the reply that was rejected; empty when there was none.
  public let reply: String
  /// The server's last lines on standard error, oldest first.
  public let errorLines: [String]

  /// The last lines of the traceback that the server's refusal had; empty when there was none.
  let traceback: [String]
  let partialLine: String
  let hasWritten: Bool
  let isStopped: Bool
  /// Whether the server is all right and would refuse the same request again.
  let isRefusal: Bool

  /// A sentence or two for people, then the server's last lines on standard error.
  public var description: String {
    var text = "\(server) \(happening) (\(circumstances)). \(advice)"
    if !traceback.isEmpty {
      text += "\n  The end of its traceback:" + traceback.map { "\n    " + $0 }.joined()
    }
    if !errorLines.isEmpty {
      text += "\n  Its last lines on standard error:" + errorLines.map { "\n    " + $0 }.joined()
    }
    return text
  }

  private var happening: String {
    switch reason {
    case .timedOut: "did not answer within \(Self.seconds(phase.limit))"
    case .ended(let exit?): "\(exit) without an answer"
    case .ended(nil): "closed its output without an answer"
    case .interrupted: "had not answered when this program was asked to stop"
    case .noiseBeforeReply(let line): "wrote other text in front of a reply, on the same line: \(line)"
    case .lineTooLong(let maximum): "wrote a line of more than \(maximum) bytes"
    case .rejected(let happening, _): happening
    case .closed: "was to be used after it had been closed"
    case .system(let error): "cannot be reached any more: \(error)"
    }
  }

  private var circumstances: String {
    var text = "phase: \(phase.name); " + (request.isEmpty ? "nothing was sent before" : "request: \(request)")
    if !reply.isEmpty { text += "; reply: \(reply)" }
    return text
  }

  private var advice: String {
    switch reason {
    case .timedOut where isStopped:
      return
        "It is stopped: a program that needs the terminal cannot be a server, so give it all it needs on its command line."
    case .timedOut where !partialLine.isEmpty:
      return
        "Of its reply there is only \(partialLine), without the end of the line: every reply ends with a newline and is flushed."
    case .timedOut where !hasWritten:
      return "It has written nothing at all so far: does it flush its output after every line? "
        + patience
    case .timedOut: return patience
    case .ended(let exit):
      var text = partialLine.isEmpty ? "" : "Its last line was cut off: \(partialLine). "
      switch exit {
      case .status(127): text += "Status 127 usually means that a program it calls was not found."
      case .status(0): text += "Is this the command of a server, which goes on until its input ends?"
      case .status, .signal: text += "Run the command by itself to see why."
      case nil: text += "A server writes one reply to every request until its input ends."
      }
      return text
    case .interrupted: return "It was not waited for."
    case .noiseBeforeReply:
      return "Everything but replies belongs on standard error; end the other text with a newline at least."
    case .lineTooLong: return "Raise the limit for a line on this side, or let the server send less."
    case .rejected(_, let advice): return advice
    case .closed: return "This is a mistake of this program, not of the server."
    case .system: return "This is a fault of the system or of this program's use of it, not of the server."
    }
  }

  private var patience: String {
    let option = phase.option.map { " (pgagent has \($0) for it)" } ?? ""
    return "If it only needs longer, raise the time limit for \(phase.name)\(option)."
  }

  private static func seconds(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return seconds == seconds.rounded() ? "\(Int(clamping: Int64(min(seconds, 9e15)))) s" : "\(seconds) s"
  }
}
