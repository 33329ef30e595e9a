/// Rewards that a potential has been added to, so that a way is paid for which leads to where more is to be earned.
///
///     r′ = r + γ Φ(o′) − Φ(o)
///
/// Φ is 0 where an episode has terminated, and Φ of the final observation where it was cut. Over an episode the terms
/// cancel but for its beginning, so that no policy becomes better or worse than another: A. Y. Ng, D. Harada, S. Russell,
/// "Policy Invariance under Reward Transformations" (1999). With Φ = V the shaped reward is the TD error δ.
public final class RewardShaping {
  /// The discount γ.
  public let discount: Double
  private let potential: any Potential
  /// Φ of what each stream acts on.
  private let current: Memory<Double>
  private let next: Memory<Double>
  private let shaped: Memory<Double>

  /// Makes shaped rewards of a potential, for so many streams.
  public init(_ potential: any Potential, discount: Double, streams: Int = 0) {
    (self.potential, self.discount) = (potential, discount)
    current = Memory(count: streams, filledWith: 0)
    next = Memory(count: max(streams, 2), filledWith: 0)
    shaped = Memory(count: streams, filledWith: 0)
  }

  /// Notes where some streams begin.
  func begin(_ streams: Range<Int>, _ observations: UnsafePointer<Float>) {
    potential.evaluate(observations, rows: streams.count, into: current.pointer + streams.lowerBound)
  }

  /// The shaped rewards of a step, valid until the next one.
  ///
  /// - Throws: ``TrainingError/unusablePotential(reason:)`` where the potential is not finite.
  func shape(_ transitions: Transitions) throws(TrainingError) -> UnsafePointer<Double> {
    let (streams, first) = (transitions.streams, transitions.streams.lowerBound)
    let (current, next, shaped) = (current.pointer + first, next.pointer + first, shaped.pointer + first)
    potential.evaluate(transitions.observations, rows: streams.count, into: next)
    for row in 0..<streams.count {
      var reached = next[row]
      switch transitions.end(row) {
      case .none: break
      case .terminated: reached = 0
      case .truncated: potential.evaluate(try transitions.nextObservation(row), rows: 1, into: &reached)
      }
      shaped[row] = transitions.rewards[row] + discount * reached - current[row]
      guard shaped[row].isFinite else {
        throw .unusablePotential(reason: "it makes the reward of environment \(first + row) \(shaped[row])")
      }
      current[row] = next[row]
    }
    for row in transitions.lostRows { shaped[row] = 0 }
    return UnsafePointer(shaped)
  }

  /// The shaped reward of one step from an observation to the next; not finite where the potential is not.
  public func shape(
    _ reward: Double, from observation: UnsafePointer<Float>, to next: UnsafePointer<Float>, isTerminated: Bool
  ) -> Double {
    var (before, after) = (0.0, 0.0)
    potential.evaluate(observation, rows: 1, into: &before)
    if !isTerminated { potential.evaluate(next, rows: 1, into: &after) }
    return reward + discount * after - before
  }
}

extension SettingValues {
  /// The discount γ that rewards are shaped by: the algorithm's, or 1 where it has none.
  public var shapingDiscount: Double { declares(OnPolicySettings.discount) ? self[OnPolicySettings.discount] : 1 }
}
