import JSONLines

// What requests about a session have in common (protocol/SPEC.md 17.1, 17.3).
extension Request.Members {
  /// The name of the session; nil if it is absent.
  ///
  /// - Throws: `bad_message` for anything but a string of 1 to 64 bytes.
  func sessionName() throws(ErrorReply) -> String? {
    guard let name = try session.string("session") else { return nil }
    guard (1...ProtocolConstants.longestSessionName).contains(name.utf8.count) else {
      throw ErrorReply(
        .badMessage, "\"session\" has to be a string of 1 to \(ProtocolConstants.longestSessionName) bytes")
    }
    return name
  }

  /// The name of the session, without which the operation makes no sense.
  func requiredSessionName(_ operation: Operation) throws(ErrorReply) -> String {
    guard let name = try sessionName() else {
      throw ErrorReply(.badMessage, "\(operation.rawValue) needs \"session\"")
    }
    return name
  }

  /// The reward; nil if it is absent.
  ///
  /// - Throws: `bad_message` for anything but a number that is finite as a float32.
  func finiteReward() throws(ErrorReply) -> Double? {
    guard let value = try reward.plain("reward") else { return nil }
    guard let number = value.number, Float(number).isFinite else {
      throw ErrorReply(.badMessage, "\"reward\" has to be a finite number, in the range of float32")
    }
    return number
  }

  /// Refuses a request without an observation.
  func requireObservation(_ operation: Operation) throws(ErrorReply) {
    guard try observation.isPresent("obs") else {
      throw ErrorReply(.badMessage, "\(operation.rawValue) needs \"obs\"")
    }
  }
}
