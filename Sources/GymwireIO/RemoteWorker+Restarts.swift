import Environments

extension RemoteWorker {
  /// How often the worker, or an environment process of it, was started anew because it had failed.
  public var restartCount: Int { life.failures + earlierRestarts + ownRestarts }

  /// The seed of the episodes that a worker begins with which takes the place of another; nil where seeds have run on.
  func nextSeed() -> UInt64? {
    life.number += 1
    return baseSeed.map { seed in
      var generator = PCG64(seed: seed, stream: UInt32(options.number), UInt32(life.number))
      // 48 bits leave room for the number of the sub-environment below the protocol's limit of 2^53 - 1.
      return generator.next() >> 16
    }
  }

  /// Starts a worker in the place of one that has failed, as often as it has to and may be, and has it begin.
  ///
  /// - Throws: the last failure where it may not be, or where another worker would fail in the same way.
  func startAnew(
    after error: ConnectionError, _ begin: (RemoteWorker) throws(ConnectionError) -> Void
  ) throws {
    var error = error
    while true {
      if case .interrupted = error.reason { throw error }
      guard !error.isRefusal, !Interruption.isRequested,
        let delay = life.record.delay(at: RemoteVectorEnvironment.seconds, options.restarts)
      else {
        if life.failures > 0 {
          options.connection.warn(
            "worker \(options.number): it was started anew \(life.record.count) times and is not again: "
              + "--worker-restarts allows \(options.restarts.limit)")
        }
        throw error
      }
      life.failures += 1
      options.connection.warn(
        "worker \(options.number): \(error)\n  Another takes its place (restart \(life.record.count) of "
          + "\(options.restarts.limit)), and \(count == 1 ? "its episode is" : "its \(count) episodes are") cut.")
      RemoteVectorEnvironment.pause(seconds: delay)
      do {
        try replace()
        try begin(self)
        failure = nil
        return
      } catch let next as ConnectionError {
        error = next
      }
    }
  }
}
