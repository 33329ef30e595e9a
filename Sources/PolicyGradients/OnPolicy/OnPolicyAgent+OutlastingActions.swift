import Environments

/// The actions that were under way when an update came, by stream, and how likely they were when they were chosen.
struct OutlastingActions {
  let actions: Memory<Float>
  let masks: Memory<UInt8>
  let logProbabilities: Memory<Float>

  init(_ batch: RolloutBuffer) {
    actions = Memory(count: batch.environments * batch.actionWidth, filledWith: 0)
    masks = Memory(count: batch.environments * batch.maskWidth, filledWith: 1)
    logProbabilities = Memory(count: batch.environments, filledWith: 0)
  }
}

// An update may come while some environments compute a step. It is the first step of their next batch: an action of an
// earlier policy, which is weighed by what it was then and is now.
extension OnPolicyAgent {
  /// Keeps the actions whose steps are not complete, before the batch is brought into another order.
  func keepActionsUnderWay() {
    for stream in 0..<task.streams where begun[stream] > complete[stream] {
      let kept = outlasting ?? OutlastingActions(batch)
      outlasting = kept
      let row = complete[stream] * task.streams + stream
      let action = batch.actions + row * batch.actionWidth
      (kept.actions.pointer + stream * batch.actionWidth).update(from: action, count: batch.actionWidth)
      (kept.masks.pointer + stream * batch.maskWidth).update(
        from: batch.masks + row * batch.maskWidth, count: batch.maskWidth)
      // One that outlasts a second update is still that of the policy that chose it.
      kept.logProbabilities[stream] =
        batch.sources[row] == .earlierPolicy
        ? batch.logProbabilities[row]
        : task.distribution.logProbability(batch.distributions + row * batch.distributionWidth, of: action)
    }
  }

  /// Begins the batch of some streams with the step that is under way.
  public func resume(_ streams: Range<Int>, on raw: UnsafePointer<Float>) throws(TrainingError) {
    guard let outlasting else { return }
    let (rows, distribution) = (streams.count, task.distribution)
    let statistics = normalizer
    let masks = batch.maskWidth > 0 ? outlasting.masks.pointer + streams.lowerBound * batch.maskWidth : nil
    let first = try beginStep(streams, on: raw, masks: masks.map { UnsafePointer($0) })
    // They were observed when the action was chosen.
    normalizer = statistics
    freeze()
    let parameters = learner.policy.forward(batch.observations + first * batch.observationWidth, rows: rows, workspace)
    if let masks {
      for row in 0..<rows {
        _ = distribution.apply(
          mask: masks + row * batch.maskWidth, to: parameters + row * distribution.parameterCount)
      }
    }
    (batch.distributions + first * batch.distributionWidth).update(
      from: parameters, count: rows * batch.distributionWidth)
    (batch.actions + first * batch.actionWidth).update(
      from: outlasting.actions.pointer + streams.lowerBound * batch.actionWidth, count: rows * batch.actionWidth)
    (batch.sources + first).update(repeating: .earlierPolicy, count: rows)
    (batch.logProbabilities + first).update(
      from: outlasting.logProbabilities.pointer + streams.lowerBound, count: rows)
    actionsAreUnderWay(streams)
  }
}
