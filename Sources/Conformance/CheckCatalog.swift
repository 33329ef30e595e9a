/// Every check that there is, in the order in which they are made: the one list.
public enum CheckCatalog {
  /// Sections 2 to 7 where they hold for servers of every role.
  private static let common: [Check] =
    LineChecks.all + TurnChecks.all + MessageChecks.all + VersionChecks.all + FeatureChecks.all + HostileChecks.all

  /// Those for servers of role `env`.
  public static let environment: [Check] =
    DialogueChecks.all + common + ListeningChecks.all + EpisodeChecks.all + SeedChecks.all + OptionChecks.all
    + AboutChecks.all + EndChecks.all + RefusalChecks.all + EnduranceChecks.all + NumberChecks.all + SpaceChecks.all
    + BatchChecks.all + PartialResetChecks.all + MaskChecks.all + RenderChecks.all + StateChecks.all + BinaryChecks.all

  /// Those for servers of role `policy`.
  public static let policy: [Check] = common + AnsweringChecks.all + PolicyChecks.all + SessionChecks.ofPolicies

  /// Those for servers of role `learner`.
  public static let learner: [Check] = policy + LearnerChecks.all + SessionChecks.ofLearners
}
