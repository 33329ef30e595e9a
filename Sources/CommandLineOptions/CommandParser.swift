/// Reads the words of one command line against the command's table.
struct CommandParser {
  private let rows: [OptionDeclaration]
  private let rowOfWord: [String: OptionDeclaration]
  private var positionals: ArraySlice<OptionDeclaration>
  private var listWords: [String] = []
  private var repeatedWords: [String: [String]] = [:]
  private(set) var given: [String: any Sendable] = [:]
  /// What was read, in order: the option, and the words that say the same again.
  private(set) var taken: [(name: String, word: String)] = []

  init(_ rows: [OptionDeclaration]) {
    self.rows = rows
    positionals = rows.filter(\.isPositional)[...]
    rowOfWord = Dictionary(rows.flatMap { row in row.words.map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
  }

  mutating func read(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    var optionsEnded = false
    while let word = rest.popFirst() {
      if optionsEnded || !Self.looksLikeOption(word) {
        try takePositional(word)
      } else if word == "--" {
        optionsEnded = true
      } else {
        try takeOption(word, &rest)
      }
    }
    if let list = positionals.first(where: { $0.form == .positionalList }), !listWords.isEmpty {
      try store(list, listWords)
    }
  }

  /// Throws for the first required option that was not read.
  func checkRequired() throws(UsageError) {
    for row in rows where row.absence == .required && given[row.name] == nil {
      let value = row.isPositional || !row.takesValue ? "" : " " + row.placeholder
      throw .missingOption(option: row.spelling + value, help: row.help)
    }
  }

  /// A lone dash and negative numbers are values.
  static func looksLikeOption(_ word: String) -> Bool {
    word.hasPrefix("-") && word != "-" && !NumberText.isNegative(word)
  }

  private mutating func takeOption(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    guard let row = rowOfWord[name] else {
      let names = rowOfWord.keys.filter { $0.hasPrefix("--") }.sorted()
      throw .unknownOption(word: name, suggestions: Suggestions.nearest(to: name, among: names))
    }
    if row.takesValue {
      let value = parts.count == 2 ? parts[1] : try takeValue(of: row, &rest)
      taken.append((row.name, "\(row.spelling)=\(value)"))
      try store(row, [value])
    } else if parts.count == 2 {
      throw .unexpectedValue(option: name, value: parts[1])
    } else {
      taken.append((row.name, name))
      try store(row, [name.hasPrefix("--no-") && row.form == .negatable ? "off" : "on"])
    }
  }

  private func takeValue(
    of row: OptionDeclaration,
    _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let next = rest.first, !Self.looksLikeOption(next) else {
      throw .missingValue(option: row.spelling, placeholder: row.placeholder, next: rest.first)
    }
    rest.removeFirst()
    return next
  }

  private mutating func takePositional(_ word: String) throws(UsageError) {
    guard let row = positionals.first else {
      let suggestions = Suggestions.nearest(to: word, among: rowOfWord.keys.filter { $0.hasPrefix("--") }.sorted())
      throw .unexpectedArgument(word: word, suggestions: suggestions)
    }
    taken.append((row.name, word))
    if row.form == .positionalList {
      listWords.append(word)
    } else {
      positionals.removeFirst()
      try store(row, [word])
    }
  }

  private mutating func store(_ row: OptionDeclaration, _ words: [String]) throws(UsageError) {
    guard row.isRepeatable || given[row.name] == nil else { throw .repeatedOption(option: row.spelling) }
    let all = repeatedWords[row.name, default: []] + words
    if row.isRepeatable { repeatedWords[row.name] = all }
    do {
      given[row.name] = try row.read(all)
    } catch {
      var absence: String?
      if case .meaning(let text) = row.absence { absence = text }
      throw .badValue(
        option: row.spelling,
        value: words.joined(separator: " "),
        problem: error,
        absence: absence
      )
    }
  }
}
