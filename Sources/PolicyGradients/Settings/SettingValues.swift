/// The settings of a run: those that its algorithm declares, and no others.
public struct SettingValues: Equatable, Sendable {
  /// The algorithm.
  public let algorithm: Algorithm
  private var contents: [String: SettingContent] = [:]
  /// Those that somebody has chosen, so that no default takes their place.
  private var chosen: Set<String> = []

  /// The defaults of an algorithm.
  public init(_ algorithm: Algorithm) {
    self.algorithm = algorithm
    for setting in algorithm.settings { contents[setting.declaration.name] = setting.declaration.standard }
  }

  /// The value of one of the algorithm's settings.
  ///
  /// Asking for another one is a mistake in the program, and traps.
  public subscript<Value>(_ setting: Setting<Value>) -> Value {
    get {
      guard let value = contents[setting.name].flatMap({ Value($0) }) else {
        preconditionFailure("\(algorithm.name) has no setting \(setting.name)")
      }
      return value
    }
    set {
      precondition(declares(setting), "\(algorithm.name) has no setting \(setting.name)")
      contents[setting.name] = newValue.content
      chosen.insert(setting.name)
    }
  }

  /// The value of a setting that the algorithm may not have; `standard` where it does not.
  subscript<Value>(_ setting: Setting<Value>, or standard: Value) -> Value {
    declares(setting) ? self[setting] : standard
  }

  /// Whether the algorithm has a setting.
  public func declares(_ setting: some AnySetting) -> Bool { contents[setting.declaration.name] != nil }

  /// The value of a setting by its name; nil where the algorithm has no such setting.
  public func content(of name: String) -> SettingContent? { contents[name] }

  /// Replaces the value of a setting that is known by its name.
  ///
  /// - Throws: ``TrainingError/unusableSetting(name:value:requirement:)`` for one that the algorithm does not have, and for
  ///   a value outside its range.
  public mutating func set(_ name: String, to content: SettingContent) throws(TrainingError) {
    guard let declaration = algorithm.declaration(of: name) else {
      throw .unusableSetting(
        name: name, value: content.description,
        requirement: "left out: the algorithm \(algorithm.name) has no such setting")
    }
    contents[name] = content
    chosen.insert(name)
    try Self.check(declaration, content)
  }

  /// The same settings for an environment whose actions are of these kinds: nothing is left for a default to decide.
  func settled(for actions: ActionKinds) -> SettingValues {
    var copy = self
    for setting in algorithm.settings.map(\.declaration) where copy.chosen.insert(setting.name).inserted {
      if actions.contains(.box), let standard = setting.boxStandard { copy.contents[setting.name] = standard }
    }
    return copy
  }

  /// Throws a sentence about the first setting that is outside its range or contradicts another.
  public func validate() throws(TrainingError) {
    for setting in algorithm.settings {
      guard let content = contents[setting.declaration.name] else { continue }
      try Self.check(setting.declaration, content)
    }
    try algorithm.check(self)
  }

  private static func check(_ declaration: SettingDeclaration, _ content: SettingContent) throws(TrainingError) {
    guard declaration.domain.contains(content) else {
      throw .unusableSetting(
        name: declaration.name, value: content.description, requirement: declaration.domain.requirement)
    }
  }

  /// Whether two runs have the same algorithm and the same values.
  public static func == (one: SettingValues, other: SettingValues) -> Bool {
    one.algorithm.name == other.algorithm.name && one.contents == other.contents
  }
}

extension SettingContent: CustomStringConvertible {
  /// The value as it is written for people.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .toggle(let value): value ? "on" : "off"
    case .integers(let values): values.isEmpty ? "none" : values.map(String.init).joined(separator: ",")
    case .word(let word): word
    }
  }
}

extension SettingValues: Codable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes an object: the name of the algorithm as `algorithm`, and each setting under its name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    try container.encode(algorithm.name, forKey: Name(stringValue: "algorithm"))
    for (name, content) in contents {
      let key = Name(stringValue: name)
      switch content {
      case .integer(let value): try container.encode(value, forKey: key)
      case .number(let value): try container.encode(value, forKey: key)
      case .toggle(let value): try container.encode(value, forKey: key)
      case .integers(let values): try container.encode(values, forKey: key)
      case .word(let word): try container.encode(word, forKey: key)
      }
    }
  }

  /// Reads such an object; throws a sentence about what is no setting of the algorithm, or outside its range.
  ///
  /// A setting that is not there has its default, since an earlier version may not have known it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    let name = try container.decode(String.self, forKey: Name(stringValue: "algorithm"))
    guard let algorithm = AlgorithmCatalog.algorithm(named: name) else {
      throw TrainingError.unusableSetting(name: "algorithm", value: name, requirement: AlgorithmCatalog.names)
    }
    self.init(algorithm)
    // What a file was written for is settled.
    chosen = Set(contents.keys)
    for key in container.allKeys where key.stringValue != "algorithm" {
      guard let declaration = algorithm.declaration(of: key.stringValue) else {
        throw TrainingError.unusableSetting(
          name: key.stringValue, value: "there",
          requirement: "left out: the algorithm \(name) has no such setting")
      }
      switch declaration.domain {
      case .integer: contents[key.stringValue] = .integer(try container.decode(Int.self, forKey: key))
      case .number, .positive: contents[key.stringValue] = .number(try container.decode(Double.self, forKey: key))
      case .toggle: contents[key.stringValue] = .toggle(try container.decode(Bool.self, forKey: key))
      case .integers: contents[key.stringValue] = .integers(try container.decode([Int].self, forKey: key))
      case .word: contents[key.stringValue] = .word(try container.decode(String.self, forKey: key))
      }
    }
    try validate()
  }
}
