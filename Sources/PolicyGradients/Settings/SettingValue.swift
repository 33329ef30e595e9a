/// A value of a setting, without its type.
public enum SettingContent: Equatable, Sendable {
  /// An integer.
  case integer(Int)
  /// A number.
  case number(Double)
  /// On or off.
  case toggle(Bool)
  /// A list of integers.
  case integers([Int])
  /// A word of a few.
  case word(String)
}

/// A type that settings have.
public protocol SettingValue: Equatable, Sendable {
  /// Takes the value out; nil where it is of another type, or none of this one's.
  init?(_ content: SettingContent)
  /// The value without its type.
  var content: SettingContent { get }
}

extension Int: SettingValue {
  /// Takes an integer out.
  public init?(_ content: SettingContent) {
    guard case .integer(let value) = content else { return nil }
    self = value
  }
  /// The integer.
  public var content: SettingContent { .integer(self) }
}

extension Double: SettingValue {
  /// Takes a number out.
  public init?(_ content: SettingContent) {
    guard case .number(let value) = content else { return nil }
    self = value
  }
  /// The number.
  public var content: SettingContent { .number(self) }
}

extension Bool: SettingValue {
  /// Takes on or off out.
  public init?(_ content: SettingContent) {
    guard case .toggle(let value) = content else { return nil }
    self = value
  }
  /// On or off.
  public var content: SettingContent { .toggle(self) }
}

extension [Int]: SettingValue {
  /// Takes a list out.
  public init?(_ content: SettingContent) {
    guard case .integers(let value) = content else { return nil }
    self = value
  }
  /// The list.
  public var content: SettingContent { .integers(self) }
}

/// An enumeration whose cases are words of the command line.
public protocol SettingWord: SettingValue, CaseIterable, RawRepresentable<String> {}

extension SettingWord {
  /// Takes a case out.
  public init?(_ content: SettingContent) {
    guard case .word(let word) = content else { return nil }
    self.init(rawValue: word)
  }
  /// The case's word.
  public var content: SettingContent { .word(rawValue) }
}
