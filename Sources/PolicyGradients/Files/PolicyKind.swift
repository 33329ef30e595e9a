import Environments

/// What a policy file can hold: how its numbers are read decides what they mean.
struct PolicyKind {
  /// The name in the file; nil for the one that version 1 of the format has.
  let name: String?
  /// Builds the policy of a snapshot.
  let make: (PolicySnapshot) throws(TrainingError) -> any Policy

  /// Every kind, one line each.
  static var all: [PolicyKind] {
    [
      PolicyKind(name: nil) { (snapshot) throws(TrainingError) in try NetworkPolicy(snapshot) },
      PolicyKind(name: "squashed-gaussian") { (snapshot) throws(TrainingError) in
        try ActorPolicy(snapshot) { .squashed($0) }
      },
      PolicyKind(name: "deterministic") { (snapshot) throws(TrainingError) in
        try ActorPolicy(snapshot) { .deterministic($0) }
      },
      PolicyKind(name: "implicit") { (snapshot) throws(TrainingError) in
        try ActorPolicy(snapshot) { .implicit($0) }
      },
    ]
  }
}

extension PolicySnapshot {
  /// Builds the policy; throws a sentence where the numbers do not fit each other, or are of a kind that is not known.
  public func makePolicy() throws(TrainingError) -> any Policy {
    guard let known = PolicyKind.all.first(where: { $0.name == kind }) else {
      throw .unusableFile(
        what: "policy file", reason: "it holds a policy of the kind \(kind ?? ""), which is not known here")
    }
    return try known.make(self)
  }
}
