import ClassicControl
import Environments
import PolicyGradients
import Testing

@Suite("When sessions bring updates")
struct SessionScheduleTests {
  private let one = ValueBatch(.discrete(Discrete(3, start: 5)), count: 1)
  private let answers = ActionBatch(.discrete(Discrete(3, start: -1)), count: 1, withEstimates: false)

  private func trainer(
    _ name: String = "vpg", _ change: (inout SettingValues) -> Void
  ) throws -> SessionTrainer {
    let task = IdentityTask()
    try 6.store(in: one, row: 0)
    return try SessionTrainer(
      configuration(name, change), observationSpace: task.observationSpace, actionSpace: task.actionSpace)
  }

  /// Lets a new session make some steps.
  private func open(_ trainer: SessionTrainer, acts: Int) throws -> Int {
    let session = trainer.begin()
    for step in 0..<acts { try trainer.act(in: session, on: one, reward: step > 0 ? 1 : nil, into: answers) }
    return session
  }

  private func end(_ trainer: SessionTrainer, _ session: Int) throws -> SessionUpdate? {
    try trainer.end(session, on: one, reward: 1, isTerminated: false)
  }

  @Test("SPEC 17.8: never while acting, but with the first end after there are enough steps")
  func onlyInEnd() throws {
    let trainer = try trainer {
      $0.stepsPerEpoch = 10
      $0.minimumHorizon = 1
    }
    let long = try open(trainer, acts: 100)
    #expect(trainer.policyVersion == 0)
    let short = try open(trainer, acts: 1)
    #expect(try end(trainer, short)?.steps == 100)
    #expect(trainer.policyVersion == 1)
    // The last act of the long one has its reward only now.
    #expect(try end(trainer, long) == nil)
    #expect(try end(trainer, open(trainer, acts: 8)) == nil)
    #expect(try end(trainer, open(trainer, acts: 1))?.steps == 10)
  }

  @Test("SPEC 17.15, 17.1: steps are kept until an update uses them, up to a limit, and none once learning is over")
  func room() throws {
    let width = 1 << 19
    let wide = Space.box(Box(shape: [width], type: .int8, low: .same(0), high: .same(1)))
    let trainer = try SessionTrainer(
      configuration("vpg") {
        ($0.stepsPerEpoch, $0.minimumHorizon, $0.hiddenSizes, $0.epochs) = (10, 1, [1], 1)
      }, observationSpace: wide, actionSpace: .discrete(Discrete(3, start: -1)))
    let observations = ValueBatch(wide, count: 1)
    #expect(trainer.mostSessions == 1024)
    let session = trainer.begin()
    var steps = 0
    while trainer.hasRoom, steps < 1000 {
      try trainer.act(in: session, on: observations, reward: steps > 0 ? 1 : nil, into: answers)
      steps += 1
    }
    // The last one has no reward yet.
    #expect(steps == 41)
    #expect(try trainer.end(session, on: observations, reward: 1, isTerminated: false)?.steps == 41)
    #expect(trainer.hasRoom && trainer.isOver)
    let other = trainer.begin()
    for step in 0..<100 {
      try trainer.act(in: other, on: observations, reward: step > 0 ? 1 : nil, into: answers)
    }
    #expect(trainer.hasRoom)
    #expect(try trainer.end(other, on: observations, reward: 1, isTerminated: true) == nil)
  }

  @Test("each session open at once is worth the least horizon")
  func minimumHorizon() throws {
    let trainer = try trainer {
      $0.stepsPerEpoch = 10
      $0.minimumHorizon = 7
    }
    #expect(try end(trainer, open(trainer, acts: 10))?.steps == 10)
    let sessions = try (0..<3).map { _ in try open(trainer, acts: 6) }
    #expect(try end(trainer, sessions[0]) == nil)
    #expect(try end(trainer, sessions[1]) == nil)
    #expect(try end(trainer, sessions[2]) == nil)
    // 18 so far, and 3 times 7 are wanted.
    #expect(try end(trainer, open(trainer, acts: 2)) == nil)
    #expect(try end(trainer, open(trainer, acts: 1))?.steps == 21)
  }

  @Test("SPEC 17.13: an algorithm of whole episodes waits for those under way, and leaves out what began meanwhile")
  func wholeEpisodes() throws {
    let trainer = try trainer("reinforce") {
      $0.stepsPerEpoch = 10
      $0.minimumHorizon = 1
    }
    let long = try open(trainer, acts: 12)
    let late = try open(trainer, acts: 3)
    #expect(try end(trainer, open(trainer, acts: 2)) == nil, "an episode that began while the update waited")
    #expect(try end(trainer, long)?.steps == 12)
    // Its two complete steps are gone, and the third and what comes now is learned from.
    for _ in 0..<7 { try trainer.act(in: late, on: one, reward: 1, into: answers) }
    #expect(try end(trainer, late) == nil)
    let next = try open(trainer, acts: 2)
    #expect(try end(trainer, next)?.steps == 10)
  }

  @Test("SPEC 17.13: where all that an update waited for is abandoned, it waits for nothing any more")
  func abandonedWholeEpisodes() throws {
    let trainer = try trainer("reinforce") {
      $0.stepsPerEpoch = 10
      $0.minimumHorizon = 1
    }
    let long = try open(trainer, acts: 12)
    let late = try open(trainer, acts: 5)
    trainer.abandon(long)
    #expect(try end(trainer, open(trainer, acts: 2)) == nil, "six steps are too few")
    for _ in 0..<4 { try trainer.act(in: late, on: one, reward: 1, into: answers) }
    #expect(try end(trainer, late)?.steps == 11)
  }

  @Test("after the last epoch it goes on acting, and learns no more")
  func over() throws {
    let trainer = try trainer {
      $0.epochs = 2
      $0.stepsPerEpoch = 4
      $0.minimumHorizon = 1
    }
    let epochs = try (0..<5).compactMap { _ in try end(trainer, open(trainer, acts: 4))?.epoch }
    #expect(trainer.isOver && trainer.policyVersion == 2)
    #expect(epochs.map(\.environmentSteps) == [4, 8])
    #expect(epochs.map(\.episodes) == [1, 1])
    #expect(epochs.map(\.meanReturn) == [4, 4])
  }

  @Test("the learning rate falls over the epochs, as in the ordinary loop")
  func decay() throws {
    let trainer = try trainer {
      $0.epochs = 4
      $0.stepsPerEpoch = 4
      $0.minimumHorizon = 1
      $0.policyLearningRate = 0.1
    }
    let rates = try (0..<4).compactMap { _ in try end(trainer, open(trainer, acts: 4))?.metrics["learning_rate"] }
    for (rate, expected) in zip(rates, [0.1, 0.075, 0.05, 0.025]) { #expect(abs(rate - expected) < 1e-12) }
    #expect(rates.count == 4)
  }

  @Test("going on from a checkpoint gives the same bytes", arguments: AlgorithmCatalog.names(.onPolicy))
  func resume(name: String) throws {
    let task = Seedless(task: DelayedTask())
    let settings = configuration(name) {
      $0.epochs = 6
      $0.stepsPerEpoch = 48
      $0.stepsPerUpdate = $0.finishesEpisodes ? 0 : 16
      $0.minimumHorizon = 1
      $0.hiddenSizes = [8]
      $0.normalizesObservations = true
      $0.scalesRewards = true
    }
    func make() throws -> SessionTrainer {
      try SessionTrainer(settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace)
    }
    let whole = try make()
    try SessionDriver(whole, [task, task]).step(160)
    let first = try make()
    // With two sessions in step 64 acts of each end with an update in the middle of an epoch, unless it is an epoch's own.
    try SessionDriver(first, [task, task]).step(48)
    let bytes = try first.checkpoint().encode()
    let second = try SessionTrainer(resuming: Checkpoint.decode(bytes))
    #expect(try second.checkpoint().encode() == bytes)
    #expect(try act(second.policy, task) == act(first.policy, task))
    try SessionDriver(second, [task, task]).step(112)
    #expect(try second.checkpoint().encode() == (try whole.checkpoint().encode()))
    #expect(PolicyFile.encode(second.snapshot()) == PolicyFile.encode(whole.snapshot()))
  }

  /// What a policy says to one observation outside every session.
  private func act(_ policy: any Policy, _ task: some Environment) throws -> [Float?] {
    let observations = ValueBatch(task.observationSpace, count: 1)
    try 3.store(in: observations, row: 0)
    let answers = ActionBatch(task.actionSpace, count: 1, withEstimates: true)
    try policy.act(on: observations, count: 1, masks: nil, choice: .sampled(seed: 1), into: answers)
    return [answers.logProbabilities?.floats?[0], answers.hasValues ? answers.values?.floats?[0] : nil]
  }

  @Test("a run that begins with a trained policy acts and judges as that one does, and learns on")
  func startingFromPolicy() throws {
    let task = TargetTask()
    for form in SigmaForm.allCases {
      let settings = configuration("vpg") {
        $0.epochs = 3
        ($0.stepsPerEpoch, $0.minimumHorizon) = (50, 1)
        $0.hiddenSizes = [8, 4]
        $0.activation = .relu
        $0.sigmaForm = form
        $0.normalizesObservations = true
      }
      let first = try SessionTrainer(settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace)
      try SessionDriver(first, [Seedless(task: task)]).step(150)
      let snapshot = first.snapshot()
      let fitted = configuration("ppo") { ($0.stepsPerEpoch, $0.minimumHorizon) = (50, 1) }.fitted(to: snapshot)
      let second = try SessionTrainer(fitted, startingFrom: snapshot)
      let observations = ValueBatch(task.observationSpace, count: 1)
      for number in [-1, 0.25, 7] as [Float] {
        observations.flat?.array.floats?[0] = number
        let answers = try [first, second].map { trainer in
          let answers = ActionBatch(task.actionSpace, count: 1, withEstimates: true)
          try trainer.policy.act(on: observations, count: 1, masks: nil, choice: .sampled(seed: 4), into: answers)
          return answers
        }
        let (one, other) = (answers[0], answers[1])
        let judgement = (one.values?.floats?[0] ?? 0) - (other.values?.floats?[0] ?? 9)
        #expect(abs(judgement) < 1e-4)
        // The file has the statistics in another form, which may round differently in the last place.
        let difference = (one.actions.flat?.array.floats?[0] ?? 0) - (other.actions.flat?.array.floats?[0] ?? 9)
        #expect(abs(difference) < 1e-5)
      }
      let driver = SessionDriver(second, [Seedless(task: task)])
      try driver.step(50)
      #expect(second.policyVersion == 1)
    }
  }
}
