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
        try examination.requireMask(in: reply)
        var actions = examination.actions(seed: 3)
        for _ in 0..<5 {
          let step = try conversation.ask("step", #""action":"# + actions.next())
          // Whoever refuses what is masked out breaks 14.5.
          if step.isEnd || step.code != nil { break }
          try examination.requireMask(in: step)
        }
      }
    },
    Check("14.3", .batch, "the masks of a batch are those of so many single environments") { examination in
      try examination.require(.mask)
      let batch = try examination.batch(features: [.batch, .mask])
      try examination.establish(.beginning.everywhere.batched)
      let singles = try examination.greet(features: [.mask])
      for seed in 0..<10 {
        let seeds = (0..<batch.count).map { 10 * seed + $0 }
        let reply = try batch.conversation.reset("\"seed\":\(seeds)".replacing(" ", with: ""))
        let mask = reply.value["action_mask"] ?? .null
        let space = examination.facts.actionSpace
        guard let rows = MaskRow.rows(of: mask, space: space, count: batch.count) else {
          throw reply.departure(clause: "14.3", expected: "an action_mask for \(batch.count) of \(space.kind)")
        }
        for (row, seed) in zip(rows, seeds) {
          let single = try singles.reset("\"seed\":\(seed)")
          guard let own = MaskRow.rows(of: single.value["action_mask"] ?? .null, space: space, count: 1) else {
            throw single.departure(clause: "14.2", expected: "an action_mask for \(space.kind)")
          }
          guard own.first != row else { continue }
          throw Mismatch(
            departure: reply.departure(
              clause: "14.3", expected: "the mask that seed \(seed) begins with alone, \(single.text.abbreviated)"),
            repetition: .beginning.everywhere.batched)
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

extension Examination {
  /// A mask that a reply has must have the structure of the action space (clause 14.2).
  fileprivate func requireMask(in reply: Reply) throws {
    let mask = reply.value["action_mask"] ?? .null
    guard MaskRow.rows(of: mask, space: facts.actionSpace, count: 1) == nil else { return }
    throw reply.departure(clause: "14.2", expected: "an action_mask for \(facts.actionSpace.kind)")
  }
}

/// The mask of one action: what is not restricted is spelt out, so that equal masks are equal.
private enum MaskRow: Equatable {
  case choices([Bool])
  case members([MaskRow])
  /// Of a space that knows no masks.
  case unmasked

  /// The masks of so many actions, as clauses 14.2 and 14.3 write them; nil if they are not written so.
  static func rows(of mask: JSONValue, space: Space, count: Int) -> [MaskRow]? {
    func flat(_ width: Int) -> [MaskRow]? {
      if mask == .null { return Array(repeating: .choices(Array(repeating: true, count: width)), count: count) }
      guard let elements = mask.elements, elements.count == width * count else { return nil }
      let bits = elements.compactMap { $0.equals(.integer(1)) ? true : $0.equals(.integer(0)) ? false : nil }
      guard bits.count == elements.count else { return nil }
      return (0..<count).map { .choices(Array(bits[$0 * width..<($0 + 1) * width])) }
    }
    func joined(_ members: [[MaskRow]?]) -> [MaskRow]? {
      let columns = members.compactMap { $0 }
      guard columns.count == members.count else { return nil }
      return (0..<count).map { row in .members(columns.map { $0[row] }) }
    }
    switch space {
    case .discrete(let discrete): return flat(discrete.n)
    case .multiDiscrete(let choices): return flat((0..<choices.shape.elementCount).reduce(0) { $0 + choices.nvec[$1] })
    case .tuple(let spaces):
      if mask == .null { return joined(spaces.map { rows(of: .null, space: $0, count: count) }) }
      guard let elements = mask.elements, elements.count == spaces.count else { return nil }
      return joined(zip(elements, spaces).map { rows(of: $0, space: $1, count: count) })
    case .dict(let members):
      guard mask == .null || mask.isObject else { return nil }
      return joined(members.map { rows(of: mask[$0.key] ?? .null, space: $0.space, count: count) })
    default: return mask == .null ? Array(repeating: .unmasked, count: count) : nil
    }
  }
}

extension JSONValue {
  fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}
