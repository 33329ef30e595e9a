import Environments
import Gymwire
import JSONLines
import SpaceCoding

/// What a server says about itself in hello, found out once before all checks.
struct ServerFacts: Sendable {
  /// `env`, `policy` or `learner`.
  let role: String
  let observationSpace: Space
  let actionSpace: Space
  /// `spec.max_episode_steps`.
  let maximumEpisodeSteps: Int?
  /// `spec.nondeterministic`.
  let isNondeterministic: Bool
  /// The longest line that the server reads, as it says itself; nil if it does not say.
  let statedMaximumLine: Int?
  /// What hello has to ask for so that it succeeds: the spaces of a learner that has none of its own.
  var want = ""
  /// Whether it takes its spaces from the driver.
  var takesSpaces: Bool { !want.isEmpty }
  /// How long a process takes from its start to its reply to hello.
  var startDuration = Duration.zero
  /// The features that it switches on when all are asked for.
  var features: Set<Feature> = []
  /// The modes that it can render in.
  var renderModes: [String] = []

  /// Whether it does section 1 of the specification and nothing else.
  ///
  /// Such a server is held to clauses 1.1 to 1.10 alone (clause 1.11): it may, for instance, rely on the order of members.
  var isMinimal: Bool { features.isEmpty }

  init(hello: Reply) throws {
    func space(_ name: String, _ path: String) throws -> Space {
      try hello.read(name) { scanner in
        do throws(SpaceError) { return try Space(from: &scanner, path: path) } catch {
          throw hello.departure(clause: error.clause, expected: "a space of section 10", came: "\(error)")
        }
      }
    }
    role = hello.value["role"]?.word ?? ""
    observationSpace = try space("obs_space", "obs")
    actionSpace = try space("action_space", "action")
    maximumEpisodeSteps = hello.value["spec"]?["max_episode_steps"]?.double.flatMap { Int(exactly: $0) }
    isNondeterministic = hello.value["spec"]?["nondeterministic"] == .boolean(true)
    statedMaximumLine = hello.value["max_line"]?.double.flatMap { Int(exactly: $0) }
  }
}

extension SpaceError {
  /// The clause of section 10 that the description breaks.
  fileprivate var clause: String {
    let words = [
      ("10.9", ["no space of type"]), ("10.2", ["\"shape\"", "the shape", "\"n\""]),
      ("10.3", ["\"low\"", "\"high\"", "\"nvec\"", "\"start\""]), ("10.4", ["\"dtype\"", "do not fit"]),
      ("10.6", ["the key", "[key, space]"]), ("10.8", ["\"node_space\"", "\"edge_space\""]),
    ]
    return words.first { _, words in words.contains { reason.contains($0) } }?.0 ?? "10.1"
  }
}
