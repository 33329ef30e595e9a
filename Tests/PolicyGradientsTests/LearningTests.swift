import Environments
import PolicyGradients
import Testing

@Suite("Every algorithm learns")
struct LearningTests {
  static let names = AlgorithmCatalog.names(.onPolicy)

  /// Small networks and quick steps, the rest as the algorithm has it.
  private func greedyReturn<Task: Environment>(
    _ name: String, epochs: Int, rate: Double = 0.02, environments: Int = 4, _ make: @escaping () -> Task
  ) throws -> Double {
    let settings = configuration(name) {
      $0.hiddenSizes = [16]
      $0.epochs = epochs
      $0.stepsPerEpoch = 400
      $0.policyLearningRate = rate
      $0.valueLearningRate = 0.02
    }
    let trainer = try Trainer(settings, environments: [vector(environments, make)])
    try trainer.run { _ in }
    let policy = try trainer.snapshot().makePolicy()
    return try Evaluation.run(policy, in: vector(4, make), episodes: 20, seed: 1).meanReturn
  }

  @Test("to choose the better arm of a one-step bandit", arguments: names)
  func bandit(name: String) throws {
    #expect(try greedyReturn(name, epochs: 20) { BanditTask() } == 1)
  }

  @Test("to repeat what it sees", arguments: names)
  func identity(name: String) throws {
    #expect(try greedyReturn(name, epochs: 60) { IdentityTask() } == 10)
  }

  @Test("that the first action earned a reward which came three steps later", arguments: names)
  func delayed(name: String) throws {
    #expect(try greedyReturn(name, epochs: 40) { DelayedTask() } == 1)
  }

  @Test("to say a real number", arguments: names)
  func target(name: String) throws {
    #expect(try greedyReturn(name, epochs: 80) { TargetTask() } > -0.25)
  }
}
