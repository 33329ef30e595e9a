/// What is known of a setting without its type.
public struct SettingDeclaration: Sendable {
  /// The name on the command line and in files.
  public let name: String
  /// Which values there are.
  public let domain: SettingDomain
  /// One sentence.
  public let help: String
  /// Where the default comes from; nil where that is the algorithm's own choice.
  public let source: String?
  /// The default.
  public let standard: SettingContent
  /// The default where an action has real numbers; nil where that is the same.
  public internal(set) var boxStandard: SettingContent?
}
