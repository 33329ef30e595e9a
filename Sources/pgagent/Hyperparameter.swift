import CommandLineOptions
import PolicyGradients

/// One option of the command line that sets one member of the configuration.
///
/// Its default depends on the algorithm; the help states the standard algorithm's, and those of others that differ.
struct Hyperparameter<Value: Equatable & Sendable>: ConfigurationOption {
  let name: String
  let option: Option<Value?>
  private let set: @Sendable (inout Configuration, Value) -> Void

  init(
    _ name: String, _ path: WritableKeyPath<Configuration, Value> & Sendable, _ type: ValueType<Value>, _ help: String
  ) {
    self.name = name
    let standard = AlgorithmCatalog.standard.configuration[keyPath: path]
    var text = type.format(standard)
    var others: [(value: String, names: [String])] = []
    for algorithm in AlgorithmCatalog.all where algorithm.configuration[keyPath: path] != standard {
      let value = type.format(algorithm.configuration[keyPath: path])
      if let index = others.firstIndex(where: { $0.value == value }) {
        others[index].names.append(algorithm.name)
      } else {
        others.append((value, [algorithm.name]))
      }
    }
    for (value, names) in others { text += "; \(names.joined(separator: ", ")): \(value)" }
    option = Option(name, type, defaultText: text, help: help)
    set = { $0[keyPath: path] = $1 }
  }

  var declared: any DeclaredOption { option }

  func isGiven(_ arguments: Arguments) -> Bool { arguments.isGiven(option) }

  func apply(_ arguments: Arguments, to configuration: inout Configuration) {
    if let value = arguments[option] { set(&configuration, value) }
  }
}

/// A ``Hyperparameter`` of any type.
protocol ConfigurationOption: Sendable {
  /// The option's name, without dashes.
  var name: String { get }
  var declared: any DeclaredOption { get }
  /// Whether it is on the command line.
  func isGiven(_ arguments: Arguments) -> Bool
  /// Puts what the command line says into the configuration; without a word on it, changes nothing.
  func apply(_ arguments: Arguments, to configuration: inout Configuration)
}
