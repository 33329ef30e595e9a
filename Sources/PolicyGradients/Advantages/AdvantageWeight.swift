/// The weight Φ_t of ∇ ln π(a_t|s_t) in the policy gradient E[Σ_t Φ_t ∇ ln π(a_t|s_t)], before any baseline.
///
/// Sums run to the end of the episode. Where an episode was truncated, or the batch cut it, a value function adds what is
/// still to come, V(final observation); where it terminated, nothing is. Schulman et al. 2016 (arXiv 1506.02438), section 2.
public enum AdvantageWeight: String, CaseIterable, Codable, Sendable {
  /// R(τ) = Σ r of the whole episode, before t and after.
  case `return`
  /// Σ_{k≥t} r_k.
  case rewardToGo = "reward-to-go"
  /// G_t = Σ_{k≥t} γ^{k-t} r_k.
  case discountedRewardToGo = "discounted-reward-to-go"
  /// γ^t G_t, the gradient of the discounted objective as Sutton & Barto's REINFORCE has it (2nd edition, section 13.3).
  case discountedRewardToGoFromStart = "discounted-reward-to-go-from-start"
  /// δ_t = r_t + γ V(s_{t+1}) - V(s_t), the advantage of one step.
  case temporalDifference = "td"
  /// γ^t δ_t, as in Sutton & Barto's one-step actor-critic (section 13.5).
  case temporalDifferenceFromStart = "td-from-start"
  /// Σ_{k<n} γ^k r_{t+k} + γⁿ V(s_{t+n}) - V(s_t).
  case nStep = "n-step"
  /// Σ_k (γλ)^k δ_{t+k}, generalised advantage estimation.
  case generalizedAdvantage = "gae"

  /// Whether V(s_t) is part of the weight itself, so that a value function is needed and no baseline is left to subtract.
  public var containsValue: Bool {
    switch self {
    case .temporalDifference, .temporalDifferenceFromStart, .nStep, .generalizedAdvantage: true
    default: false
    }
  }

  /// Whether rewards to come are discounted by γ.
  public var isDiscounted: Bool { self != .return && self != .rewardToGo }
}

/// What is subtracted from the weight to lessen its variance; it leaves the expected gradient as it is.
public enum Baseline: String, CaseIterable, Codable, Sendable {
  /// Nothing.
  case none
  /// The mean of the batch's weights.
  case average
  /// E[‖∇ ln π‖² Φ] / E[‖∇ ln π‖²], the constant of least variance (Greensmith et al. 2004; Peters & Schaal 2008).
  case optimal
  /// A learned value function V(s_t).
  case value
}

/// What the value function is fitted to.
public enum ValueTarget: String, CaseIterable, Codable, Sendable {
  /// The discounted reward-to-go, bootstrapped where the episode was cut: TD(1), Spinning Up's.
  case rewardToGo = "reward-to-go"
  /// Φ_t + V(s_t), the return that the advantage itself estimates: TD(λ) for GAE, SB3's.
  case lambdaReturn = "lambda-return"
}
