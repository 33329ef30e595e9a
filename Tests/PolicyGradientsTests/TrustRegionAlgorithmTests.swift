import ClassicControl
import Environments
import PolicyGradients
import Testing

@Suite("Steps in a trust region")
struct TrustRegionAlgorithmTests {
  /// An agent with a small network, and a batch of its own random experience for each update.
  private func agent(
    _ name: String, _ kind: PolicyKind = PolicyKind.all[0], _ change: (inout SettingValues) -> Void = { _ in }
  ) throws -> (agent: OnPolicyAgent, update: () throws -> Metrics) {
    let settings = configuration(name) {
      $0.hiddenSizes = [6]
      $0.initialization = .torch
      $0.sigmaForm = kind.sigmaForm
      change(&$0)
    }
    let agent = try onPolicyAgent(settings, observationWidth: 3, actionSpace: kind.actionSpace)
    return (
      agent,
      {
        var metrics = Metrics()
        let batch = randomBatch(for: agent.learner.policy, observationWidth: 3, steps: 40, masks: kind.masks)
        agent.learner.setRates(progress: 0, &metrics)
        try agent.algorithm.update(batch, &metrics)
        return metrics
      }
    )
  }

  @Test("never go further than δ, in 1,000 updates of trpo")
  func limit() throws {
    let settings = configuration("trpo") {
      $0.hiddenSizes = [16]
      $0.epochs = 1000
      $0.stepsPerEpoch = 120
      $0.minimumHorizon = 1
    }
    let delta = settings[TrustRegion.maximumDivergence]
    let trainer = try Trainer(settings, environments: [vector(4) { CartPole(.v0).limited() }])
    var (accepted, refused, further) = (0, 0, 0)
    try trainer.run { metrics in
      let divergence = try #require(metrics.update["kl"])
      if divergence > delta { further += 1 }
      if metrics.update["line_search_steps"] == 0 { refused += divergence == 0 ? 1 : 1000 } else { accepted += 1 }
    }
    #expect(further == 0)
    #expect(accepted > 500)
    #expect(accepted + refused == 1000, "a step that was refused has changed the policy")
  }

  @Test("leave every bit of the policy as it was where no length will do, and there alone", arguments: [1, 10])
  func refused(tries: Int) throws {
    // One length alone, so long that the quadratic model is wrong there, is refused; the tenth is not.
    let (agent, update) = try agent("trpo") {
      $0[TRPO.tries] = tries
      $0[TrustRegion.maximumDivergence] = tries == 1 ? 0.5 : 0.01
      $0[TrustRegion.damping] = tries == 1 ? 0 : 0.1
    }
    var (refusals, steps) = (0, 0)
    for _ in 0..<20 {
      let before = agent.learner.policy.parameters.array.map(\.bitPattern)
      let tried = try update()["line_search_steps"]
      let isSame = agent.learner.policy.parameters.array.map(\.bitPattern) == before
      #expect(isSame == (tried == 0))
      if tried == 0 { refusals += 1 } else { steps += 1 }
    }
    #expect(tries == 1 ? refusals > 0 : steps > 0, "\(refusals) refusals, \(steps) steps")
  }

  @Test("are about as long as δ says, for every kind of policy", arguments: PolicyKind.all)
  func length(kind: PolicyKind) throws {
    let (_, update) = try agent("npg", kind) {
      $0[TrustRegion.maximumDivergence] = 1e-3
      $0[TrustRegion.damping] = 0.1
    }
    // The damping makes the step shorter, and what the quadratic model leaves out makes it a little longer.
    let divergence = try #require(try update()["kl"])
    #expect(divergence > 0.05e-3 && divergence < 1.5e-3, "\(divergence)")
  }
}

@Suite("The price of divergence")
struct DivergencePriceTests {
  /// β of each of the first updates in CartPole, and the divergence that each has brought.
  private func run(
    updates: Int = 4, _ change: (inout SettingValues) -> Void
  ) throws -> (prices: [Double], divergences: [Double]) {
    let settings = configuration("ppo-penalty") {
      $0.hiddenSizes = [8]
      $0.epochs = updates
      $0.stepsPerEpoch = 240
      change(&$0)
    }
    let trainer = try Trainer(settings, environments: [vector(4) { CartPole(.v0).limited() }])
    var (prices, divergences): ([Double], [Double]) = ([], [])
    try trainer.run { metrics in
      prices.append(try #require(metrics.update["kl_penalty"]))
      divergences.append(try #require(metrics.update["kl"]))
    }
    return (prices, divergences)
  }

  @Test("doubles where a batch goes further than one and a half times the target")
  func doubles() throws {
    let (prices, divergences) = try run { $0[PPOPenalty.targetDivergence] = 1e-7 }
    #expect(divergences.allSatisfy { $0 > 1.5e-7 })
    #expect(prices == [1, 2, 4, 8])
  }

  @Test("halves where a batch stays within two thirds of the target")
  func halves() throws {
    let (prices, divergences) = try run { ($0[PPOPenalty.targetDivergence], $0[PPOPenalty.initialPenalty]) = (50, 6) }
    #expect(divergences.allSatisfy { $0 < 50 / 1.5 })
    #expect(prices == [6, 3, 1.5, 0.75])
  }

  @Test("stays where the divergence is about the target", arguments: [0.7, 1, 1.4])
  func stays(factor: Double) throws {
    let first = try run(updates: 2) { $0[PPOPenalty.targetDivergence] = 50 }.divergences[0]
    let prices = try run(updates: 2) { $0[PPOPenalty.targetDivergence] = first * factor }.prices
    #expect(prices == [1, 1])
  }

  @Test("holds the policy back")
  func holdsBack() throws {
    func first(price: Double) throws -> Double {
      try run(updates: 1) { $0[PPOPenalty.initialPenalty] = price }.divergences[0]
    }
    #expect(try first(price: 100) < first(price: 1e-3) / 2)
  }

  @Test("is part of a checkpoint, and no other number can take its place")
  func checkpoint() throws {
    let settings = configuration("ppo-penalty") { $0.hiddenSizes = [4] }
    let space = PolicyKind.all[0].actionSpace
    func part() throws -> Part {
      let agent = try onPolicyAgent(settings, observationWidth: 2, actionSpace: space)
      return try #require(agent.parts.first { $0.name == "price of divergence" })
    }
    let one = try part()
    try one.restore(PartState(doubles: [[0.125]]))
    #expect(one.state() == PartState(doubles: [[0.125]]))
    for state in [PartState(), PartState(doubles: [[0]]), PartState(doubles: [[-1]]), PartState(doubles: [[.nan]])] {
      #expect(throws: TrainingError.self) { try one.restore(state) }
    }
    #expect(one.state() == PartState(doubles: [[0.125]]))
  }
}
