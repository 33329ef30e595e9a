// Groups that do not wait for each other. Each has a column of the batch of its own, so that episodes stay apart however far
// one is ahead of another. An update is due when all of them together have made as many steps as they make for it where
// they wait: whoever is fast makes up for who is slow. What is under way then continues after it.
// A group that lives with a copy of the policy is asked for as many steps at once as it makes for an update where all wait.
extension Collector {
  /// Makes steps of the groups that have answered until there are `horizon` of each sub-environment in the mean.
  ///
  /// It makes at most what each was asked for more, which counts for the next time. Returns false, with every group at rest, as soon
  /// as `shouldStop` says so. `meanwhile` is called once every group is under way.
  func collect(
    _ horizon: Int, _ answers: FirstAnswers, shouldStop: () -> Bool, meanwhile: () throws -> Void
  ) throws -> Bool {
    beginUpdate()
    var due = horizon * environments - surplus
    surplus = 0
    for group in groups where !group.isUnderWay { try begin(group, horizon) }
    try meanwhile()
    while true {
      guard try awaitAnswers(answers, shouldStop) else {
        for group in groups where group.isUnderWay { _ = try complete(group) }
        return false
      }
      for group in groups where group.isUnderWay && group.hasAnswered {
        due -= group.count * (try complete(group))
      }
      if due <= 0 { break }
      for group in groups where !group.isUnderWay { try begin(group, horizon) }
    }
    surplus = -due
    for group in groups { agent.cut(group.streams, at: observations.pointer + group.first * width) }
    return true
  }

  private func begin(_ group: EnvironmentGroup, _ horizon: Int) throws {
    if group.rollouts == nil { try act(group) } else { try ask(group, steps: horizon) }
  }

  /// Takes in what has come of a group, and returns how many steps of each sub-environment that is.
  private func complete(_ group: EnvironmentGroup) throws -> Int {
    guard group.rollouts == nil else { return try playBack(group) }
    try finish(group)
    return 1
  }

  /// Waits until enough groups have answered, all that have are marked; false where it was stopped before that.
  private func awaitAnswers(_ answers: FirstAnswers, _ shouldStop: () -> Bool) throws -> Bool {
    for group in groups { group.hasAnswered = false }
    while !shouldStop() {
      var count = 0
      for group in groups {
        if !group.hasAnswered { group.hasAnswered = try group.environment.hasAnswered() }
        if group.hasAnswered { count += 1 }
      }
      if count >= min(answers.count, groups.count) { return true }
      answers.sleep()
    }
    return false
  }

  /// Tells the agent, after an update, of the steps that were under way meanwhile.
  func resumeSteps() throws {
    for group in groups where group.isUnderWay {
      try agent.resume(group.streams, on: observations.pointer + group.first * width)
    }
  }

  /// Waits for what is under way, and makes nothing of it.
  func abandonSteps() throws {
    surplus = 0
    for group in groups where group.isUnderWay {
      if let worker = group.rollouts { _ = try worker.finishRollout() } else { try group.environment.finishStep() }
      group.isUnderWay = false
    }
  }
}
