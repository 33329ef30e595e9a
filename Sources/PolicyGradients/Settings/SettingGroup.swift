/// Settings under a common heading in the help.
public struct SettingGroup: Sendable {
  /// The heading.
  public let heading: String
  /// The settings, in the order of the help.
  public let settings: [any AnySetting]

  /// Puts settings under a heading.
  public init(_ heading: String, _ settings: [any AnySetting]) {
    self.heading = heading
    self.settings = settings
  }
}
