import ClassicControl
import Environments
import Foundation
import PolicyGradients
import Testing

/// An environment whose steps take a time that nobody can foresee.
private final class Dawdling: EnvironmentWrapper {
  let inner: any VectorEnvironment

  init(_ inner: any VectorEnvironment) { self.inner = inner }

  func finishStep() throws {
    usleep(.random(in: 0...300))
    try inner.finishStep()
  }
}

@Suite("Workers that compute gradients")
struct GradientCrewTests {
  private func settings(_ algorithm: String, _ change: (inout SettingValues) -> Void = { _ in }) -> SettingValues {
    configuration(algorithm) {
      $0.seed = 3
      $0.epochs = 2
      $0.stepsPerEpoch = 200
      $0.minimumHorizon = min($0.minimumHorizon, 20)
      $0.hiddenSizes = [8]
      change(&$0)
    }
  }

  /// Threads with one dawdling sub-environment each.
  private func workers(_ count: Int, _ settings: SettingValues) throws -> [ThreadWorker] {
    try (0..<count).map { _ in
      let worker = try ThreadWorker(Dawdling(vector(1) { CartPole(.v0).limited() }))
      try JSONEncoder().encode(settings).withUnsafeBytes { try worker.prepare(settings: $0) }
      return worker
    }
  }

  @Test("give the same bytes in whatever order they come where all are waited for: SPEC 21.15")
  func order() throws {
    let settings = settings("dppo") {
      $0.normalizesObservations = true
      $0.scalesRewards = true
    }
    func run() throws -> (metrics: [EpochMetrics], policy: [UInt8], checkpoint: [UInt8]) {
      let trainer = try Trainer(settings, environments: try workers(5, settings))
      var metrics: [EpochMetrics] = []
      try trainer.run { metrics.append($0) }
      return (metrics, PolicyFile.encode(trainer.snapshot()), try trainer.checkpoint().encode())
    }
    let first = try run()
    for _ in 1...3 {
      let again = try run()
      #expect(again.metrics == first.metrics)
      #expect(again.policy == first.policy)
      #expect(again.checkpoint == first.checkpoint)
    }
  }

  @Test("leave everything as it was before an update that is stopped halfway")
  func stopped() throws {
    let settings = settings("dppo") { $0.scalesRewards = true }
    let trainer = try Trainer(settings, environments: try workers(2, settings))
    try trainer.run(shouldStop: { trainer.epoch == 1 }) { _ in }
    let before = try trainer.checkpoint().encode()
    try trainer.run(shouldStop: { true }) { _ in }
    #expect(try trainer.checkpoint().encode() == before)
  }

  @Test("are refused where nobody computes gradients, and where no step waits for them")
  func refusals() throws {
    func refusal(_ settings: SettingValues, late: Int) throws -> String {
      let error = #expect(throws: TrainingError.self) {
        _ = try Trainer(settings, environments: try workers(2, settings), lateWorkers: late)
      }
      return "\(error.map { "\($0)" } ?? "")"
    }
    #expect(try refusal(settings("ppo"), late: 0).contains("a3c and dppo"))
    #expect(try refusal(settings("a3c"), late: 1).contains("dppo"))
    #expect(try refusal(settings("dppo"), late: 2).contains("less than the number of workers"))
  }
}
