extension ServerConnection {
  /// Whether ``receiveLine()`` would not have to wait: for a line, the end, or a failure.
  ///
  /// The limit of the phase holds for the time that somebody keeps asking in.
  func hasArrived() -> Bool {
    if isDown { return true }
    while reader.hasLine() {
      guard let line = reader.foundLine, line.first != UInt8(ascii: "{") else { return true }
      guard (try? passOnFoundNoise()) != nil, !isLate() else { return true }
    }
    return isLate()
  }

  /// The line that is there; nil where something else has come.
  var arrivedLine: UnsafeRawBufferPointer? { reader.foundLine }

  /// Gives up on a server that has taken too long, has ended, or is waited for by somebody who has to stop.
  private func isLate() -> Bool {
    polledWait.look()
    if polledWait.isOver(phase.limit) {
      _ = fail(.timedOut)
      return true
    }
    if (try? requireNoInterruption()) == nil { return true }
    // Somebody else may keep the output of a process open that has ended.
    guard let process, polledWait.isInspectionDue(), Platform.hasEnded(process.processIdentifier) else { return false }
    if !reader.hasLine() { _ = fail(.ended(process.exit(within: .seconds(1)))) }
    return true
  }
}
