import Environments
import NeuralNetworks
import Testing

@testable import PolicyGradients

/// An algorithm that writes down what it is given, and changes its policy as it likes.
private final class Witness: OnPolicyAlgorithm {
  static let algorithm = Algorithm.onPolicy(
    "witness", Witness.self, summary: "writes down what it is given", paper: "none", own: [OnPolicySettings.discount])

  /// One row of a batch.
  struct Row {
    var observation: [Float]
    var action: Int
    var reward: Double
    var end: EpisodeEnd
    /// V of what followed.
    var nextValue: Float
    var source: ActionSource
    /// ln π of the policy that drew the action.
    var logProbability: Float
    var update: Int
  }

  static let learnsValue = true
  let discount: Double
  let learner: Learner
  /// The rows by sub-environment, in the order of time.
  private(set) var rows: [[Row]] = []
  private(set) var batchRows: [Int] = []
  /// The policy's parameters in each update.
  private(set) var policies: [[Float]] = []
  private let workspace = PolicyWorkspace()

  init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
  }

  func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateErrors(discount: discount)
    batch.estimateOneStepTargets(discount: discount)
    if rows.isEmpty { rows = Array(repeating: [], count: batch.environments) }
    for row in 0..<batch.rows where batch.isRecorded(row) {
      let seen = batch.observations + row * 3
      let source = batch.sources[row]
      rows[row % batch.environments].append(
        Row(
          observation: [seen[0], seen[1], seen[2]], action: Int(batch.actions[row]), reward: Double(batch.rewards[row]),
          end: batch.ends[row], nextValue: batch.nextValues[row], source: source,
          logProbability: source == .earlierPolicy
            ? batch.logProbabilities[row] : batch.distributions[2 * row + Int(batch.actions[row])],
          update: policies.count))
    }
    batchRows.append(batch.recordedRows)
    policies.append(learner.policy.parameters.array)
    learner.prepare(batch, &metrics)
    #expect(batch.learnableRows == batch.recordedRows)
    for index in 0..<learner.policy.parameters.count {
      learner.policy.parameters.values[index] += Float(0.05 * Double((index + policies.count) % 7 - 3))
    }
  }

  /// ln π(action|observation) for the policy of an update.
  func logProbability(of row: Row, for update: Int) throws -> Float {
    learner.policy.thaw()
    try learner.policy.parameters.load(policies[update])
    let z = learner.policy.forward(row.observation, rows: 1, workspace)
    learner.policy.distribution.normalize(z, rows: 1)
    return z[row.action]
  }
}

@Suite("Groups of sub-environments that do not wait for the slowest")
struct FirstAnswersTests {
  private func settings(_ name: String, _ change: (inout SettingValues) -> Void = { _ in }) -> SettingValues {
    configuration(name) {
      $0.seed = 3
      $0.epochs = 3
      $0.stepsPerEpoch = 120
      $0.hiddenSizes = [8]
      $0.replace(OffPolicySettings.learningStarts, 20)
      $0.replace(OffPolicySettings.trajectoryLength, 5)
      $0.replace(OffPolicySettings.batchSize, 20)
      $0.replace(OffPolicySettings.replaySize, 1_000)
      change(&$0)
    }
  }

  /// Groups of two, of which the last is as slow as `delay` says.
  private func groups(delay: Int = 20, isReal: Bool = false) -> [PacedEnvironment] {
    [[0, 1], [1, 0, 3], [2, 0], [delay]].map {
      PacedEnvironment(isReal ? vector(2) { TargetTask() } : vector(2) { PlaceTask() }, delays: $0)
    }
  }

  @Test(
    "give batches in which every step comes once, in order, after what was seen before it", arguments: [1, 2, 3, 4])
  func order(count: Int) throws {
    var settings = Witness.algorithm.defaults
    (settings.stepsPerEpoch, settings.epochs, settings.hiddenSizes) = (80, 6, [8])
    settings.normalizesAdvantages = false
    (settings.stepsPerUpdate, settings.minimumHorizon) = (40, 1)
    let groups = groups()
    let trainer = try Trainer(settings, environments: groups, firstAnswers: FirstAnswers(count) {})
    let agent = try #require(trainer.agent as? OnPolicyAgent)
    let witness = try #require(agent.algorithm as? Witness)
    // Which version of the policy was there when each step began, by group.
    var versions: [[Int]] = groups.map { _ in [] }
    for (index, group) in groups.enumerated() {
      group.whenActed = { versions[index].append(witness.policies.count) }
    }
    try trainer.run { _ in }
    let (values, learner) = (witness.learner.value, witness.learner)
    #expect(witness.policies.count == 12)
    #expect(witness.batchRows.allSatisfy { (33...47).contains($0) }, "\(witness.batchRows)")
    #expect(witness.batchRows.reduce(0, +) == trainer.environmentSteps)
    #expect((480...487).contains(trainer.environmentSteps))
    var outlasting = 0
    for (stream, rows) in witness.rows.enumerated() {
      #expect(rows.count > 5)
      for (index, row) in rows.enumerated() {
        let (episode, step) = (Int(row.observation[1]), Int(row.observation[2]))
        #expect(Int(row.observation[0]) == Int(rows[0].observation[0]))
        #expect(row.reward == PlaceTask.worth(episode) + Double(1 - row.action))
        let isLast = step + 1 == PlaceTask.length(episode)
        let next: [Float] =
          isLast
          ? [row.observation[0], Float(episode + 1), 0]
          : [
            row.observation[0], Float(episode), Float(step + 1),
          ]
        let isCut = index + 1 < rows.count && rows[index + 1].update > row.update
        if index + 1 < rows.count { #expect(rows[index + 1].observation == next, "\(stream) \(index)") }
        if isLast {
          #expect(row.end == (episode % 2 == 0 ? .terminated : .truncated))
        } else {
          #expect(row.end == .none || isCut && row.end == .truncated || index + 1 == rows.count)
        }
        // What it is bootstrapped from is what followed, whoever cut it. The value function has not learned.
        var value: Float = 0
        values?.evaluate([row.observation[0], Float(episode), Float(step + 1)], rows: 1, into: &value)
        #expect(abs(row.nextValue - (row.end == .terminated ? 0 : value)) < 1e-5)
        let version = versions[stream / 2][index]
        #expect(row.source == (version == row.update ? .policy : .earlierPolicy))
        #expect(abs(try witness.logProbability(of: row, for: version) - row.logProbability) < 1e-4)
        if version < row.update { outlasting += 1 }
      }
    }
    #expect((outlasting > 0) == (count < 4), "\(outlasting)")
    withExtendedLifetime(learner) {}
  }

  @Test("count every episode's return once", arguments: AlgorithmCatalog.all.map(\.name))
  func returns(name: String) throws {
    let settings = settings(name) { $0.finishesEpisodes = false }
    // Some algorithms are for real-valued actions alone.
    let isReal = (try? Trainer(settings, environments: [vector(2) { PlaceTask() }])) == nil
    let groups = groups(isReal: isReal)
    let trainer = try Trainer(settings, environments: groups, firstAnswers: FirstAnswers(3) {})
    var (count, sum, most, least) = (0, 0.0, -Double.infinity, Double.infinity)
    var steps: [Int] = []
    try trainer.run { metrics in
      count += metrics.episodes
      sum += (metrics.meanReturn ?? 0) * Double(metrics.episodes)
      most = max(most, metrics.maximumReturn ?? -.infinity)
      least = min(least, metrics.minimumReturn ?? .infinity)
      steps.append(metrics.environmentSteps)
      #expect(metrics.cutEpisodes == 0 || settings[RunSettings.resetsEachEpoch])
    }
    let returns = groups.flatMap(\.returns)
    if !settings[RunSettings.resetsEachEpoch] {
      #expect(count == returns.count && abs(sum - returns.reduce(0, +)) < 1e-6)
      #expect(most == returns.max() && least == returns.min())
    }
    for (epoch, done) in steps.enumerated() {
      let wanted = (epoch + 1) * trainer.updatesPerEpoch * trainer.horizon * 8
      #expect((wanted..<wanted + 8).contains(done), "\(name): \(steps)")
    }
  }

  @Test("are learned from as well")
  func learning() throws {
    let settings = configuration("ppo") {
      $0.seed = 1
      $0.epochs = 12
      $0.stepsPerEpoch = 256
    }
    let groups = [[0], [0], [0, 2], [9]].map { delays in
      PacedEnvironment(vector(2) { IdentityTask() }, delays: delays)
    }
    let trainer = try Trainer(settings, environments: groups, firstAnswers: FirstAnswers(3) {})
    try trainer.run { _ in }
    let result = try Evaluation.run(
      trainer.snapshot().makePolicy(), in: vector(4) { IdentityTask() }, episodes: 40, seed: 1)
    // Actions at random earn 3.3 of the 10.
    #expect(result.meanReturn > 9)
  }

  @Test("are at rest when a run is stopped, and begin anew when it goes on")
  func stop() throws {
    let groups = groups()
    let trainer = try Trainer(settings("ppo"), environments: groups, firstAnswers: FirstAnswers(2) {})
    var asked = 0
    let isComplete = try trainer.run(shouldStop: {
      asked += 1
      return asked > 90
    }) { _ in }
    #expect(!isComplete && trainer.collector.groups.allSatisfy { !$0.isUnderWay })
    let resumed = try Trainer(
      resuming: trainer.checkpoint(), environments: self.groups(), firstAnswers: FirstAnswers(2) {})
    #expect(try resumed.run { _ in })
    #expect(resumed.epoch == 3)
  }

  @Test("are refused where an update waits for whole episodes")
  func wholeEpisodes() throws {
    let error = try #require(throws: TrainingError.self) {
      try Trainer(settings("reinforce"), environments: groups(), firstAnswers: FirstAnswers(2) {})
    }
    #expect("\(error)".contains("learns from whole episodes and so waits for the slowest process"), "\(error)")
  }
}

@Suite("A batch whose environments have different numbers of steps")
struct UnevenStepTests {
  @Test("is the same as the batches that each of them would be alone")
  func columns() {
    /// The advantages of an environment with so many steps, the first of several or alone.
    func batch(heights: [Int]) -> [[Float]] {
      let (count, steps) = (heights.count, heights.max() ?? 0)
      let batch = RolloutBuffer(environments: count, observationWidth: 1, actionWidth: 1, steps: steps)
      batch.steps = steps
      if heights.contains(where: { $0 < steps }) { batch.recordedSteps = heights }
      for row in 0..<steps * count {
        let height = heights[row % count]
        let step = row / count
        // What lies behind the last step is of no account.
        let isThere = step < height
        batch.rewards[row] = isThere ? Float((step * 7 + height) % 5) : .infinity
        batch.ends[row] = isThere && step % 4 == 3 ? .terminated : .none
        batch.values[row] = Float(step % 3) + Float(height)
        batch.nextValues[row] = batch.ends[row] == .terminated ? 0 : Float((step + 1) % 3) + Float(height)
        batch.observations[row] = Float(100 * height + step)
        batch.sources[row] = .policy
      }
      for index in 0..<count { batch.lastObservations[index] = Float(-heights[index]) }
      batch.cutShorterColumns()
      for (index, row) in batch.finalRows.enumerated() {
        #expect(batch.finalObservationMemory.pointer[index] == Float(-heights[row % count]))
      }
      batch.estimateGeneralizedAdvantages(discount: 0.9, lambda: 0.8)
      batch.selectRows()
      #expect(batch.learnableRows == heights.reduce(0, +))
      var columns: [[Float]] = heights.map { _ in [] }
      for row in 0..<batch.learnableRows {
        let height = Int(batch.observations[row]) / 100
        columns[heights.firstIndex(of: height) ?? 0].append(batch.advantages[row])
      }
      return columns
    }
    let heights = [5, 9, 1, 0, 8]
    let together = batch(heights: heights)
    for (index, height) in heights.enumerated() where height > 0 {
      #expect(together[index] == batch(heights: [height])[0], "\(height) steps")
    }
  }
}
