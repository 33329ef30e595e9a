extension ValueType where Value == String {
  /// Any text that is not empty.
  public static func text(_ placeholder: String = "TEXT", completion: ValueCompletion = .nothing) -> Self {
    Self(
      placeholder: placeholder,
      allowed: nil,
      completion: completion,
      parse: { word throws(ValueProblem) in
        if word.isEmpty { throw .empty }
        return word
      },
      format: { $0 }
    )
  }

  /// A command line, which a shell completes with the names of commands.
  public static func commandLine(_ placeholder: String = "CMD") -> Self {
    text(placeholder, completion: .commands)
  }

  /// The path of a file.
  public static func path(_ placeholder: String = "FILE") -> Self {
    text(placeholder, completion: .files)
  }

  /// The path of a directory.
  public static func directory(_ placeholder: String = "DIR") -> Self {
    text(placeholder, completion: .directories)
  }

  /// One of the given words, such as the names in a catalog.
  public static func choice(_ choices: [String], placeholder: String = "NAME") -> Self {
    choice(choices.map { ($0, $0) }, placeholder: placeholder)
  }
}

extension ValueType {
  /// One of the given words, each of which stands for a value.
  ///
  /// A value that no word stands for is written as `?`; `Program.mistakes` finds it where it is a default.
  public static func choice(_ choices: [(word: String, value: Value)], placeholder: String = "NAME") -> Self
  where Value: Equatable {
    let words = choices.map(\.word)
    return Self(
      placeholder: placeholder,
      allowed: "one of " + words.joined(separator: ", "),
      completion: .words(words),
      parse: { word throws(ValueProblem) in
        guard let choice = choices.first(where: { $0.word == word }) else {
          throw .unknownChoice(choices: words, suggestions: Suggestions.nearest(to: word, among: words))
        }
        return choice.value
      },
      format: { value in choices.first { $0.value == value }?.word ?? "?" }
    )
  }

  /// One of the cases of an enumeration, by its raw value.
  public static func choice(of type: Value.Type, placeholder: String = "NAME") -> Self
  where Value: CaseIterable & Equatable & RawRepresentable<String> {
    choice(type.allCases.map { ($0.rawValue, $0) }, placeholder: placeholder)
  }
}

extension ValueType where Value == Bool {
  /// What a flag stores; it has no place on the command line of its own.
  static var onOrOff: Self {
    Self(
      placeholder: "",
      allowed: nil,
      completion: .nothing,
      parse: { word in word == "on" },
      format: { $0 ? "on" : "off" }
    )
  }
}
