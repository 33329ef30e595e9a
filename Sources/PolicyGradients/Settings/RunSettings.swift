/// The settings that every run has, whatever its algorithm.
public enum RunSettings {
  /// The seed of every random number of the run.
  public static let seed = Setting(
    "seed", default: 0, in: 0...(1 << 53) - 1, "The seed of all randomness; the same seed gives the same bytes.")
  /// How many epochs the run has; after each one it reports.
  public static let epochs = Setting("epochs", default: 100, in: 1...1_000_000_000, "How many epochs to train.")
  /// How many environment steps an epoch has.
  public static let stepsPerEpoch = Setting(
    "steps-per-epoch", default: 500, in: 1...1_000_000_000,
    "Environment steps in an epoch, all sub-environments together.")
  /// Whether each epoch begins with resets, which abandon the running episodes.
  public static let resetsEachEpoch = Setting(
    "reset-each-epoch", default: false,
    "Begin every epoch with resets, which cut off the running episodes.")
}

extension SettingValues {
  /// The seed of every random number of the run.
  public var seed: UInt64 {
    get { UInt64(self[RunSettings.seed]) }
    set { self[RunSettings.seed] = Int(newValue) }
  }
  /// How many epochs the run has.
  public var epochs: Int {
    get { self[RunSettings.epochs] }
    set { self[RunSettings.epochs] = newValue }
  }
}
