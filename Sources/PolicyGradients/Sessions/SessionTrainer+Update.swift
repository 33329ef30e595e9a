extension SessionTrainer {
  /// Whether every epoch is over, so that nothing more is learned.
  public var isOver: Bool { epoch >= configuration.epochs }

  /// How many complete steps an update waits for: as many for each session as for each sub-environment of a trainer.
  var stepsForUpdate: Int {
    let count = max(1, sessions.greatestCount)
    return configuration.horizon(environments: count) * count
  }

  /// How many steps an epoch has.
  private var stepsInEpoch: Int {
    stepsForUpdate * configuration.updatesPerEpoch(environments: max(1, sessions.greatestCount))
  }

  /// Whether the end of a session that has just been closed brings an update.
  var isUpdateDue: Bool {
    guard !isOver, unusedSteps > 0 else { return false }
    guard configuration.finishesEpisodes else { return unusedSteps >= stepsForUpdate }
    return isWaiting && !sessions.hasOpenWholeEpisodes
  }

  /// Learns from all complete steps there are, but those of episodes that began while the update waited.
  ///
  /// Like the steps that a trainer makes beyond the episodes it finishes, those are short ones more often than not, and
  /// would lead astray; an episode that goes on from there is learned from as of now.
  func update() throws(TrainingError) -> SessionUpdate {
    let epochSteps = stepsInEpoch
    let share = Double(tally.steps - unusedSteps) / Double(epochSteps)
    collect()
    let metrics = try learner.update(
      batch, progress: (Double(epoch) + min(1, max(0, share))) / Double(configuration.epochs))
    var update = SessionUpdate(
      steps: batch.rows, episodes: recentEpisodes.count, meanReturn: recentEpisodes.mean, metrics: metrics)
    sessions.removeUsed()
    (unusedSteps, isWaiting, recentEpisodes) = (0, false, EpisodeSummary())
    if tally.steps >= epochSteps {
      update.epoch = EpochMetrics(
        epoch: epoch, environmentSteps: environmentSteps, tally, update: metrics, isResumable: true)
      epoch += 1
      tally = EpochTally()
    }
    return update
  }

  /// Fills the batch: ended episodes in the order of their ends, and then open ones by number.
  private func collect() {
    batch.removeAll()
    for episode in sessions.ended { append(episode) }
    for case let episode? in sessions.open where !episode.isLate { append(episode) }
    rewardScaler?.scale(batch.rewards, count: batch.rows)
    normalizer?.takeIn()
    policy.normalizer = normalizer
  }

  private func append(_ episode: SessionEpisode) {
    let (first, firstFinal) = (batch.rows, batch.finalRows.count)
    batch.append(episode, version: learner.updates)
    let added = batch.rows - first
    let observations = batch.observations + first * batch.observationWidth
    normalizer?.observe(observations, rows: added)
    normalizer?.apply(observations, rows: added)
    let finals = batch.finalObservationMemory.pointer + firstFinal * batch.observationWidth
    normalizer?.apply(finals, rows: batch.finalRows.count - firstFinal)
    guard rewardScaler != nil else { return }
    for row in first..<batch.rows {
      episode.discountedReturn =
        rewardScaler?.takeIn(batch.rewards[row], after: episode.discountedReturn, discount: configuration.discount) ?? 0
    }
  }
}
