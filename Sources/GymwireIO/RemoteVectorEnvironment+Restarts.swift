import Environments
import Gymwire

/// What has become of the processes that came before one.
struct Life {
  /// How many there have been since the last reset of all; a part of the seeds of the present one.
  var number = 0
  /// How many there have been in all.
  var total = 0
  /// How many steps of all its sub-environments the present one has made.
  var steps = 0
  var record = RestartRecord()
  /// How many of them have failed.
  var failures = 0
  /// How many steps of sub-environments they have not answered.
  var lostSteps = 0
}

extension RemoteVectorEnvironment {
  /// How often a process was started anew because it had failed.
  public var restartCount: Int { lives.reduce(0) { $0 + $1.failures } }

  /// How many steps of sub-environments were not answered because of that.
  public var lostSteps: Int { lives.reduce(0) { $0 + $1.lostSteps } }

  /// Seconds of a clock that never goes back.
  static var seconds: Double { Double(Platform.nanoseconds()) * 1e-9 }

  /// The seed of the episodes that a process begins with which takes the place of another; nil where seeds have run on.
  ///
  /// It depends on the last reset of all and on how many came before in its place, so that a run can be repeated.
  func nextSeed(of index: Int) -> UInt64? {
    lives[index].number += 1
    return baseSeed.map { seed in
      var generator = PCG64(seed: seed, stream: UInt32(index), UInt32(lives[index].number))
      // 48 bits leave room for the number of the sub-environment below the protocol's limit of 2^53 - 1.
      return generator.next() >> 16
    }
  }

  /// What a process begins with that takes the place of another.
  func nextBeginning(of index: Int) -> Beginning {
    Beginning(seed: nextSeed(of: index), drawn: optionsOfRows(members[index].rows, or: [:]))
  }

  /// How many seconds to wait before another process is started in the place of one that has failed, which is told; nil
  /// where there may be none, or where another would fail in the same way.
  func restartDelay(_ index: Int, after error: ConnectionError) -> Double? {
    let name = messagePrefix(index)
    if case .interrupted = error.reason { return nil }
    guard !error.isRefusal, !Interruption.isRequested,
      let delay = lives[index].record.delay(at: Self.seconds, options.restarts)
    else {
      if lives[index].failures > 0 {
        options.connection.warn(
          "\(name)it was started anew \(lives[index].record.count) times and is not again: "
            + "--restarts allows \(options.restarts.limit)")
      }
      return nil
    }
    lives[index].failures += 1
    let rows = members[index].rows.count
    options.connection.warn(
      "\(name)\(error)\n  It is started anew (restart \(lives[index].record.count) of "
        + "\(options.restarts.limit)), and \(rows == 1 ? "its episode is" : "its \(rows) episodes are") cut.")
    return delay
  }

  /// Whether a process has made so many steps that another has to take its place.
  func isReplacementDue(_ index: Int) -> Bool {
    options.restarts.stepsPerProcess.map { lives[index].steps >= $0 } ?? false
  }

  /// Whether another has to, and may, now that some episode of the process is over.
  func isReplacementDueBetweenEpisodes(_ index: Int) -> Bool {
    isReplacementDue(index) && (options.restarts.cutsEpisodes || members[index].rows.count == 1)
  }

  /// Counts the steps of a process, and has another take its place if that is due and an episode has ended.
  ///
  /// - Returns: whether it has.
  func replaceBetweenEpisodes(_ index: Int) -> Bool {
    let rows = members[index].rows
    lives[index].steps += rows.count
    guard isReplacementDueBetweenEpisodes(index), rows.contains(where: outcome.hasEnded) else { return false }
    if remotes[index].isBatched { outcome.cut(rows) } else { outcome.keepFinal(rows.lowerBound) }
    beginReplacement(index, nextBeginning(of: index))
    return true
  }

  /// Waits, but not for longer than it takes somebody to ask this program to stop.
  static func pause(seconds: Double) {
    let end = Self.seconds + seconds
    while Self.seconds < end, !Interruption.isRequested {
      Platform.sleep(nanoseconds: UInt64(max(0, min(end - Self.seconds, 0.05)) * 1e9))
    }
  }
}
