/// The end of a server that has been sent close: what ``ServerConnection/close(grace:)`` does, but without waiting, for
/// whoever has others to drive meanwhile.
final class ServerEnding {
  private let connection: ServerConnection
  private let grace: Duration
  private let start = Platform.nanoseconds()
  private var hasAskedToStop = false

  /// - Parameter grace: how long it has to end by itself, and how long again once it has got a signal.
  init(_ connection: ServerConnection, grace: Duration = .seconds(2)) {
    (self.connection, self.grace) = (connection, grace)
  }

  /// Whether it has gone, now that somebody looks; it is killed in the end.
  func isOver() -> Bool {
    let waited = Duration.nanoseconds(Platform.nanoseconds() &- start)
    // The reply to close belongs into the transcript, and needs the input open.
    if connection.isOwedToRecord, waited < grace, !connection.hasArrived() { return false }
    if let process = connection.process, waited < grace * 2 {
      process.closeInput()
      if !process.hasEnded {
        if waited >= grace, !hasAskedToStop {
          hasAskedToStop = true
          process.askToStop()
        }
        return false
      }
    }
    ServerConnection.close([connection], grace: .zero)
    return true
  }
}
