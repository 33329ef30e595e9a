import CommandLineOptions
import PolicyGradients

/// Which potential shapes the rewards that are learned from, as the command line says.
enum ShapingOptions {
  static let expression = Option(
    "shaping", .text("EXPRESSION"), defaultText: "none",
    help: """
      Learn from rewards with γΦ(o') - Φ(o) added, where Φ is this formula of o[0], o[1] and so on: numbers, + - * / ^, \
      parentheses, sin, cos, abs, sqrt, exp, min, max. It does not change which policy is best, and can help to find it \
      sooner. The metrics report the environment's own rewards.
      """)
  static let policy = Option(
    "shaping-policy", .path(), defaultText: "none",
    help: "The same, with the value function of a policy.json as Φ.")
  static let group = OptionGroup("Shaping", expression, policy)

  /// Which of them are given; a resumed run refuses them.
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
