/// The choices of an option that bring options of their own, such as an algorithm its settings.
public struct CommandVariants: Sendable {
  /// The option's name, without dashes.
  let option: String
  /// The choice that holds where none is made.
  let standard: String
  /// The option, without dashes, that goes on with an earlier choice; nil if there is none.
  let earlier: String?
  let all: [(word: String, groups: [OptionGroup])]

  /// Declares the choices of an option; `standard`, one of them, holds where the option is left out.
  ///
  /// - Parameter earlier: the name of an option that goes on with an earlier choice and all that came with it.
  public init(
    of option: String, standard: String, earlier: String? = nil, _ all: [(word: String, groups: [OptionGroup])]
  ) {
    (self.option, self.standard, self.earlier, self.all) = (option, standard, earlier, all)
  }

  /// The groups of a choice; those of the standard one where there is no such choice.
  func groups(of word: String?) -> [OptionGroup] {
    (all.first { $0.word == word } ?? all.first { $0.word == standard })?.groups ?? []
  }

  /// The choice that the words of a command line make.
  func choice(in words: [String]) -> String {
    let options = words.prefix { $0 != "--" }
    for (index, word) in options.enumerated() {
      if word == "--" + option, index + 1 < options.count { return options[index + 1] }
      if word.hasPrefix("--\(option)=") { return String(word.dropFirst(option.count + 3)) }
    }
    return standard
  }

  /// The option and its choice as they are written where a command line makes one, after a space; otherwise nothing.
  func words(in words: [String]) -> String {
    let choice = choice(in: words)
    return choice != standard && all.contains { $0.word == choice } ? " --\(option) \(choice)" : ""
  }

  /// What to say of an option that only other choices have; nil where no choice has it, or the choice is none.
  func refusal(of word: String, in words: [String]) -> UsageError? {
    let choice = choice(in: words)
    func options(_ groups: [OptionGroup]) -> [String] { groups.flatMap(\.declarations).flatMap(\.words) }
    let owners = all.filter { options($0.groups).contains(word) }.map(\.word)
    if let earlier, !owners.isEmpty, words.contains(where: { $0 == "--\(earlier)" || $0.hasPrefix("--\(earlier)=") }) {
      return .conflict("\(word) cannot be changed by --\(earlier), which goes on with the settings that there are")
    }
    guard !owners.isEmpty, let own = all.first(where: { $0.word == choice }).map({ options($0.groups) }) else {
      return nil
    }
    return .optionOfOtherVariant(
      word: word, choice: "--\(option) \(choice)", owners: owners,
      suggestions: Suggestions.nearest(to: word, among: own), own: own)
  }
}
