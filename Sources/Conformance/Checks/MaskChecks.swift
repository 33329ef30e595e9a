import Environments
import JSONLines

/// Section 14: which actions make sense.
enum MaskChecks {
  static let all = [
    Check("14.2", .batch, "a mask has the structure of the action space") { examination in
      try examination.require(.mask)
      let conversation = try examination.greet(features: [.mask])
      for seed in 0..<10 {
        let reply = try conversation.reset("\"seed\":\(seed)")
        guard let mask = reply.value["action_mask"], mask != .null else { continue }
        guard mask.isMask(of: examination.facts.actionSpace) else {
          throw reply.departure(clause: "14.2", expected: "an action_mask for \(examination.facts.actionSpace.kind)")
        }
      }
    },
    Check("14.5", .batch, "a masked-out action is answered, and is not bad_action") { examination in
      try examination.require(.mask)
      guard case .discrete(let discrete) = examination.facts.actionSpace else {
        throw NotApplicable("actions are not Discrete")
      }
      let conversation = try examination.greet(features: [.mask])
      for seed in 0..<10 {
        let reset = try conversation.reset("\"seed\":\(seed)")
        let masked = (reset.value["action_mask"]?.elements ?? []).firstIndex { $0.equals(.integer(0)) }
        guard let masked else { continue }
        let reply = try conversation.ask("step", "\"action\":\(discrete.start + masked)")
        guard reply.code != "bad_action" else { throw reply.departure(clause: "14.5", expected: "no bad_action") }
        return
      }
      throw NotApplicable("no episode begins with an action masked out")
    },
  ]
}

extension JSONValue {
  /// Whether this is a mask without batch of an action space (clause 14.2).
  fileprivate func isMask(of space: Space) -> Bool {
    if self == .null { return true }
    func isFlat(_ count: Int) -> Bool {
      elements.map { $0.count == count && $0.allSatisfy { $0.equals(.integer(0)) || $0.equals(.integer(1)) } } ?? false
    }
    switch space {
    case .discrete(let discrete): return isFlat(discrete.n)
    case .multiDiscrete(let choices):
      return isFlat((0..<choices.shape.elementCount).reduce(0) { $0 + choices.nvec[$1] })
    case .tuple(let spaces):
      return elements.map { $0.count == spaces.count && zip($0, spaces).allSatisfy { $0.isMask(of: $1) } } ?? false
    case .dict(let members): return members.allSatisfy { self[$0.key]?.isMask(of: $0.space) ?? true }
    default: return false
    }
  }
}
