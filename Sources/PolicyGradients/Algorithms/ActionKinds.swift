/// Kinds of actions that a policy can choose.
public struct ActionKinds: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int
  /// Creates a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// One of a few: Discrete, MultiDiscrete.
  public static let discrete = ActionKinds(rawValue: 1)
  /// Real numbers: Box.
  public static let box = ActionKinds(rawValue: 2)
  /// Bits: MultiBinary.
  public static let binary = ActionKinds(rawValue: 4)
  /// Every kind, and any of them side by side.
  public static let all: ActionKinds = [.discrete, .box, .binary]

  /// The kinds that a distribution has parts of.
  init(_ distribution: ProductDistribution) {
    self = []
    for part in distribution.parts {
      switch part.factor {
      case .categorical: insert(.discrete)
      case .gaussian: insert(.box)
      case .bernoulli: insert(.binary)
      }
    }
  }

  /// The kinds as Gymnasium calls their spaces.
  public var names: String {
    [(ActionKinds.discrete, "Discrete"), (.box, "Box"), (.binary, "MultiBinary")]
      .filter { contains($0.0) }.map(\.1).joined(separator: ", ")
  }
}
