import Environments
import JSONLines

/// A conversation with an environment or a learner that was recorded, read once more: what was done, and what came of it.
///
/// The sessions of a learner are interleaved, and each is known as a whole when it ends: it is played back then, as the episode
/// of one sub-environment.
///
/// It is given the requests and the replies in the order in which they were said, and has no input or output of its own.
public final class RecordedConversation {
  /// What a reply tells.
  public enum Event: Equatable, Sendable {
    /// Nothing that anything could be learned from.
    case nothing
    /// The spaces, and how many sub-environments there are.
    case greeted(Greeting)
    /// Episodes of these sub-environments have begun; row i of ``outcome`` is about the i-th of them.
    case begun([Int])
    /// A step of all sub-environments: ``actions`` and ``outcome`` have a row for each, and the final observations of
    /// episodes that have ended are in `finalObservations`.
    case stepped
    /// Sessions of a learner are over: ``playNext()`` tells what happened in them.
    case ended
    /// The environment has failed: the episodes of these sub-environments do not go on.
    case failed([Int])
  }

  /// What hello says of an environment.
  public struct Greeting: Equatable, Sendable {
    /// The space of every observation.
    public let observationSpace: Space
    /// The space of every action.
    public let actionSpace: Space
    /// The number of sub-environments.
    public let count: Int
  }

  /// A line that cannot be used; the description is a clause without its full stop.
  public struct Fault: Error, CustomStringConvertible {
    /// The clause.
    public let description: String
    /// The number of the line, as it was given.
    public let line: Int
  }

  /// The actions of the latest step.
  public private(set) var actions: ValueBatch
  /// What came of the latest reset or step.
  public private(set) var outcome: StepBatch

  private static let mostEnvironments = 1 << 16
  private static let mostNumbers = 1 << 28

  private var form = ValueForm()
  private var maskedActions: Space?
  /// What a learner was told; nil for an environment.
  private var learner: RecordedLearner?
  private var isLearner = false
  /// The request that has no reply yet.
  private var pending: Pending?
  /// In which sub-environments an episode is under way.
  private var isRunning: [Bool] = []

  /// A request that waits for its reply.
  private struct Pending {
    var id: Int64
    var line: Int
    var operation: Operation?
    /// Those that a reset addresses.
    var indices: [Int] = []
    /// What is wrong with the request, where the server has not refused it.
    var problem: String?
  }

  /// Begins to read a conversation.
  public init() {
    actions = ValueBatch(.tuple([]), count: 0)
    outcome = StepBatch(observationSpace: .tuple([]), count: 0)
  }

  /// Reads a line that went to the environment, without its end; `number` is that of the line, for faults.
  public func read(request line: UnsafeRawBufferPointer, at number: Int) throws(Fault) {
    if let pending {
      throw Fault("it is a request, and the one in line \(pending.line) has no reply yet", number)
    }
    if learner == nil, !isRunning.isEmpty,
      let id = StepRequest(actions, rows: 0..<actions.count, form: form).readUsual(line)
    {
      pending = Pending(id: id, line: number, operation: .step, problem: problemOfActions)
      return
    }
    var request = Pending(id: 0, line: number)
    var id: Int64?
    do throws(ErrorReply) {
      let content = try Request.read(line, id: &id)
      request.operation = Operation(rawValue: content.operation)
      try read(content.members, of: &request)
    } catch {
      // Where the environment refused it as well, nothing is wrong with the recording.
      request.problem = error.message
    }
    request.id = id ?? 0
    pending = request
  }

  private func read(_ members: Request.Members, of request: inout Pending) throws(ErrorReply) {
    if let learner { return try learner.read(request.operation, members) }
    switch request.operation {
    case .reset:
      request.indices = try ResetPlan.indices(members, count: isRunning.count, isBatched: form.isBatched)
    case .step:
      guard var action = members.action else { throw ErrorReply(.badMessage, "step needs \"action\"") }
      do throws(ValueError) { try actions.read(rows: 0..<actions.count, from: &action, as: form) } catch {
        throw ErrorReply(.badAction, "the action cannot be used: \(error)")
      }
      request.problem = problemOfActions
    default: break
    }
  }

  /// What is wrong with the actions that have just been read.
  private var problemOfActions: String? {
    actions.violation(in: 0..<actions.count).map { row, reason in
      form.isBatched ? "action \(reason) (sub-environment \(row))" : "action \(reason)"
    }
  }

  /// Reads a line that came from the environment, without its end.
  public func read(reply line: UnsafeRawBufferPointer, at number: Int) throws(Fault) -> Event {
    guard let request = pending else { throw Fault("it is a reply, and there was no request", number) }
    let event: Event?
    do throws(ReplyError) { event = try read(line, answering: request) } catch {
      if case .refused(let refusal) = error {
        pending = nil
        return fail(request, refusal)
      }
      throw Fault("\(error)", number)
    }
    guard let event else { return .nothing }
    pending = nil
    if let problem = request.problem { throw Fault(problem, request.line) }
    if case .begun(let indices) = event { for index in indices { isRunning[index] = true } }
    if event == .stepped { try endEpisodes(number) }
    if case .greeted(let greeting) = event { try prepare(greeting, number) }
    return event
  }

  /// Reads what answers a request; nil for what was told on the way.
  private func read(
    _ line: UnsafeRawBufferPointer, answering request: Pending
  ) throws(ReplyError) -> Event? {
    switch request.operation {
    case .hello:
      var reply = HelloReply()
      guard case .reply = try readServerLine(line, expecting: request.id, into: &reply) else { return nil }
      return try greet(reply)
    case let operation where learner != nil && request.problem == nil:
      return try learner?.read(reply: line, to: operation, expecting: request.id).map { $0 ? .ended : .nothing }
    case .reset where request.problem == nil:
      let rows = 0..<request.indices.count
      outcome.masks.allowEverything(in: rows)
      var reply = ResetReply(outcome, rows: rows, form: form, isMasked: maskedActions != nil)
      guard case .reply = try readServerLine(line, expecting: request.id, into: &reply) else { return nil }
      return .begun(request.indices)
    case .step where request.problem == nil:
      let rows = 0..<outcome.count
      outcome.masks.allowEverything(in: rows)
      var reply = StepReply(outcome, rows: rows, form: form, isMasked: maskedActions != nil)
      if reply.readUsual(line, expecting: request.id, ahead: ReadAhead()) { return .stepped }
      guard case .reply = try readServerLine(line, expecting: request.id, into: &reply) else { return nil }
      return .stepped
    default:
      var reply = AnyReply()
      guard case .reply = try readServerLine(line, expecting: request.id, into: &reply) else { return nil }
      return .nothing
    }
  }

  private func greet(_ reply: HelloReply) throws(ReplyError) -> Event {
    isLearner = reply.role == ServerRole.learner.rawValue
    guard isLearner || reply.role == ServerRole.env.rawValue else {
      throw .invalid(
        member: "role",
        reason: "it is \(reply.role.abbreviated()), and only the dialogue with an env or a learner is learned from")
    }
    guard let observations = reply.observationSpace, let actions = reply.actionSpace else {
      throw .missing("obs_space")
    }
    let isBatched = reply.features.contains(.batch)
    let count = isBatched && !isLearner ? reply.environmentCount : 1
    guard (1...Self.mostEnvironments).contains(count) else {
      throw .invalid(member: "num_envs", reason: "it is \(count), and 1 to \(Self.mostEnvironments) can be read")
    }
    form = ValueForm(isBatched: isBatched, allowsBase64: reply.features.contains(.b64))
    maskedActions = reply.features.contains(.mask) ? actions : nil
    return .greeted(Greeting(observationSpace: observations, actionSpace: actions, count: count))
  }

  /// Takes memory for the values of spaces that are not too large for it.
  private func prepare(_ greeting: Greeting, _ line: Int) throws(Fault) {
    let widest = max(
      greeting.observationSpace.elementCount, greeting.actionSpace.elementCount, maskedActions?.maskWidth ?? 0)
    guard widest <= Self.mostNumbers / greeting.count else {
      throw Fault(
        "its spaces have \(widest) numbers in each of \(greeting.count) sub-environments, which is too many", line)
    }
    actions = ValueBatch(greeting.actionSpace, count: greeting.count)
    outcome = StepBatch(
      observationSpace: greeting.observationSpace, maskedActions: maskedActions, count: greeting.count)
    isRunning = Array(repeating: false, count: greeting.count)
    if isLearner {
      learner = RecordedLearner(
        greeting.observationSpace, greeting.actionSpace, form: form, isMasked: maskedActions != nil)
    }
  }

  /// Notes that the recording has ended: sessions that are open are cut at the latest observation.
  public func finish() { learner?.finish() }

  /// What happened next in the sessions that are over: ``Event/begun(_:)`` or ``Event/stepped``; nil once all has been told.
  public func playNext() -> Event? { learner?.playNext(actions, outcome) }

  /// Notes which episodes have ended with a step; every one has to have been under way.
  private func endEpisodes(_ line: Int) throws(Fault) {
    if let index = isRunning.firstIndex(of: false) {
      throw Fault("it is a step of sub-environment \(index), where no episode was under way", line)
    }
    // With batch the next episode begins within the step.
    guard !form.isBatched, outcome.hasEnded(0) else { return }
    outcome.keepFinal(0)
    isRunning[0] = false
  }

  /// What a refusal means: one that says that the environment itself failed ends what was under way.
  private func fail(_ request: Pending, _ refusal: ErrorReply) -> Event {
    guard refusal.code == .environmentError else { return .nothing }
    let indices = request.operation == .reset ? request.indices : Array(isRunning.indices)
    for index in indices { isRunning[index] = false }
    return .failed(indices)
  }
}

extension RecordedConversation.Fault {
  fileprivate init(_ description: String, _ line: Int) { (self.description, self.line) = (description, line) }
}

/// A reply whose members do not matter.
struct AnyReply: ReplyBody {
  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool { false }
  func missingMember() -> String? { nil }
}
