import Environments

/// A learner that notes what it is asked, and answers by rule.
final class Apprentice: SessionLearner {
  /// What was asked, one line each.
  private(set) var calls: [String] = []
  private(set) var policyVersion = 7
  let observationSpace: Space
  let actionSpace: Space
  let mostSessions = 1024
  /// How many more actions there is room for.
  var room = Int.max
  var hasRoom: Bool { room > 0 }
  /// What a save or an end throws, if anything.
  var fault: (any Error)?
  private var open: Set<Int> = []

  static let observations = Space.box(Box(shape: [2], low: .same(-9), high: .same(9)))
  static let actions = Space.discrete(Discrete(3, start: 5))

  init(_ observations: Space = Apprentice.observations, _ actions: Space = Apprentice.actions) {
    (observationSpace, actionSpace) = (observations, actions)
  }

  /// The number of sessions that are open.
  var openCount: Int { open.count }

  func begin() -> Int {
    let number = (0...).first { !open.contains($0) } ?? 0
    open.insert(number)
    calls.append("begin \(number)")
    return number
  }

  func act(
    on observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    calls.append("act on \(count)")
    (answers.hasLogProbabilities, answers.hasValues) = (false, false)
    for row in 0..<count { try 5.store(in: answers.actions, row: row) }
  }

  func act(
    in session: Int, on observations: ValueBatch, mask: MaskBatch?, reward: Double?, choice: ActionChoice,
    into answers: ActionBatch
  ) throws {
    try refuse(observations)
    let legal = mask.map { " of \(Array($0.numbers))" } ?? ""
    calls.append("act \(session) \(text(observations, reward)) \(choice)\(legal)")
    room -= 1
    try (mask?.numbers[0] == 0 ? 6 : 5).store(in: answers.actions, row: 0)
    estimate(answers)
  }

  func log(in session: Int, on observations: ValueBatch, reward: Double?, answers: ActionBatch) throws {
    try refuse(observations)
    calls.append("log \(session) \(text(observations, reward)) \(try Int.load(from: answers.actions, row: 0))")
    estimate(answers)
  }

  func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> [(name: String, value: Double)]? {
    try refuse(observations)
    if let fault { throw fault }
    calls.append("end \(session) \(text(observations, reward)) \(isTerminated ? "terminated" : "cut")")
    open.remove(session)
    // Every second one brings an update.
    guard calls.count(where: { $0.hasPrefix("end") }).isMultiple(of: 2) else { return nil }
    policyVersion += 1
    return [("mean_return", 1.5), ("odd", .nan)]
  }

  func abandon(_ session: Int) {
    calls.append("abandon \(session)")
    open.remove(session)
  }

  func save() throws -> String {
    if let fault { throw fault }
    calls.append("save")
    return "run/policy.json"
  }

  private func text(_ observations: ValueBatch, _ reward: Double?) -> String {
    let numbers = observations.flat?.array.floats.map { Array($0.prefix(2)) } ?? []
    return "\(numbers) \(reward.map { "\($0)" } ?? "-")"
  }

  private func refuse(_ observations: ValueBatch) throws {
    guard observations.flat?.array.floats?[0] == 8 else { return }
    throw PolicyError.unusableObservation(row: 0, reason: "it is 8")
  }

  private func estimate(_ answers: ActionBatch) {
    (answers.hasLogProbabilities, answers.hasValues) = (true, true)
    answers.logProbabilities?.floats?[0] = -0.5
    answers.values?.floats?[0] = 2
  }
}
