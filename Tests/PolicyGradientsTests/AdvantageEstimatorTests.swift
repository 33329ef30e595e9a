import PolicyGradients
import Testing

/// One environment, four steps: an episode of two steps that ends as `end` says, then two steps that the batch cuts.
///
/// Rewards 1, 2, 3, 4; V = 10, 20, 30, 40 along the way; V = 50 of the observation after the last step, and V = 60 of the
/// final observation of the first episode, which counts only where that was truncated.
private func batch(end: EpisodeEnd) -> RolloutBuffer {
  let batch = RolloutBuffer(environments: 1, observationWidth: 1, actionWidth: 1, steps: 4)
  batch.steps = 4
  for step in 0..<4 {
    batch.rewards[step] = Float(step + 1)
    batch.values[step] = Float(10 * (step + 1))
    batch.ends[step] = step == 1 ? end : .none
    batch.times[step] = Int32(step < 2 ? step : step - 2)
  }
  let afterFirst: Float = end == .terminated ? 0 : 60
  for (step, value) in [20, afterFirst, 40, 50].enumerated() { batch.nextValues[step] = value }
  batch.useAllRows()
  return batch
}

private func weights(end: EpisodeEnd, _ estimate: (RolloutBuffer) -> Void) -> [Float] {
  let batch = batch(end: end)
  estimate(batch)
  return (0..<4).map { batch.advantages[$0] }
}

private func fromStart(_ batch: RolloutBuffer, _ estimate: (RolloutBuffer) -> Void) {
  estimate(batch)
  batch.discountFromStart(0.5)
}

@Suite("The weights of the policy gradient")
struct AdvantageEstimatorTests {
  @Test("the whole return is the same for every step of an episode, and a cut adds V of what follows")
  func wholeReturn() {
    #expect(weights(end: .terminated) { $0.estimateReturns() } == [3, 3, 57, 57])
    #expect(weights(end: .truncated) { $0.estimateReturns() } == [63, 63, 57, 57])
  }

  @Test("the reward-to-go leaves out what came before")
  func rewardToGo() {
    #expect(weights(end: .terminated) { $0.estimateRewardsToGo(discount: 1) } == [3, 2, 57, 54])
    #expect(weights(end: .truncated) { $0.estimateRewardsToGo(discount: 1) } == [63, 62, 57, 54])
  }

  @Test("the discounted reward-to-go is r + γ times the next one, and γ^t counts from the start of each episode")
  func discountedRewardToGo() {
    #expect(weights(end: .terminated) { $0.estimateRewardsToGo(discount: 0.5) } == [2, 2, 17.5, 29])
    #expect(weights(end: .truncated) { $0.estimateRewardsToGo(discount: 0.5) } == [17, 32, 17.5, 29])
    #expect(
      weights(end: .truncated) { fromStart($0) { $0.estimateRewardsToGo(discount: 0.5) } } == [17, 16, 17.5, 14.5])
  }

  @Test("the one-step advantage is r + γV' - V, without V' where the episode terminated")
  func temporalDifference() {
    #expect(weights(end: .terminated) { $0.estimateErrors(discount: 0.5) } == [1, -18, -7, -11])
    #expect(weights(end: .truncated) { $0.estimateErrors(discount: 0.5) } == [1, 12, -7, -11])
    #expect(weights(end: .truncated) { fromStart($0) { $0.estimateErrors(discount: 0.5) } } == [1, 6, -7, -5.5])
  }

  @Test("the n-step advantage looks n steps ahead, or to the end of the episode or of the batch")
  func nStep() {
    #expect(weights(end: .terminated) { $0.estimateStepAdvantages(steps: 2, discount: 0.5) } == [-8, -18, -12.5, -11])
    #expect(weights(end: .truncated) { $0.estimateStepAdvantages(steps: 2, discount: 0.5) } == [7, 12, -12.5, -11])
    #expect(
      weights(end: .truncated) { $0.estimateStepAdvantages(steps: 1, discount: 0.5) }
        == weights(end: .truncated) { $0.estimateErrors(discount: 0.5) })
  }

  @Test("generalised advantages decay by γλ, and start anew where an episode ended or the batch did")
  func generalizedAdvantage() {
    #expect(
      weights(end: .terminated) { $0.estimateGeneralizedAdvantages(discount: 0.5, lambda: 0.5) } == [
        -3.5, -18, -9.75, -11,
      ])
    #expect(
      weights(end: .truncated) { $0.estimateGeneralizedAdvantages(discount: 0.5, lambda: 0.5) } == [4, 12, -9.75, -11])
  }

  @Test(
    "with λ = 0 it is the one-step advantage, with λ = 1 the reward-to-go less V",
    arguments: [EpisodeEnd.terminated, .truncated]
  )
  func limitsOfLambda(end: EpisodeEnd) {
    #expect(
      weights(end: end) { $0.estimateGeneralizedAdvantages(discount: 0.5, lambda: 0) }
        == weights(end: end) { $0.estimateErrors(discount: 0.5) })
    let returns = weights(end: end) { $0.estimateRewardsToGo(discount: 0.5) }
    let expected = zip(returns, [10, 20, 30, 40] as [Float]).map { $0 - $1 }
    #expect(weights(end: end) { $0.estimateGeneralizedAdvantages(discount: 0.5, lambda: 1) } == expected)
    #expect(weights(end: end) { $0.estimateStepAdvantages(steps: 100, discount: 0.5) } == expected)
  }
}
