import Environments

extension RemoteWorker: GradientSource {
  /// Begins an episode in every sub-environment.
  public func reset(seed: UInt64) throws { try reset(seed: seed, options: [:]) }

  /// Asks for gradients; nil where the worker has failed, and another has taken its place without its experience.
  public func gradients(_ order: GradientOrder) throws -> GradientAnswer? {
    do { return try process.gradients(order) } catch {
      let seed = nextSeed()
      try startAnew(after: error) { worker throws(ConnectionError) in try worker.reset(to: seed) }
      return nil
    }
  }
}
