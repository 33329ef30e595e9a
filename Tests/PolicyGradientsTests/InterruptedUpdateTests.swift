import ClassicControl
import Environments
import PolicyGradients
import Synchronization
import Testing

/// Asks to stop at some later question, which may come from any thread.
private final class StopRequest: Sendable {
  private let questionsLeft = Atomic(Int.max)

  /// Asks at the question after so many others.
  func ask(after questions: Int) { questionsLeft.store(questions, ordering: .relaxed) }

  /// Whether it asks now; once it has, it goes on asking.
  func isMade() -> Bool {
    let left = questionsLeft.load(ordering: .relaxed)
    guard left > 0 else { return true }
    if left < Int.max { questionsLeft.store(left - 1, ordering: .relaxed) }
    return false
  }

  /// Whether it has asked.
  var hasCome: Bool { questionsLeft.load(ordering: .relaxed) <= 0 }
}

@Suite("An update that is interrupted")
struct InterruptedUpdateTests {
  @Test("leaves everything as it was before it, wherever it is", arguments: AlgorithmCatalog.names(.onPolicy))
  func rollback(name: String) throws {
    let settings = configuration(name) {
      $0.epochs = 6
      $0.stepsPerEpoch = 300
      $0.hiddenSizes = [8]
      $0.normalizesObservations = true
      $0.scalesRewards = true
    }
    for questions in [0, 1, 3] {
      let stop = StopRequest()
      let trainer = try Trainer(
        settings, environments: [vector(2) { CartPole(.v0).limited() }], isInterrupted: { stop.isMade() })
      var before: [String: PartState] = [:]
      let isComplete = try trainer.run { metrics in
        guard metrics.epoch == 1 else { return }
        before = Self.state(of: trainer)
        stop.ask(after: questions)
      }
      #expect(!isComplete && trainer.epoch >= 2)
      // Algorithms with many updates in an epoch may have made some before the question came.
      guard trainer.updatesPerEpoch == 1 else { continue }
      #expect(trainer.epoch == 2 && !before.isEmpty)
      #expect(Self.state(of: trainer) == before, "after \(questions) questions")
      let rest = try Trainer(
        resuming: Checkpoint.decode(trainer.checkpoint().encode()),
        environments: [vector(2) { CartPole(.v0).limited() }])
      #expect(try rest.run { _ in })
    }
  }

  @Test(
    "of an off-policy algorithm ends after the gradient step under way, and keeps it with all that came before",
    arguments: AlgorithmCatalog.names(.offPolicy))
  func endOfGradientSteps(name: String) throws {
    let settings = configuration(name) {
      $0.epochs = 4
      $0.stepsPerEpoch = 80
      $0.hiddenSizes = [8]
      $0[OffPolicySettings.batchSize] = 10
      $0.replace(OffPolicySettings.learningStarts, 40)
      // Every update has many more gradient steps than it is asked questions until it shall stop.
      $0.replace(OffPolicySettings.stepsPerUpdate, 20)
      $0.replace(OffPolicySettings.gradientSteps, 50)
      $0.replace(OffPolicySettings.trajectoryLength, 10)
      $0.replace(ACER.replayRatio, 50)
    }
    let stop = StopRequest()
    let trainer = try Trainer(
      settings, environments: [vector(2) { TargetTask() }], isInterrupted: { stop.isMade() })
    var policyBefore: [UInt8] = []
    let isComplete = try trainer.run(shouldStop: { stop.hasCome }) { metrics in
      guard metrics.epoch == 1 else { return }
      policyBefore = PolicyFile.encode(trainer.snapshot())
      stop.ask(after: 5)
    }
    #expect(!isComplete && trainer.environmentSteps == 180)
    #expect(PolicyFile.encode(trainer.snapshot()) != policyBefore)
    let replay = try #require(trainer.agent.parts.compactMap { $0.file as? ReplayBuffer }.first)
    #expect(replay.count == 180)
    let rest = try Trainer(
      resuming: Checkpoint.decode(trainer.checkpoint().encode()), environments: [vector(2) { TargetTask() }])
    let file = MemoryFile()
    replay.write(to: file.append)
    for part in rest.agent.parts { try part.file?.read(from: file.next) }
    #expect(try rest.run { _ in })
    #expect(rest.environmentSteps == 320)
  }

  /// The states of all parts but the action noise, which acting alone has used.
  private static func state(of trainer: Trainer) -> [String: PartState] {
    let parts = trainer.agent.parts.filter { $0.name != "action noise" }
    return Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.state()) })
  }
}
