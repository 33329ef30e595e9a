/// A conforming program that was broken in one way.
struct Mutant {
  /// The program that it is made of.
  let program: ConformingProgram
  /// The clauses that it breaks; a check that names any of them is right.
  let clauses: [String]
  /// What is wrong with it, in a few words.
  let fault: String
  let change: Change
  /// Whether its fault is that it says nothing, not even hello.
  let isMute: Bool

  /// How it is broken.
  enum Change {
    /// A part of the program's text that occurs in it once, and what stands in its place.
    case replacement(String, with: String)
    /// Words behind its command.
    case arguments([String])
  }
}

/// A program that keeps to the protocol, in one role and one language.
struct ConformingProgram {
  /// The file with its faults, without its suffix.
  let name: String
  /// The path of its text within the repository.
  let path: String
  let role: Role
  /// Words behind its command, `{}` among them for an agent.
  let arguments: [String]
  /// Options that a reset of it understands, as JSON.
  let resetOptions: String?
  /// For how many seconds an agent waits for a reply; nil if that is not known.
  let patience: Double?

  enum Role: String, CaseIterable {
    case environment = "env"
    case policy, learner, agent
  }

  /// The language, by the suffix of the path.
  var language: String {
    ["py": "Python", "js": "JavaScript", "sh": "shell", "c": "C"][String(path.split(separator: ".").last ?? "")] ?? "?"
  }
}
