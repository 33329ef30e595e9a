import Dispatch
import Environments
import Synchronization

/// Workers that compute the gradients of one agent, each asked by a thread of its own.
///
/// Where the algorithm is asynchronous, an update is the next answer of any of them. Where it is not, an update has rounds,
/// and each step of one is by the mean of all answers but those of the `late` slowest.
final class GradientCrew {
  private let agent: OnPolicyAgent
  private let algorithm: any SharedGradientAlgorithm
  private let members: [Member]
  private let late: Int
  private let answers = AnswerQueue()
  /// What workers have told of their environments since the last update.
  private var told: [(member: Int, answer: GradientAnswer)] = []

  /// - Parameter late: how many workers a step does not wait for.
  init?(_ environments: [any VectorEnvironment], _ agent: any Agent, late: Int) {
    guard let agent = agent as? OnPolicyAgent, let algorithm = agent.sharedGradients else { return nil }
    var (members, first): ([Member], Int) = ([], 0)
    for environment in environments {
      guard let source = environment as? any GradientSource else { return nil }
      members.append(Member(source, number: members.count, streams: first..<first + environment.count))
      first += environment.count
    }
    (self.agent, self.algorithm, self.members) = (agent, algorithm, members)
    self.late = late
  }

  /// Whether a step waits for the answers of all, so that some of them can be late.
  var waitsForAll: Bool { !isAsynchronous }

  /// How many sub-environments give the steps of one update.
  var streamsPerUpdate: Int {
    let all = members.reduce(0) { $0 + $1.streams.count }
    return isAsynchronous ? max(1, all / members.count) : all
  }

  private var isAsynchronous: Bool { type(of: algorithm).isAsynchronous }

  /// Begins an episode everywhere; sub-environment i of all gets the seed `seed + i`.
  func reset(seed: UInt64) throws {
    finish()
    for member in members { member.begin(seed: seed, answers) }
    for _ in members {
      guard let answer = answers.next(shouldStop: { false }) else { return }
      members[answer.member].isBusy = false
      _ = try answer.result.get()
    }
  }

  /// Makes an update, and adds what happened meanwhile to a tally.
  ///
  /// - Returns: the metrics, and how many steps the gradients were of, in the mean of the rounds; nil if it was stopped
  ///   before.
  func update(
    progress: Double, steps: Int, _ tally: inout EpochTally, shouldStop: () -> Bool
  ) throws -> (Metrics, steps: Int)? {
    var metrics = Metrics()
    let undo = agent.beginGradientUpdate(progress: progress, &metrics)
    do {
      let learned =
        isAsynchronous ? try applyNext(steps, &metrics, shouldStop) : try applyRounds(steps, &metrics, shouldStop)
      for answer in takeTold() {
        tally.add(answer.counts)
        if learned != nil { agent.takeInStatistics(of: answer) }
      }
      guard let learned else {
        try undo()
        return nil
      }
      try agent.endGradientUpdate()
      return (metrics, learned)
    } catch {
      try undo()
      throw error
    }
  }

  /// Waits for whatever is still under way; nothing of it is learned from.
  func finish() {
    while members.contains(where: \.isBusy) {
      guard let answer = answers.next(shouldStop: { false }) else { return }
      members[answer.member].isBusy = false
    }
  }

  // MARK: One update

  private func applyNext(_ steps: Int, _ metrics: inout Metrics, _ shouldStop: () -> Bool) throws -> Int? {
    let state = members.contains { !$0.isBusy } ? agent.learningParts.map(\.numbers) : []
    for member in members where !member.isBusy { ask(member, round: 0, steps: steps, state) }
    while true {
      guard let (order, answer) = try next(shouldStop) else { return nil }
      guard let answer else {
        // What this one had is lost; it begins anew with the parameters as they are.
        for member in members where !member.isBusy {
          ask(member, round: 0, steps: steps, agent.learningParts.map(\.numbers))
        }
        continue
      }
      try agent.step(0, byMeanOf: [answer], &metrics)
      metrics["staleness"] = Double(agent.updates - order.update)
      return EpochTally(answer.counts).steps
    }
  }

  private func applyRounds(_ steps: Int, _ metrics: inout Metrics, _ shouldStop: () -> Bool) throws -> Int? {
    // A worker that was late for some rounds counts in the others: a gradient that comes too late is of no use.
    var (used, roundsMade) = (0, 0)
    for member in members { member.hasBatch = false }
    for round in 0..<algorithm.rounds {
      let state = (round == 0 ? agent.learningParts : agent.learningParts(round)).map(\.numbers)
      func ask(_ member: Member) {
        if round == 0 || member.hasBatch { self.ask(member, round: round, steps: round == 0 ? steps : 0, state) }
      }
      for member in members where !member.isBusy { ask(member) }
      var inTime: [(member: Int, answer: GradientAnswer)] = []
      while inTime.count < needed(round, inTime.count) {
        guard let (order, answer) = try next(shouldStop) else { return nil }
        let member = members[order.member]
        let isOfThisUpdate = order.update == agent.updates
        if isOfThisUpdate, order.steps > 0, let answer {
          (member.hasBatch, member.batchSteps) = (true, EpochTally(answer.counts).steps)
        }
        if answer == nil { member.hasBatch = false }
        if isOfThisUpdate, order.round == round, let answer {
          inTime.append((order.member, answer))
        } else {
          ask(member)
        }
      }
      if inTime.isEmpty { continue }
      if round == 0 { metrics["late_workers"] = Double(members.count - inTime.count) }
      try agent.step(round, byMeanOf: Self.inOrder(inTime), &metrics)
      used += inTime.reduce(0) { $0 + members[$1.member].batchSteps }
      roundsMade += 1
    }
    return roundsMade > 0 ? used / roundsMade : 0
  }

  /// How many answers a round waits for: those of all but the late ones, as far as there are workers with a batch.
  private func needed(_ round: Int, _ inTime: Int) -> Int {
    let able = members.count { $0.hasBatch || (round == 0 && $0.isBusy) }
    return min(members.count - late, max(able, inTime))
  }

  private func ask(_ member: Member, round: Int, steps: Int, _ state: [PartNumbers]) {
    let parts = steps > 0 ? agent.streamParts(member.streams).map(\.numbers) : []
    member.ask(
      GradientOrder(update: agent.updates, round: round, steps: steps, state: state, streamParts: parts), answers)
  }

  /// Answers in the order of their workers, because sums of rounded numbers depend on theirs.
  private static func inOrder(_ answers: [(member: Int, answer: GradientAnswer)]) -> [GradientAnswer] {
    answers.sorted { $0.member < $1.member }.map(\.answer)
  }

  private func takeTold() -> [GradientAnswer] {
    defer { told.removeAll() }
    return Self.inOrder(told)
  }

  /// Waits for the next answer of anybody, and notes what it tells of environments; nil if it was stopped before.
  private func next(
    _ shouldStop: () -> Bool
  ) throws -> (order: (member: Int, update: Int, round: Int, steps: Int), answer: GradientAnswer?)? {
    guard let item = answers.next(shouldStop: shouldStop) else { return nil }
    let member = members[item.member]
    member.isBusy = false
    let answer = try item.result.get()
    if let answer, item.order.steps > 0 {
      try agent.streamParts(member.streams).restore(answer.streamParts)
      told.append((item.member, answer))
    }
    return ((item.member, item.order.update, item.order.round, item.order.steps), answer)
  }
}

/// One worker, and the thread that asks it.
private final class Member: @unchecked Sendable {
  let streams: Range<Int>
  private let source: any GradientSource
  private let number: Int
  private let queue: DispatchQueue
  // These three are the asking thread's alone.
  var isBusy = false
  var hasBatch = false
  var batchSteps = 0

  init(_ source: any GradientSource, number: Int, streams: Range<Int>) {
    (self.source, self.number, self.streams) = (source, number, streams)
    queue = DispatchQueue(label: "gymwire.worker.\(number)", qos: .userInitiated)
  }

  func begin(seed: UInt64, _ answers: AnswerQueue) {
    let order = GradientOrder(update: 0, round: 0, steps: 0, state: [], streamParts: [])
    run(order, answers) { [self] in
      try source.reset(seed: seed + UInt64(streams.lowerBound))
      return nil
    }
  }

  func ask(_ order: GradientOrder, _ answers: AnswerQueue) {
    run(order, answers) { [self] in try source.gradients(order) }
  }

  private func run(
    _ order: GradientOrder, _ answers: AnswerQueue, _ body: @escaping @Sendable () throws -> GradientAnswer?
  ) {
    isBusy = true
    queue.async { [self] in answers.put(AnswerQueue.Item(member: number, order: order, result: Result { try body() })) }
  }
}

/// Where answers wait, in the order in which they have come.
private final class AnswerQueue: Sendable {
  struct Item: Sendable {
    let member: Int
    let order: GradientOrder
    let result: Result<GradientAnswer?, any Error>
  }

  private let items = Mutex<[Item]>([])
  private let bell = DispatchSemaphore(value: 0)

  func put(_ item: Item) {
    items.withLock { $0.append(item) }
    bell.signal()
  }

  /// Waits for an answer; nil if it is to stop before there is one.
  func next(shouldStop: () -> Bool) -> Item? {
    while bell.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      if shouldStop() { return nil }
    }
    return items.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}
