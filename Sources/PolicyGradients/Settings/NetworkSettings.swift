import NeuralNetworks

/// The settings of every network.
public enum NetworkSettings {
  /// The widths of the hidden layers.
  public static let hiddenSizes = Setting<[Int]>(
    "hidden", default: [64], .integers(in: 1...65536, count: 0...16),
    "Widths of the hidden layers; none for a linear policy.")
  /// The function of the hidden units.
  public static let activation = Setting(
    "activation", default: ActivationName.tanh, "The function of the hidden units.")
  /// How weights begin.
  public static let initialization = Setting(
    "init", default: Initialization.orthogonal, "How the weights are initialised.")
  /// Where σ of a Gaussian policy comes from.
  public static let sigmaForm = Setting(
    "sigma", default: SigmaForm.free, "Where the deviation σ of a Gaussian policy comes from.")
  /// ln σ at the beginning.
  public static let initialLogSigma = Setting("log-std", default: -0.5, in: -20...5, "ln σ at the beginning.")
}

/// The function of the hidden units, by name.
public enum ActivationName: String, SettingWord, Codable {
  /// The hyperbolic tangent.
  case tanh
  /// max(x, 0).
  case relu

  var function: Activation {
    switch self {
    case .tanh: .tanh
    case .relu: .relu
    }
  }
}
