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
