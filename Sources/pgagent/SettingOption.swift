import CommandLineOptions
import PolicyGradients

/// The option of the command line that a setting of an algorithm is.
struct SettingOption: Sendable {
  let declared: any DeclaredOption
  /// What the command line says; nil where it is silent.
  let content: @Sendable (Arguments) -> SettingContent?

  init(_ setting: SettingDeclaration) {
    switch (setting.domain, setting.standard) {
    case (.integer(let range), .integer(let standard)): self.init(setting, .integer(in: range), standard)
    case (.number(let range), .number(let standard)): self.init(setting, .number(in: range), standard)
    case (.positive(let limit), .number(let standard)): self.init(setting, .number(above: 0, upTo: limit), standard)
    case (.toggle, .toggle(let standard)): self.init(setting, .onOff, standard)
    case (.integers(let range, let count), .integers(let standard)):
      self.init(setting, .integers(in: range, count: count), standard)
    case (.word(let words), .word(let standard)):
      self.init(setting, .choice(words), standard) { .word($0) }
    default: preconditionFailure("the default of \(setting.name) is not of its type")
    }
  }

  private init<Value: SettingValue>(_ setting: SettingDeclaration, _ type: ValueType<Value>, _ standard: Value) {
    self.init(setting, type, standard) { $0.content }
  }

  private init<Value: Sendable>(
    _ setting: SettingDeclaration, _ type: ValueType<Value>, _ standard: Value,
    content: @escaping @Sendable (Value) -> SettingContent
  ) {
    var text = type.format(standard) + (setting.source.map { ", \($0)" } ?? "")
    if let box = setting.boxStandard { text += "; \(box) where actions are a Box" }
    let option = Option(setting.name, type, defaultText: text, help: setting.help)
    declared = option
    self.content = { arguments in arguments[option].map(content) }
  }
}

extension ValueType where Value == Bool {
  /// The words `on` and `off`.
  static var onOff: Self { .choice([(word: "on", value: true), (word: "off", value: false)], placeholder: "on|off") }
}
