/// The one list of algorithms.
public enum AlgorithmCatalog {
  /// Every algorithm, the simplest first.
  public static let all: [Algorithm] = [
    Reinforce.algorithm, ReinforceRewardToGo.algorithm, ReinforceBaseline.algorithm, ActorCritic.algorithm,
    A2C.algorithm, VPG.algorithm, PPO.algorithm, NPG.algorithm, TRPO.algorithm, PPOPenalty.algorithm,
    A3C.algorithm, DPPO.algorithm,
    DDPG.algorithm, TD3.algorithm, SAC.algorithm, SQL.algorithm, D4PG.algorithm, ACER.algorithm,
  ]

  /// What is used where nothing is said.
  public static let standard = PPO.algorithm

  /// The algorithm of that name, if there is one.
  public static func algorithm(named name: String) -> Algorithm? {
    all.first { $0.name == name }
  }

  static var names: String { "one of " + all.map(\.name).joined(separator: ", ") }
}
