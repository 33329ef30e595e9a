import CommandLineOptions
import PolicyGradients

/// Which potential shapes the rewards that are learned from, as the command line says.
enum ShapingOptions {
  static let expression = Option(
    "shaping", .text("EXPRESSION"), defaultText: "none",
    help: """
      Add γΦ(o') - Φ(o) to the rewards that are learned from, Φ being this formula of o[0], o[1] and so on: numbers, \
      + - * / ^, parentheses, sin, cos, abs, sqrt, exp, min, max. No policy becomes better or worse than another by it; \
      a good one is found sooner. The metrics are about the environment's own rewards.
      """)
  static let policy = Option(
    "shaping-policy", .path(), defaultText: "none",
    help: "The same, Φ being the value function of a policy.json.")
  static let group = OptionGroup("Shaping", expression, policy)

  /// What is given of them, for a run that is gone on with, where they cannot be.
  static func given(_ arguments: Arguments) -> [(name: String, isGiven: Bool)] {
    [("shaping", arguments.isGiven(expression)), ("shaping-policy", arguments.isGiven(policy))]
  }

  /// The shaping; nil where there is none.
  static func shaping(_ arguments: Arguments) throws -> Shaping? {
    switch (arguments[expression], arguments[policy]) {
    case (nil, nil): return nil
    case (let text?, nil):
      do throws(ExpressionError) { return .expression(try ObservationExpression(text)) } catch {
        throw UsageError.conflict("--shaping cannot be read: \(error)")
      }
    case (nil, let path?): return .valueFunction(try PolicyFileReader(path: path).readSnapshot())
    case (.some, .some):
      throw UsageError.conflict("--shaping and --shaping-policy both say what the potential is; give one of them")
    }
  }
}
