import Environments
import PolicyGradients
import Testing

@Suite("The catalog of algorithms")
struct AlgorithmTests {
  /// An algorithm that can choose nothing but real numbers.
  private static let narrow = Algorithm(
    "narrow", .offPolicy, summary: "nothing", paper: "none", actions: .box, settings: [], metrics: []
  ) { (_, _) throws(TrainingError) in
    throw .unusableSetting(name: "narrow", value: "made", requirement: "left alone")
  }

  @Test("a space whose actions an algorithm cannot choose is refused in a sentence that names those that can")
  func unusableActions() throws {
    let task = try AgentTask(observationSpace: TestSpaces.box(1), actionSpace: .discrete(Discrete(2)))
    let error = try #require(throws: TrainingError.self) { try Algorithm.makeAgent(Self.narrow.defaults, for: task) }
    let able = AlgorithmCatalog.all.filter { $0.actions.contains(.discrete) }.map(\.name).joined(separator: ", ")
    #expect(
      error.description == "The space at action is a Discrete, and narrow cannot choose Discrete; \(able) can.")
    let box = try AgentTask(observationSpace: TestSpaces.box(1), actionSpace: TestSpaces.box(1))
    #expect(throws: TrainingError.unusableSetting(name: "narrow", value: "made", requirement: "left alone")) {
      try Algorithm.makeAgent(Self.narrow.defaults, for: box)
    }
  }

  @Test("networks that are too large are refused in one sentence", arguments: SettingTests.names)
  func tooLarge(name: String) throws {
    let settings = configuration(name) { $0.hiddenSizes = [6000, 6000] }
    let task = try AgentTask(observationSpace: TestSpaces.box(1), actionSpace: TestSpaces.box(1))
    let error = try #require(throws: TrainingError.self) { try Algorithm.makeAgent(settings, for: task) }
    #expect(error.description.hasSuffix("more than 33554432 parameters."), "\(error.description)")
  }

  @Test(
    "of every algorithm each part has a name of its own, and goes back to what it was", arguments: SettingTests.names)
  func parts(name: String) throws {
    let settings = configuration(name) { ($0.epochs, $0.stepsPerEpoch, $0.minimumHorizon) = (2, 40, 5) }
    func trained(epochs: Int) throws -> Trainer {
      var settings = settings
      settings.epochs = epochs
      let trainer = try Trainer(settings, environments: [vector(2) { TargetTask() }])
      try trainer.run { _ in }
      return trainer
    }
    let (one, other) = (try trained(epochs: 1).agent, try trained(epochs: 2).agent)
    #expect(Set(one.parts.map(\.name)).count == one.parts.count)
    #expect(one.parts.contains { $0.parameters != nil })
    let states = one.parts.map { $0.state() }
    #expect(states != other.parts.map { $0.state() })
    for (part, state) in zip(other.parts, states) { try part.restore(state) }
    #expect(other.parts.map { $0.state() } == states)
    #expect(
      PolicyFile.encode(other.snapshot(environmentSteps: 1)) == PolicyFile.encode(one.snapshot(environmentSteps: 1))
    )
  }

  @Test(
    "of every algorithm a policy that was written and read acts as the live one does", arguments: SettingTests.names)
  func servedPolicy(name: String) throws {
    let settings = configuration(name) { ($0.epochs, $0.stepsPerEpoch, $0.minimumHorizon) = (2, 40, 5) }
    let trainer = try Trainer(settings, environments: [vector(2) { TargetTask() }])
    try trainer.run { _ in }
    let read = try PolicyFile.decode(PolicyFile.encode(trainer.snapshot()))
    let observations = ValueBatch(read.observationSpace, count: 3)
    for (row, number) in [-1, 0.25, 1].enumerated() { observations.flat?.array.floats?[row] = Float(number) }
    for choice in [ActionChoice.greedy, .sampled(seed: 7)] {
      let actions = try [read, trainer.agent.policy].map { policy in
        let answers = ActionBatch(policy.actionSpace, count: 3, withEstimates: false)
        try policy.act(on: observations, count: 3, masks: nil, choice: choice, into: answers)
        return try (0..<3).map { try [Float].load(from: answers.actions, row: $0)[0] }
      }
      // A file has statistics of observations in another form, which may round differently in the last place.
      for (one, other) in zip(actions[0], actions[1]) { #expect(abs(one - other) < 1e-4) }
    }
  }

  @Test(
    "what a server says of the length of its episodes is no number to compute with", arguments: [.max - 1023, -7, 0, 1])
  func episodeSteps(limit: Int) throws {
    let settings = configuration("reinforce") {
      ($0.epochs, $0.stepsPerEpoch, $0.minimumHorizon) = (2, 25, 1)
    }
    let trainer = try Trainer(settings, environments: [vector(2) { Renamed(maximumEpisodeSteps: limit) }])
    var lengths: [Double?] = []
    try trainer.run { lengths.append($0.meanLength) }
    #expect(trainer.agent.updates == 2)
    #expect(lengths == [10, 10])
  }
}

/// Ten-step episodes of an environment that tells something else about them.
private struct Renamed: Environment {
  private var task = IdentityTask()
  let spec: EnvironmentSpec
  var observationSpace: Space { task.observationSpace }
  var actionSpace: Space { task.actionSpace }

  init(maximumEpisodeSteps: Int) { spec = EnvironmentSpec(id: "Renamed", maximumEpisodeSteps: maximumEpisodeSteps) }

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> Int { task.reset(seed: seed, options: options) }
  mutating func step(_ action: Int) -> Transition<Int> { task.step(action) }
}
