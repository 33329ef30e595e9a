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
  func mostUncertain(_ conversation: Conversation, among count: Int = 16) throws -> ActionSamples {
    var observations = observations()
    var best: ActionSamples?
    for _ in 0..<count {
      var samples = ActionSamples(observation: observations.next())
      try samples.draw(16, from: conversation)
      if samples.variety > best?.variety ?? 0 { best = samples }
    }
    return best ?? ActionSamples(observation: firstObservation)
  }
}
