import Environments
import GymwireIO

/// Drives an environment with real actions, by a rule that costs next to nothing.
final class Pilot {
  /// Turns the numbers of one observation into a discrete action.
  typealias Rule = @Sendable (UnsafeMutableBufferPointer<Float>) -> Int64

  let environment: RemoteVectorEnvironment
  private let actions: ValueBatch
  private let chosen: UnsafeMutableBufferPointer<Int64>
  private let rule: Rule

  init(_ environment: RemoteVectorEnvironment, rule: @escaping Rule) throws {
    self.environment = environment
    self.rule = rule
    actions = ValueBatch(environment.actionSpace, count: environment.count)
    guard let flat = actions.flat else { throw BenchmarkError("the actions are not numbers") }
    chosen = flat.array.numbers(as: Int64.self)
    try environment.reset(seed: 0, options: [:])
  }

  /// Steps every sub-environment `count` times; returns how many episodes have ended.
  @discardableResult
  func step(_ count: Int) throws -> Int {
    var ended = 0
    for _ in 0..<count {
      for row in 0..<environment.count {
        chosen[row] = rule(try environment.outcome.observations.numbers(ofRow: row, as: Float.self))
      }
      try environment.step(actions)
      for row in 0..<environment.count where environment.outcome.hasEnded(row) { ended += 1 }
    }
    return ended
  }

  /// Pushes the cart towards where the pole falls: episodes of CartPole last some two hundred steps.
  static let cartPole: Rule = { $0[2] + $0[3] > 0 ? 1 : 0 }
  /// Runs after the hare of protocol/examples.
  static let chase: Rule = { $0[0] > 0 ? 2 : 0 }
}

struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
