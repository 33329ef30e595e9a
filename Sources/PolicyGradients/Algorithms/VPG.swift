extension Algorithm {
  /// Vanilla policy gradient with generalised advantage estimation, the default.
  ///
  ///     ∇J = E[ ∇ ln π(a_t|o_t) · Â_t ],   Â_t = Σ_k (γλ)^k δ_{t+k},   δ_t = r_t + γ V(o_{t+1}) - V(o_t)
  ///
  /// Schulman et al. 2016 (arXiv 1506.02438), in the form of Spinning Up's VPG: advantages normalised over the batch, one
  /// policy step, then k steps of a separate value network. Unlike there, V is bootstrapped wherever an episode is
  /// truncated, also by the environment's own limit of time. The sizes are chosen for few environment steps instead of
  /// Spinning Up's, which are: 4000 steps an epoch, 50 epochs, λ 0.97, two hidden layers of 64, learning rates 3e-4 and
  /// 1e-3 without decay, k = 80, value target `reward-to-go`.
  public static let vpg = Algorithm(
    name: "vpg",
    summary: "GAE, normalised advantages, a value network fitted for k steps (Spinning Up)"
  ) { _ in }
}
