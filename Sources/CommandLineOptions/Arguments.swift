/// The values of one command line, read with the options that declared them.
public struct Arguments: Sendable {
  let table: [String: OptionDeclaration]
  let given: [String: any Sendable]
  let taken: [(name: String, word: String)]

  /// The option's value: as given, or else its default.
  ///
  /// The option must be one of the parsed command's; reading any other is a programming error and traps.
  public subscript<Value>(_ option: Option<Value>) -> Value {
    let name = option.declaration.name
    guard let row = table[name], let stored = (given[name] ?? row.absentValue) as? StoredValue<Value> else {
      fatalError("the option \(name) is not declared by the command that was parsed")
    }
    return stored.value
  }

  /// Whether the option is on the command line; false where its default holds.
  public func isGiven<Value>(_ option: Option<Value>) -> Bool {
    given[option.declaration.name] != nil
  }

  /// The words of the command line, each option with its value in one, but for some options.
  public func words(without options: [any DeclaredOption]) -> [String] {
    let names = options.map(\.declaration.name)
    return taken.filter { !names.contains($0.name) }.map(\.word)
  }

  /// The words of the command line, each option with its value in one, that are about some options.
  public func words(of options: [any DeclaredOption]) -> [String] {
    let names = options.map(\.declaration.name)
    return taken.filter { names.contains($0.name) }.map(\.word)
  }
}
