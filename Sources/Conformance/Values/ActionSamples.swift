import Environments
import JSONLines

/// What a policy answered to one observation, many times over and without a seed.
struct ActionSamples {
  /// One answer.
  struct Sample {
    /// The action, as JSON that is the same for equal actions.
    let action: String
    /// The natural logarithm of its probability or density, as it was told; nil if it was not.
    let logp: Double?
    let reply: Reply
  }

  let observation: String
  private(set) var samples: [Sample] = []

  /// Asks for so many actions more.
  mutating func draw(_ count: Int, from conversation: Conversation) throws {
    for _ in 0..<count {
      let reply = try conversation.act(observation)
      samples.append(
        Sample(
          action: (reply.value["action"] ?? .null).text, logp: reply.value["logp"]?.double, reply: reply))
    }
  }

  /// The samples by their action.
  var groups: [String: [Sample]] { Dictionary(grouping: samples, by: \.action) }

  /// How many actions there are that came more than once in a while: the number whose inverse is the chance that two
  /// samples are the same.
  var variety: Double {
    let count = Double(samples.count)
    return 1 / groups.values.reduce(0) { $0 + (Double($1.count) / count) * (Double($1.count) / count) }
  }
}

extension Examination {
  /// The observation, of some random ones, at which the policy's actions vary most, and what it answered there.
  func mostUncertain(_ conversation: Conversation) throws -> ActionSamples {
    try samplesAtSomeObservations(conversation).max { $0.variety < $1.variety }
      ?? ActionSamples(observation: firstObservation)
  }

  /// The observation at which the policy's actions vary most, and the one at which they vary about half as much: a
  /// distribution that is sharper than the one that is told is the same where all actions are equally probable.
  func uncertainAndUneven(_ conversation: Conversation) throws -> [ActionSamples] {
    let all = try samplesAtSomeObservations(conversation)
    guard let most = all.max(by: { $0.variety < $1.variety }) else { return [] }
    let half = (1 + most.variety) / 2
    let uneven = all.filter { $0.variety > 1 && $0.observation != most.observation }
      .min { ($0.variety - half).magnitude < ($1.variety - half).magnitude }
    return [most] + (uneven.map { [$0] } ?? [])
  }

  private func samplesAtSomeObservations(_ conversation: Conversation) throws -> [ActionSamples] {
    var observations = observations()
    return try (0..<16).map { _ in
      var samples = ActionSamples(observation: observations.next())
      try samples.draw(16, from: conversation)
      return samples
    }
  }
}
