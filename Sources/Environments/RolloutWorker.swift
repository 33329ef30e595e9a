/// What acts in sub-environments near itself for an agent that learns elsewhere (protocol/WORKERS.md).
public protocol RolloutWorker: GradientSource {
  /// The sub-environments.
  var environment: any VectorEnvironment { get }

  /// Makes a copy of the agent.
  ///
  /// - Parameter settings: the algorithm and its settings, as a JSON object.
  /// - Throws: a sentence about settings that cannot be used; the copy before stays then.
  func prepare(settings: UnsafeRawBufferPointer) throws

  /// Begins an episode in every sub-environment; sub-environment i gets seed `seed + i`, or continues if it is nil.
  func reset(seed: UInt64?) throws

  /// Acts for a number of steps.
  ///
  /// - Throws: ``RolloutRefusal`` for an order that makes no sense, having done nothing; and what an environment throws.
  func collect(_ order: RolloutOrder) throws -> Rollout
}

/// Why a worker does not carry out an order.
public struct RolloutRefusal: Error, CustomStringConvertible {
  /// The sentence, without its full stop.
  public let description: String

  /// Creates a refusal.
  public init(_ description: String) { self.description = description }
}
