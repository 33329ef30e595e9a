extension RolloutBuffer {
  /// Adds the complete steps of an episode; one that goes on is cut at its latest observation, as if truncated there.
  ///
  /// The buffer is of one environment, whose episodes are those of all sessions, one behind the other: a recursion back
  /// in time starts anew at each of them. Observations are added as they are.
  /// - Parameter version: the number of updates that the policy has seen which is to learn.
  func append(_ episode: SessionEpisode, version: Int) {
    let (first, added) = (steps, episode.completeCount)
    guard added > 0 else { return }
    if first + added > rewardMemory.count { reserve(steps: 2 * (first + added)) }
    (observations + first * observationWidth).update(
      from: episode.observations.pointer, count: added * observationWidth)
    (actions + first * actionWidth).update(from: episode.actions.pointer, count: added * actionWidth)
    (masks + first * maskWidth).update(from: episode.masks.pointer, count: added * maskWidth)
    (rewards + first).update(from: episode.rewards.pointer, count: added)
    (logProbabilities + first).update(from: episode.logProbabilities.pointer, count: added)
    (ends + first).update(repeating: .none, count: added)
    for step in 0..<added {
      let source = episode.sources[step]
      sources[first + step] = source == .policy && episode.versions[step] != version ? .earlierPolicy : source
      times[first + step] = Int32(truncatingIfNeeded: episode.usedCount + step)
    }
    steps += added
    guard episode.end != .terminated else { return ends[steps - 1] = .terminated }
    ends[steps - 1] = .truncated
    appendFinalObservation(ofRow: steps - 1).update(
      from: episode.observations.pointer + added * observationWidth, count: observationWidth)
  }
}
