/// What an agent thinks of an action that it was asked about.
public struct ActionEstimate {
  /// ln π(a|o), or nil where the policy has no density.
  public var logProbability: Float?
  /// V(o), or nil where it is not learned.
  public var value: Float?
  /// The parameters of π(·|o), until the agent is asked again; nil where nobody has to keep them.
  public var distribution: UnsafePointer<Float>?

  /// Creates an estimate.
  public init(logProbability: Float?, value: Float?, distribution: UnsafePointer<Float>? = nil) {
    (self.logProbability, self.value, self.distribution) = (logProbability, value, distribution)
  }
}
