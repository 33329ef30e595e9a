import Environments
import Testing

@testable import PolicyGradients

@Suite("Wrappers")
struct WrapperTests {
  private func wrappers(_ change: (inout Wrappers) -> Void) -> Wrappers {
    var wrappers = Wrappers()
    change(&wrappers)
    return wrappers
  }

  private static let observations = Space.tuple([
    .box(Box(shape: [3], low: .each([-2, 0, 4]), high: .each([2, .infinity, 4]))), .discrete(Discrete(2)),
  ])

  @Test(
    "numbers of observations are brought from their bounds to -1 ... 1 and then clipped; all others stay: SPEC 18.16")
  func observations() throws {
    let batch = ValueBatch(Self.observations, count: 2)
    guard case .members(let members) = batch.storage else { return }
    for (row, values) in [[Float(1), 5, 4], [-2, 0.5, 4]].enumerated() { try values.store(in: members[0], row: row) }
    try 1.store(in: members[1], row: 1)
    for (limit, expected) in [
      (nil, [0.5, 5, 4, 1, 0, -1, 0.5, 4, 0, 1]), (0.75, [0.5, 0.75, 0.75, 1, 0, -0.75, 0.5, 0.75, 0, 1]),
    ] as [(Double?, [Float])] {
      let encoder = try ObservationEncoder(
        Self.observations,
        wrappers: wrappers {
          $0.rescalesObservations = true
          $0.observationClip = limit
        })
      var row = [Float](repeating: 9, count: 2 * encoder.width)
      encoder.encode(batch, rows: 0..<2, into: &row)
      #expect(row == expected)
    }
  }

  @Test("a number that is not finite is still found where numbers are clipped")
  func notFinite() throws {
    let space = Space.box(Box(shape: [2], low: .same(-1), high: .same(1)))
    let encoder = try ObservationEncoder(space, wrappers: wrappers { $0.observationClip = 1 })
    let batch = ValueBatch(space, count: 1)
    for number in [Float.nan, .infinity] {
      try [0, number].store(in: batch, row: 0)
      var row: [Float] = [0, 0]
      encoder.encode(batch, rows: 0..<1, into: &row)
      #expect(encoder.problem(in: row, rows: 1) != nil)
    }
  }

  @Test("the policy's -1 ... 1 stand for the bounds of an action, there and back: SPEC 18.16")
  func actions() throws {
    let space = Space.box(Box(shape: [3], low: .each([0, -4, 0]), high: .each([10, 4, .infinity])))
    let encoder = try ActionEncoder(space, wrappers: wrappers { $0.rescalesActions = true })
    let batch = ValueBatch(space, count: 1)
    var action: [Float] = [0.5, -2, 3]
    #expect(encoder.encode(action, rows: 1, into: batch) == 1)
    let sent = batch.floats(0..<1).map { Array($0) } ?? []
    #expect(sent == [7.5, -4, 3])
    encoder.decode(batch, row: 0, into: &action)
    #expect(action == [0.5, -1, 3])
  }

  @Test("rewards are scaled and then clipped for the learner, and the metrics are about what was earned")
  func rewards() throws {
    let changed = wrappers {
      $0.rewardScale = 0.5
      $0.rewardClip = 1
    }
    #expect([1.0, 3, -7].map(changed.learned) == [0.5, 1, -1])
    func run(_ wrappers: Wrappers, _ name: String) throws -> (returns: [Double?], policy: [UInt8]) {
      let settings = configuration(name) {
        $0.epochs = 2
        $0.stepsPerEpoch = 40
        $0.hiddenSizes = [4]
        $0.scalesRewards = false
      }
      let trainer = try Trainer(settings, environments: [vector(2) { TargetTask() }], wrappers: wrappers)
      var returns: [Double?] = []
      try trainer.run { returns.append($0.meanReturn) }
      return (returns, PolicyFile.encode(trainer.snapshot()))
    }
    let (plain, small) = (try run(Wrappers(), "vpg"), try run(changed, "vpg"))
    // The first epoch is acted out before anything is learned.
    #expect(plain.returns[0] == small.returns[0] && plain.policy != small.policy)
    #expect(!String(decoding: plain.policy, as: UTF8.self).contains("wrappers"))
  }

  @Test("a policy takes its wrappers along in its file, acts by them, and a file with others is refused")
  func files() throws {
    let changed = wrappers {
      $0.rescalesObservations = true
      $0.observationClip = 0.5
      $0.rescalesActions = true
      $0.rewardClip = 2
    }
    let settings = configuration("ppo") {
      $0.epochs = 2
      $0.stepsPerEpoch = 40
      $0.hiddenSizes = [4]
    }
    let trainer = try Trainer(settings, environments: [vector(2) { TargetTask() }], wrappers: changed)
    try trainer.run { _ in }
    let bytes = PolicyFile.encode(trainer.snapshot())
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#""version":3"#))
    #expect(
      text.contains(#""wrappers":{"obs_rescale":true,"obs_clip":0.5,"action_rescale":true,"reward_clip":2}"#), "\(text)"
    )
    let read = try PolicyFile.snapshot(bytes)
    #expect(read.wrappers == changed)
    let task = TargetTask()
    let observations = ValueBatch(task.observationSpace, count: 2)
    // Beyond the clip, all observations are the same.
    try [Float(0.6)].store(in: observations, row: 0)
    try [Float(0.9)].store(in: observations, row: 1)
    let answers = [trainer.agent.policy, try PolicyFile.decode(bytes)].map { policy in
      let answers = ActionBatch(task.actionSpace, count: 2, withEstimates: false)
      try? policy.act(on: observations, count: 2, masks: nil, choice: .greedy, into: answers)
      return answers.actions.floats(0..<2).map { Array($0) } ?? []
    }
    #expect(answers[0].count == 2 && answers[0] == answers[1] && answers[0][0] == answers[0][1])
    let other = text.replacing("obs_clip", with: "obs_blur")
    #expect(throws: TrainingError.self) { try PolicyFile.snapshot(Array(other.utf8)) }
    let negative = text.replacing("\"obs_clip\":0.5", with: "\"obs_clip\":-1")
    #expect(throws: TrainingError.self) { try PolicyFile.snapshot(Array(negative.utf8)) }
  }

  @Test("sessions learn by the same numbers")
  func sessions() throws {
    let task = TargetTask()
    let settings = configuration("ppo") { $0.hiddenSizes = [4] }
    let trainer = try SessionTrainer(
      settings, observationSpace: task.observationSpace, actionSpace: task.actionSpace,
      wrappers: wrappers { $0.observationClip = 0.5 })
    let (observations, answers) = (
      ValueBatch(task.observationSpace, count: 1), ActionBatch(task.actionSpace, count: 1, withEstimates: true)
    )
    let estimates = try [Float(0.5), 0.9].map { number in
      try [number].store(in: observations, row: 0)
      try trainer.act(in: trainer.begin(), on: observations, reward: nil, choice: .greedy, into: answers)
      return answers.values?.floats?[0]
    }
    #expect(estimates[0] != nil && estimates[0] == estimates[1])
    #expect(trainer.snapshot().wrappers.observationClip == 0.5)
  }

  @Test("off-policy algorithms, which act between the bounds by themselves, refuse to have actions rescaled")
  func offPolicy() throws {
    let error = try #require(throws: TrainingError.self) {
      try Trainer(
        configuration("sac") { _ in }, environments: [vector(1) { TargetTask() }],
        wrappers: wrappers { $0.rescalesActions = true })
    }
    #expect(error.description.contains("action-rescale"), "\(error)")
  }
}
