extension Program {
  /// What is wrong with the tables themselves, one sentence each; a test of every program expects none.
  public var mistakes: [String] {
    let names = commands.map(\.name)
    let variants = commands.flatMap { command in
      command.variants.map { variants in variants.all.map { command.chosen(by: ["--" + variants.option, $0.word]) } }
        ?? [command]
    }
    return repeated(names).map { "Two commands are named \($0)." } + variants.flatMap(mistakes)
  }

  private func mistakes(of command: Command) -> [String] {
    let rows = command.rows
    let place = " in \(title(of: command))."
    var found = repeated(rows.flatMap(\.words)).map { "Two options are written \($0)" + place }
    found += repeated(rows.map(\.name)).map { "Two rows are named \($0)" + place }
    for row in rows {
      if row.help.last != "." { found.append("The help of \(row.spelling) does not end with a full stop" + place) }
      if !row.isPositional, row.name.contains(where: { !$0.isASCII || $0.isUppercase || $0 == "=" || $0.isWhitespace })
      {
        found.append("The name \(row.spelling) is not of lower-case letters, digits and hyphens" + place)
      }
      if !row.defaultIsValid { found.append("The default of \(row.spelling) is not one of its values" + place) }
    }
    let positionals = rows.filter(\.isPositional)
    for (row, next) in zip(positionals, positionals.dropFirst()) {
      if row.form == .positionalList { found.append("\(next.name) stands after a list that takes all words" + place) }
      if next.absence == .required, row.absence != .required {
        found.append("\(next.name) is required after the optional \(row.name)" + place)
      }
    }
    return found
  }

  private func repeated(_ words: [String]) -> [String] {
    Dictionary(grouping: words) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
  }
}
