/// A declared option whose value, read from `Arguments`, has the type `Value`.
///
/// Every option says what happens when it is left out: a default, a text that describes a default which depends on
/// other options (the value is then optional to read), or that it is required.
public struct Option<Value: Sendable>: DeclaredOption {
  /// The option's row of the table.
  public let declaration: OptionDeclaration

  /// Declares `--name VALUE` with a default.
  public init(_ name: String, _ type: ValueType<Value>, default value: Value, help: String) {
    declaration = .row(name, .valued, type, .meaning("default: \(type.format(value))"), value, help)
  }

  /// Declares `--name VALUE` that must be given, as `-s VALUE` too if it has a short name.
  public init(required name: String, shortName: Character? = nil, _ type: ValueType<Value>, help: String) {
    var row = OptionDeclaration.row(name, .valued, type, .required, nil, help)
    row.shortName = shortName
    declaration = row
  }

  /// Declares `--name VALUE` that reads as nil when left out; `defaultText` says what then holds.
  public init<Wrapped>(_ name: String, _ type: ValueType<Wrapped>, defaultText: String, help: String)
  where Value == Wrapped? {
    declaration = .row(name, .valued, type.optional, .meaning("default: \(defaultText)"), .some(nil), help)
  }

  /// Declares a word in its place, which must be given.
  public init(argument name: String, _ type: ValueType<Value>, help: String) {
    declaration = .row(name, .positional, type, .required, nil, help)
  }

  /// Declares a word in its place, with a default.
  public init(argument name: String, _ type: ValueType<Value>, default value: Value, help: String) {
    declaration = .row(name, .positional, type, .meaning("default: \(type.format(value))"), value, help)
  }

  /// Declares a word in its place that reads as nil when left out; `defaultText` says what then holds.
  public init<Wrapped>(argument name: String, _ type: ValueType<Wrapped>, defaultText: String, help: String)
  where Value == Wrapped? {
    declaration = .row(name, .positional, type.optional, .meaning("default: \(defaultText)"), .some(nil), help)
  }

  /// Declares that all remaining words are values; `defaultText` says what holds when there are none.
  public init<Element>(arguments name: String, _ type: ValueType<Element>, defaultText: String, help: String)
  where Value == [Element] {
    declaration = Self.list(name, .positionalList, type, defaultText, help)
  }

  /// Declares `--name VALUE` that may be given several times; `defaultText` says what holds when it is not.
  public init<Element>(repeatable name: String, _ type: ValueType<Element>, defaultText: String, help: String)
  where Value == [Element] {
    var row = Self.list(name, .valued, type, defaultText, help)
    row.isRepeatable = true
    declaration = row
  }

  private static func list<Element>(
    _ name: String, _ form: OptionDeclaration.Form, _ type: ValueType<Element>, _ defaultText: String, _ help: String
  ) -> OptionDeclaration where Value == [Element] {
    OptionDeclaration(
      name: name,
      form: form,
      placeholder: type.placeholder,
      allowed: type.allowed,
      absence: .meaning("default: \(defaultText)"),
      help: help,
      completion: type.completion,
      read: { words throws(ValueProblem) in
        var values: [Element] = []
        for word in words { values.append(try type.parse(word)) }
        return StoredValue(value: values)
      },
      absentValue: StoredValue<Value>(value: []),
      defaultIsValid: true
    )
  }
}

extension Option where Value == Bool {
  /// Declares `--name`, which is off when left out.
  public init(flag name: String, shortName: Character? = nil, help: String) {
    var row = OptionDeclaration.row(name, .flag, .onOrOff, .meaning("off by default"), false, help)
    row.shortName = shortName
    declaration = row
  }

  /// Declares the pair `--name` and `--no-name`.
  public init(negatable name: String, default value: Bool, help: String) {
    declaration = .row(name, .negatable, .onOrOff, .meaning(value ? "on by default" : "off by default"), value, help)
  }
}

extension Option where Value == Bool? {
  /// Declares the pair `--name` and `--no-name`, nil when left out; `defaultText` says what then holds.
  public init(negatable name: String, defaultText: String, help: String) {
    let type = ValueType<Bool>.onOrOff.optional
    declaration = .row(name, .negatable, type, .meaning("default: \(defaultText)"), .some(nil), help)
  }
}

/// Keeps the exact type of a value, optionals included, behind `any Sendable`.
struct StoredValue<Value: Sendable>: Sendable {
  let value: Value
}

extension ValueType {
  /// Whether the value, written out, reads back; an empty text stands for no value.
  fileprivate func reads(_ value: Value?) -> Bool {
    guard let text = value.map(format), !text.isEmpty else { return true }
    do {
      _ = try parse(text)
      return true
    } catch {
      return false
    }
  }

  fileprivate var optional: ValueType<Value?> {
    ValueType<Value?>(
      placeholder: placeholder,
      allowed: allowed,
      completion: completion,
      parse: { [parse] word throws(ValueProblem) in try parse(word) },
      format: { [format] value in value.map(format) ?? "" }
    )
  }
}

extension OptionDeclaration {
  fileprivate static func row<Value>(
    _ name: String,
    _ form: Form,
    _ type: ValueType<Value>,
    _ absence: Absence,
    _ absentValue: Value?,
    _ help: String
  ) -> Self {
    Self(
      name: name,
      form: form,
      placeholder: type.placeholder,
      allowed: type.allowed,
      absence: absence,
      help: help,
      completion: type.completion,
      read: { words throws(ValueProblem) in
        guard let word = words.first else { throw .empty }
        return StoredValue(value: try type.parse(word))
      },
      absentValue: absentValue.map { StoredValue(value: $0) },
      defaultIsValid: type.reads(absentValue)
    )
  }
}
