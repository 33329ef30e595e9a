extension SessionTrainer {
  /// Whether every epoch is over, so that nothing more is learned.
  public var isOver: Bool { epoch >= settings.epochs }

  /// How many complete steps an update waits for: as many for each session as for each sub-environment of a trainer.
  var stepsForUpdate: Int {
    let count = max(1, sessions.greatestCount)
    return agent.schedule.horizon(streams: count) * count
  }

  /// How many steps an epoch has.
  private var stepsInEpoch: Int { stepsForUpdate * agent.schedule.updatesPerEpoch(ofSteps: stepsForUpdate) }

  /// Whether the end of a session that has just been closed brings an update.
  var isUpdateDue: Bool {
    guard !isOver, unusedSteps > 0 else { return false }
    guard agent.schedule.finishesEpisodes else { return unusedSteps >= stepsForUpdate }
    return isWaiting && !sessions.hasOpenWholeEpisodes
  }

  /// Learns from all complete steps there are, but those of episodes that began while the update waited.
  ///
  /// Short episodes are overrepresented among those, and would bias the update; a trainer leaves such steps out too. An
  /// episode that is still running counts for the next update.
  func update() throws(TrainingError) -> SessionUpdate {
    let epochSteps = stepsInEpoch
    let share = Double(tally.steps - unusedSteps) / Double(epochSteps)
    var steps = 0
    // Ended episodes in the order of their ends, and then open ones by number.
    for episode in sessions.ended + sessions.open.compactMap({ $0 }).filter({ !$0.isLate }) {
      agent.takeIn(episode)
      steps += episode.completeCount
    }
    let metrics = try agent.update(
      progress: (Double(epoch) + min(1, max(0, share))) / Double(settings.epochs), isMeasured: true)
    var update = SessionUpdate(
      steps: steps, episodes: recentEpisodes.count, meanReturn: recentEpisodes.mean, metrics: metrics)
    sessions.removeUsed()
    (unusedSteps, isWaiting, recentEpisodes) = (0, false, EpisodeSummary())
    if tally.steps >= epochSteps {
      update.epoch = EpochMetrics(
        epoch: epoch, environmentSteps: environmentSteps, tally, update: metrics)
      epoch += 1
      tally = EpochTally()
    }
    return update
  }
}
