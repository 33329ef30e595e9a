import Environments
import Gymwire

/// How processes begin episodes, and how others take their place, each at its own pace.
extension RemoteVectorEnvironment {
  /// Asks a process for the first of an errand's resets that there is to ask for.
  func begin(_ errand: Errand) {
    var errand = errand
    do throws(ConnectionError) { try sendNextReset(&errand) } catch { fail(&errand, error) }
    if case .done = errand.stage { return }
    errands.append(errand)
  }

  /// Asks a process that is all right to end, and has another take its place and begin episodes.
  func beginReplacement(_ index: Int, _ beginning: Beginning) {
    remotes[index].sendClose()
    errands.append(
      Errand(process: index, stage: .ending(ServerEnding(remotes[index].connection)), beginning: beginning))
  }

  /// Has another process take the place of one that has failed in its step, as far as the options allow.
  func recover(_ index: Int, from error: ConnectionError) {
    var errand = Errand(process: index)
    fail(&errand, error)
    errands.append(errand)
  }

  /// Takes all errands as far as they get without waiting.
  ///
  /// - Returns: whether all are done.
  func advanceErrands() throws -> Bool {
    if errands.isEmpty { return true }
    for number in errands.indices { try advance(&errands[number], waits: false) }
    return errands.allSatisfy(\.isDone)
  }

  /// Waits until all errands are done.
  ///
  /// - Throws: the last failure of a process that no other takes the place of.
  func finishErrands() throws {
    defer { errands.removeAll(keepingCapacity: true) }
    while true {
      for number in errands.indices where !errands[number].isStarting { try advance(&errands[number], waits: true) }
      for errand in errands {
        if case .failed(let error) = errand.stage { throw error }
      }
      guard errands.contains(where: \.isStarting) else { return }
      // Several start side by side.
      _ = try advanceErrands()
      Self.awaitAnswer(of: [self])
    }
  }

  /// Takes an errand as far as it gets without waiting; where it `waits`, then for the replies to resets.
  private func advance(_ errand: inout Errand, waits: Bool) throws {
    let index = errand.process
    while !errand.isDone {
      do {
        switch errand.stage {
        case .done, .failed: return
        case .resetting:
          guard waits || remotes[index].hasAnswered() else { return }
          try receive(errand.reset, of: index)
          try sendNextReset(&errand)
        case .ending(let ending):
          guard ending.isOver() else { return }
          errand.stage = .greeting
          try replace(index)
        case .pausing(let time):
          guard Self.seconds >= time || Interruption.isRequested else { return }
          errand.stage = .greeting
          try replace(index)
        case .greeting:
          guard remotes[index].hasAnswered() else { return }
          try greetReplacement(index)
          guard let beginning = errand.beginning else { return }
          (errand.stage, errand.next, errand.further) = (.resetting, beginning.first, beginning.further)
          try sendNextReset(&errand)
        }
      } catch let error as ConnectionError { fail(&errand, error) }
    }
  }

  private func sendNextReset(_ errand: inout Errand) throws(ConnectionError) {
    let (index, rows) = (errand.process, members[errand.process].rows)
    while let reset = errand.takeNext() {
      let options = reset.options ?? episodeOptions?.next(rows.lowerBound + (reset.place ?? 0)) ?? [:]
      if reset.isOptional, options.isEmpty { continue }
      errand.reset = reset
      return try remotes[index].sendReset(
        ResetRequest(seed: reset.seed, environments: reset.place.map { [$0] }, options: options))
    }
    errand.stage = .done
  }

  private func receive(_ reset: PendingReset, of index: Int) throws(ConnectionError) {
    let own = members[index].rows
    let rows = reset.place.map { own.lowerBound + $0..<own.lowerBound + $0 + 1 } ?? own
    if outcome.hasInfos {
      for row in rows { outcome.infos[row] = nil }
    }
    try remotes[index].receiveReset(into: outcome, rows: rows)
  }

  /// Takes a failure in: what the process had begun is cut, and another is to take its place if the options allow it.
  private func fail(_ errand: inout Errand, _ error: ConnectionError) {
    let index = errand.process
    if errand.beginning == nil {
      let rows = members[index].rows
      // A step that has been answered is as good as any, whatever came after it.
      if !outcome.lostRows.contains(rows.lowerBound) { outcome.cut(rows) }
      errand.beginning = nextBeginning(of: index)
    }
    errand.stage = restartDelay(index, after: error).map { .pausing(until: Self.seconds + $0) } ?? .failed(error)
  }
}
