/// A part of the protocol that a program may claim, and that is checked as a whole.
public enum Level: String, CaseIterable, Sendable {
  /// Sections 1 to 7, 11: what every environment does.
  case core = "Core"
  /// Sections 8 to 10: numbers, arrays and spaces.
  case spaces = "Spaces"
  /// Section 12, and the features mask and render: more than one environment, and what is told beside observations.
  case batch = "Batch"
  /// Section 13: arrays as base64.
  case binary = "Binary"
  /// Section 16: a trained policy.
  case policy = "Policy"
  /// Section 17: an agent that learns in somebody else's loop.
  case learn = "Learn"
  /// The other side of all sections: what a driver does.
  case agent = "Agent"
}
