/// One setting, declared once: an option of the command line, a member of `config.json` and of a checkpoint, a line of the
/// help and of the README.
public struct Setting<Value: SettingValue>: AnySetting {
  /// What everybody but the value's own type needs to know.
  public let declaration: SettingDeclaration

  /// Declares a setting of any type.
  ///
  /// - Parameters:
  ///   - name: the name on the command line and in files, in lower case with hyphens.
  ///   - domain: which values there are.
  ///   - help: one sentence.
  ///   - source: where the default comes from, such as a paper; nil where that is the author of the algorithm.
  public init(_ name: String, default value: Value, _ domain: SettingDomain, _ help: String, source: String? = nil) {
    self.init(
      SettingDeclaration(name: name, domain: domain, help: help, source: source, standard: value.content))
  }

  private init(_ declaration: SettingDeclaration) { self.declaration = declaration }

  /// The name on the command line and in files.
  public var name: String { declaration.name }

  /// The same setting, with another default.
  public func defaulting(to value: Value, source: String? = nil) -> Setting {
    Setting(name, default: value, declaration.domain, declaration.help, source: source ?? declaration.source)
  }

  /// The same setting, with another default where an action has real numbers.
  public func defaulting(forBoxTo value: Value) -> Setting {
    var declaration = declaration
    declaration.boxStandard = value.content
    return Setting(declaration)
  }
}

extension Setting where Value == Int {
  /// Declares an integer.
  public init(
    _ name: String, default value: Int, in range: ClosedRange<Int>, _ help: String, source: String? = nil
  ) {
    self.init(name, default: value, .integer(range), help, source: source)
  }
}

extension Setting where Value == Double {
  /// Declares a number.
  public init(
    _ name: String, default value: Double, in range: ClosedRange<Double>, _ help: String, source: String? = nil
  ) {
    self.init(name, default: value, .number(range), help, source: source)
  }

  /// Declares a number above 0.
  public init(
    _ name: String, default value: Double, aboveZeroTo limit: Double, _ help: String, source: String? = nil
  ) {
    self.init(name, default: value, .positive(upTo: limit), help, source: source)
  }
}

extension Setting where Value == Bool {
  /// Declares something that is on or off.
  public init(_ name: String, default value: Bool, _ help: String, source: String? = nil) {
    self.init(name, default: value, .toggle, help, source: source)
  }
}

extension Setting where Value: SettingWord {
  /// Declares a choice between the cases of an enumeration.
  public init(_ name: String, default value: Value, _ help: String, source: String? = nil) {
    self.init(name, default: value, .word(Value.allCases.map(\.rawValue)), help, source: source)
  }
}

/// A ``Setting`` of any type.
public protocol AnySetting: Sendable {
  /// What is declared.
  var declaration: SettingDeclaration { get }
}

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

/// Which values a setting may have.
public enum SettingDomain: Equatable, Sendable {
  /// Integers of a range.
  case integer(ClosedRange<Int>)
  /// Numbers of a range.
  case number(ClosedRange<Double>)
  /// Numbers above 0.
  case positive(upTo: Double)
  /// On or off.
  case toggle
  /// A list of integers, none or some.
  case integers(in: ClosedRange<Int>, count: ClosedRange<Int>)
  /// One of some words.
  case word([String])

  /// Whether a value is one of the domain's.
  public func contains(_ content: SettingContent) -> Bool {
    switch (self, content) {
    case (.integer(let range), .integer(let value)): range.contains(value)
    case (.number(let range), .number(let value)): range.contains(value)
    case (.positive(let limit), .number(let value)): value > 0 && value <= limit
    case (.toggle, .toggle): true
    case (.integers(let range, let count), .integers(let values)):
      count.contains(values.count) && values.allSatisfy(range.contains)
    case (.word(let words), .word(let word)): words.contains(word)
    default: false
    }
  }

  /// Completes the sentence "it has to be ...".
  public var requirement: String {
    switch self {
    case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .positive(let limit): "a number above 0 and at most \(limit)"
    case .toggle: "on or off"
    case .integers(let range, let count):
      "a list of \(count.lowerBound) to \(count.upperBound) integers from \(range.lowerBound) to \(range.upperBound)"
    case .word(let words): "one of " + words.joined(separator: ", ")
    }
  }
}
