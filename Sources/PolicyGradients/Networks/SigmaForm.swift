/// Where the standard deviations σ of a Gaussian policy come from.
public enum SigmaForm: String, SettingWord, Codable {
  /// One free number ln σ for each dimension of the action, the same for every observation.
  case free
  /// A network of its own, which computes ln σ from the observation.
  case network
  /// Further outputs of the network that computes the mean.
  case head
}

/// How the weights of a network begin.
public enum Initialization: String, SettingWord {
  /// Orthogonal matrices of gain √2, the policy's last layer of gain 0.01 and the value's of gain 1; zero biases.
  case orthogonal
  /// Uniform within ±1/√fanIn, biases too, as Torch's `nn.Linear`.
  case torch
}
