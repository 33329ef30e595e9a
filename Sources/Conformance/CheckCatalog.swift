/// Every check that there is, in the order in which they are made: the one list.
public enum CheckCatalog {
  /// Those for servers of role `env`.
  public static let environment: [Check] =
    LineChecks.all + TurnChecks.all + MessageChecks.all + VersionChecks.all + FeatureChecks.all + EpisodeChecks.all
    + SeedChecks.all + OptionChecks.all + EndChecks.all + RefusalChecks.all + EnduranceChecks.all
}
