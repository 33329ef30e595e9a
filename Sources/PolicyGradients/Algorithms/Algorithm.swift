/// A policy-gradient algorithm: a name, and the choices that make it what it is.
///
/// All of them ascend E[Σ_t Φ_t ∇ ln π(a_t|o_t)]; they differ in Φ, in how much experience an update sees, and in how the
/// value function is fitted. What is not chosen here stays as ``Configuration`` has it.
public struct Algorithm: Sendable {
  /// The name on the command line.
  public let name: String
  /// One line for the list of algorithms.
  public let summary: String
  private let choose: @Sendable (inout Configuration) -> Void

  /// Creates an algorithm; `choose` sets its defaults.
  public init(name: String, summary: String, choose: @escaping @Sendable (inout Configuration) -> Void) {
    self.name = name
    self.summary = summary
    self.choose = choose
  }

  /// The algorithm's default settings.
  public var configuration: Configuration {
    var configuration = Configuration(algorithm: name)
    choose(&configuration)
    return configuration
  }
}
