import ClassicControl
import Environments
import NeuralNetworks
import PolicyGradients
import Testing

/// Settings of short off-policy runs with small networks.
private func short(_ name: String, epochs: Int = 3, _ change: (inout SettingValues) -> Void = { _ in }) -> SettingValues
{
  configuration(name) {
    $0.seed = 3
    $0.epochs = epochs
    $0.stepsPerEpoch = 80
    $0.hiddenSizes = [8]
    $0.replace(OffPolicySettings.learningStarts, 60)
    $0[OffPolicySettings.batchSize] = 70
    $0[OffPolicySettings.replaySize] = 1_000
    change(&$0)
  }
}

@Suite("Off-policy agents")
struct OffPolicyAgentTests {
  static let names = AlgorithmCatalog.names(.offPolicy)

  private func run(
    _ settings: SettingValues, groups: [Int] = [4], usesHelperThread: Bool = false
  ) throws -> (metrics: [EpochMetrics], policy: [UInt8], replay: [UInt8]) {
    let trainer = try Trainer(
      settings, environments: groups.map { count in vector(count) { TargetTask() } }, usesHelperThread: usesHelperThread
    )
    var metrics: [EpochMetrics] = []
    try trainer.run { metrics.append($0) }
    return (metrics, PolicyFile.encode(trainer.snapshot()), replay(trainer.agent).bytes)
  }

  private func replay(_ agent: any Agent) -> MemoryFile {
    let file = MemoryFile()
    for part in agent.parts { part.file?.write(to: file.append) }
    return file
  }

  @Test(
    "the same seed gives the same bytes, in any number of processes, with a helper thread and without", arguments: names
  )
  func reproducibility(name: String) throws {
    let settings = short(name) {
      $0.normalizesObservations = true
      $0.replace(OffPolicySettings.steps, 2)
    }
    let first = try run(settings)
    for groups in [[4], [1, 1, 1, 1], [1, 3]] {
      let again = try run(settings, groups: groups, usesHelperThread: groups.count == 2)
      #expect(again.metrics == first.metrics && again.policy == first.policy && again.replay == first.replay)
    }
    #expect(try run(short(name) { $0.seed = 4 }).policy != first.policy)
  }

  @Test("two runs that go on from one checkpoint and its replay end with the same bytes", arguments: names)
  func resume(name: String) throws {
    let settings = short(name) { $0.replace(OffPolicySettings.isPrioritized, name == "td3") }
    let trainer = try Trainer(settings, environments: [vector(2) { TargetTask() }])
    var saved: [(checkpoint: [UInt8], replay: MemoryFile)] = []
    try trainer.run { _ in saved.append((try trainer.checkpoint().encode(), replay(trainer.agent))) }
    for (checkpoint, file) in saved.dropLast() {
      let ends = try (0..<2).map { _ in
        let resumed = try Trainer(
          resuming: Checkpoint.decode(checkpoint), environments: [vector(2) { TargetTask() }])
        let copy = MemoryFile(file.bytes)
        for part in resumed.agent.parts { try part.file?.read(from: copy.next) }
        #expect(replay(resumed.agent).bytes == file.bytes)
        try resumed.run { _ in }
        return try resumed.checkpoint().encode() + replay(resumed.agent).bytes
      }
      #expect(ends[0] == ends[1])
    }
  }

  @Test("a run that goes on without its replay collects first, and then learns")
  func resumeWithoutReplay() throws {
    let settings = short("td3", epochs: 4) { $0[OffPolicySettings.savesReplay] = false }
    let trainer = try Trainer(settings, environments: [vector(1) { TargetTask() }])
    var checkpoints: [[UInt8]] = []
    try trainer.run { _ in checkpoints.append(try trainer.checkpoint().encode()) }
    #expect(trainer.agent.parts.allSatisfy { $0.file == nil })
    let resumed = try Trainer(resuming: Checkpoint.decode(checkpoints[1]), environments: [vector(1) { TargetTask() }])
    let before = PolicyFile.encode(resumed.snapshot())
    var losses: [Double?] = []
    try resumed.run { losses.append($0.update["q_loss"]) }
    #expect((losses.last ?? nil) != nil)
    #expect(PolicyFile.encode(resumed.snapshot()) != before)
  }

  @Test("real-valued actions are learned to be near what is right", arguments: names)
  func target(name: String) throws {
    let settings = configuration(name) {
      // Where the policy's gradient is a likelihood ratio, it takes more.
      $0.epochs = name == "acer" ? 40 : 5
      $0.stepsPerEpoch = 400
      $0.hiddenSizes = [32]
      $0[OffPolicySettings.discount] = 0
      $0.replace(OffPolicySettings.learningStarts, 200)
      $0[OffPolicySettings.batchSize] = 64
      $0.policyLearningRate = 3e-3
      $0[OffPolicySettings.criticLearningRate] = 3e-3
      if name == "sql" { $0[SQL.temperature] = 0.02 }
      if name == "d4pg" { ($0[D4PG.least], $0[D4PG.greatest]) = (-9, 1) }
    }
    let trainer = try Trainer(settings, environments: [vector(1) { TargetTask() }])
    try trainer.run { _ in }
    let result = try Evaluation.run(
      trainer.snapshot().makePolicy(), in: vector(4) { TargetTask() }, episodes: 40, seed: 1)
    // Actions at random earn -8.3 in the five steps of an episode, the best constant -1.7.
    #expect(result.meanReturn > -0.5)
  }

  @Test("choices are learned, and never one that a mask forbids", arguments: ["sac", "acer"])
  func choices(name: String) throws {
    let settings = configuration(name) {
      $0.epochs = 3
      $0.stepsPerEpoch = 400
      $0.hiddenSizes = [16]
      $0.replace(OffPolicySettings.learningStarts, 100)
      $0[OffPolicySettings.batchSize] = 64
      $0.replace(SAC.initialTemperature, 0.1)
      $0.optimizer = .adam
      $0.policyLearningRate = 3e-3
      $0[OffPolicySettings.criticLearningRate] = 3e-3
    }
    for (mask, best) in [([1, 1, 0], 1), ([1, 1, 1], 2)] as [([UInt8], Int)] {
      let bandit = MaskedBandit(count: 4, mask: mask)
      let trainer = try Trainer(settings, environments: [bandit])
      try trainer.run { _ in }
      #expect(bandit.violations == 0)
      #expect(bandit.pulls[best] > 700)
    }
  }

  @Test(
    "a policy file acts as the policy that it was made of; there is ln π where there is a density", arguments: names)
  func policyFile(name: String) throws {
    let trainer = try Trainer(short(name), environments: [vector(2) { TargetTask() }])
    try trainer.run { _ in }
    let read = try PolicyFile.decode(PolicyFile.encode(trainer.snapshot()))
    let observations = ValueBatch(TargetTask().observationSpace, count: 3)
    for row in 0..<3 { try [Float(row) / 2 - 0.5].store(in: observations, row: row) }
    for choice in [ActionChoice.greedy, .sampled(seed: 7)] {
      let answers = try [read, trainer.agent.policy].map { policy in
        let answers = ActionBatch(TargetTask().actionSpace, count: 3, withEstimates: true)
        try policy.act(on: observations, count: 3, masks: nil, choice: choice, into: answers)
        return answers
      }
      for row in 0..<3 {
        let actions = try answers.map { try [Float].load(from: $0.actions, row: row)[0] }
        #expect(actions[0] == actions[1] && abs(actions[0]) <= 2)
      }
      #expect(answers[0].hasLogProbabilities == ["sac", "acer"].contains(name))
    }
  }

  @Test("sessions teach as sub-environments do, by updates inside their ends alone", arguments: ["sac", "td3", "acer"])
  func sessions(name: String) throws {
    let task = TargetTask()
    let settings = configuration(name) {
      $0.epochs = 40
      $0.stepsPerEpoch = 100
      $0.hiddenSizes = [32]
      $0[OffPolicySettings.discount] = 0
      $0.replace(OffPolicySettings.learningStarts, 200)
      $0[OffPolicySettings.batchSize] = 64
      $0.policyLearningRate = 3e-3
      $0[OffPolicySettings.criticLearningRate] = 3e-3
    }
    let trainer = try SessionTrainer(settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace)
    let driver = SessionDriver(trainer, [Seedless(task: task), Seedless(task: task)])
    try driver.step(1_200)
    #expect(trainer.policyVersion == driver.updates.count { $0 != nil })
    #expect(driver.returns.suffix(40).reduce(0, +) / 40 > -1.2)
  }

  @Test("an algorithm for real numbers refuses choices in a sentence that says which can")
  func refusal() {
    #expect {
      try Trainer(short("td3"), environments: [vector(1) { IdentityTask() }])
    } throws: { "\($0)".contains("td3 cannot choose Discrete") && "\($0)".contains("sac") }
  }
}
