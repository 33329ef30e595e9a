import PolicyGradients
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Settings")
struct ConfigurationTests {
  @Test("every algorithm's defaults are valid, carry its name, and survive being written and read")
  func defaults() throws {
    for algorithm in AlgorithmCatalog.all {
      let configuration = algorithm.configuration
      try configuration.validate()
      #expect(configuration.algorithm == algorithm.name)
      let read = try JSONDecoder().decode(Configuration.self, from: JSONEncoder().encode(configuration))
      #expect(read == configuration)
    }
    #expect(Set(AlgorithmCatalog.all.map(\.name)).count == AlgorithmCatalog.all.count)
  }

  @Test(
    "a setting outside its range is named, with what it has to be",
    arguments: [
      ("algorithm", { @Sendable in $0.algorithm = "ppp" }), ("seed", { $0.seed = 1 << 53 }),
      ("epochs", { $0.epochs = 0 }),
      ("discount", { $0.discount = 1.01 }), ("discount", { $0.discount = .nan }),
      ("gaeLambda", { $0.gaeLambda = -0.1 }),
      ("clipRatio", { $0.clipRatio = -1 }), ("minibatchSize", { $0.minibatchSize = -1 }),
      ("stepsPerEpoch", { $0.stepsPerEpoch = 0 }), ("stepCount", { $0.stepCount = 0 }),
      ("hiddenSizes", { $0.hiddenSizes = [64, 0] }), ("policyLearningRate", { $0.policyLearningRate = 0 }),
      ("valueLearningRate", { $0.valueLearningRate = .infinity }), ("policyIterations", { $0.policyIterations = 0 }),
      ("baseline", { $0.baseline = .none }), ("maximumGradientNorm", { $0.maximumGradientNorm = -1 }),
      (
        "stepsPerUpdate",
        {
          $0.finishesEpisodes = true
          $0.stepsPerUpdate = 10
        }
      ),
    ] as [(String, @Sendable (inout Configuration) -> Void)])
  func range(name: String, change: @Sendable (inout Configuration) -> Void) {
    let settings = configuration("vpg", change)
    #expect {
      try settings.validate()
    } throws: { "\($0)".contains("setting \(name) is") }
  }
}
