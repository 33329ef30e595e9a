import Environments
import Gymwire

/// Sub-environments that live in a worker process, here or on another machine, beside a copy of the policy.
///
/// Where the process fails, another takes its place as far as the options allow. What it had collected since the last
/// update is lost with it, and shows as one lost step of each of its sub-environments.
public final class RemoteWorker: RolloutEnvironment {
  /// How to start and drive a worker.
  public struct Options: Sendable {
    /// The words of the command that starts it.
    public var command: [String]
    /// Its number, from 0, which its episodes after a restart depend on.
    public var number = 0
    /// The wish for sub-environments.
    public var wantedEnvironments = 1
    /// The name told in hello.
    public var clientName = "pgagent"
    /// How long it may take to answer hello, its environments' start included.
    public var startLimit = Duration.seconds(60)
    /// How long it may take for anything else.
    public var workLimit = Duration.seconds(600)
    /// Lines, errors and warnings.
    public var connection = ServerConnection.Options()
    /// What becomes of a process that fails.
    public var restarts = RestartPolicy()

    /// Creates options for a command.
    public init(command: [String]) {
      self.command = command
      // One line holds all that was collected for an update.
      connection.maximumLineLength = Self.longestLine
    }

    static let longestLine = 1 << 30
  }

  let options: Options
  let hello: HelloRequest
  private let features: Set<Feature>
  var process: WorkerProcess
  /// The algorithm and its settings, once they are known.
  var settings: String?
  /// The seed of the last reset of all.
  var baseSeed: UInt64?
  var life = Life()
  /// What went wrong since a request was begun.
  var failure: ConnectionError?
  var order: RolloutOrder?
  /// How many restarts of environment processes earlier workers have told, and the present one.
  var earlierRestarts = 0
  var ownRestarts = 0
  private var isResetting = false
  private var earlierByteCounts = (sent: 0, received: 0)
  private var rollouts: [Rollout] = []
  private var step = 0

  /// What each sub-environment is called.
  public let spec: EnvironmentSpec
  /// The space of every observation.
  public let observationSpace: Space
  /// The space of every action.
  public let actionSpace: Space
  /// What came of the last reset or step that was played back.
  public let outcome: StepBatch
  /// The name of the worker's software; nil if it does not tell.
  public let serverName: String?
  /// How many numbers an action has for an agent's networks.
  private let actionWidth: Int

  /// The number of sub-environments.
  public var count: Int { outcome.count }

  /// How many steps of sub-environments were lost.
  public private(set) var lostSteps = 0

  /// Bytes that the process and those before it have been sent and have written.
  public var byteCounts: (sent: Int, received: Int) {
    let counts = process.connection.byteCounts
    return (earlierByteCounts.sent + counts.sent, earlierByteCounts.received + counts.received)
  }

  /// Starts one worker for each of the options, side by side.
  ///
  /// - Parameter actionWidth: how many numbers an action has for an agent's networks, given the spaces of observations and
  ///   actions.
  /// - Throws: ``ChildProcessError`` if one cannot be started, ``ConnectionError`` if one cannot be talked to. None of them
  ///   is left running then.
  public static func start(
    _ options: [Options], actionWidth: (Space, Space) throws -> Int
  ) throws -> [RemoteWorker] {
    if let missing = OpenFileLimit.raise(forProcesses: options.count) {
      throw ChildProcessError(reason: .system, command: options.first?.command ?? [], detail: missing)
    }
    var processes: [WorkerProcess] = []
    let policyText = PolicyText()
    do {
      for options in options {
        let process = try WorkerProcess(options, sharing: policyText)
        processes.append(process)
        try process.sendHello(hello(options))
      }
      var workers: [RemoteWorker] = []
      for (process, options) in zip(processes, options) {
        let spaces = try process.receiveSpaces(answering: hello(options), limit: options.workLimit)
        workers.append(
          RemoteWorker(process, options, spaces, actionWidth: try actionWidth(spaces.observation, spaces.action)))
      }
      return workers
    } catch {
      ServerConnection.close(processes.map(\.connection), grace: .zero)
      throw error
    }
  }

  private init(
    _ process: WorkerProcess, _ options: Options, _ spaces: (observation: Space, action: Space), actionWidth: Int
  ) {
    (self.process, self.options, self.actionWidth) = (process, options, actionWidth)
    hello = Self.hello(options)
    (observationSpace, actionSpace) = spaces
    (spec, serverName) = (process.hello.spec, process.hello.server)
    features = Set(process.hello.features)
    outcome = StepBatch(
      observationSpace: spaces.observation,
      maskedActions: process.hello.features.contains(.mask) ? spaces.action : nil, count: process.hello.environmentCount
    )
    life.record.begin(at: RemoteVectorEnvironment.seconds)
  }

  private static func hello(_ options: Options) -> HelloRequest {
    var hello = HelloRequest(client: options.clientName)
    hello.features = [.mask, .batch, .b64]
    hello.wantedEnvironments = options.wantedEnvironments
    hello.maximumLine = Options.longestLine
    return hello
  }

  /// Tells the worker which algorithm it acts for.
  ///
  /// - Parameter settings: the algorithm and its settings, as a JSON object on one line.
  public func prepare(settings: String) throws {
    self.settings = settings
    try process.prepare(settings: settings)
  }

  // MARK: Resets

  /// Asks for an episode in every sub-environment, without waiting for it.
  public func beginReset(seed: UInt64?) throws {
    outcome.clearInfos()
    outcome.clearInterruptions()
    (rollouts, step, baseSeed, isResetting, failure) = ([], 0, seed, true, nil)
    life.number = 0
    do { try process.sendReset(ResetRequest(seed: seed)) } catch { failure = error }
  }

  /// Begins an episode in every sub-environment; options are not told.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    if !isResetting || seed != baseSeed { try beginReset(seed: seed) }
    isResetting = false
    if failure == nil {
      do { try process.receiveReset(into: outcome) } catch { failure = error }
    }
    if let failure {
      try startAnew(after: failure) { worker throws(ConnectionError) in try worker.reset(to: seed) }
    }
  }

  func reset(to seed: UInt64?) throws(ConnectionError) {
    try process.sendReset(ResetRequest(seed: seed))
    try process.receiveReset(into: outcome)
  }

  // MARK: Rollouts

  /// How many steps wait to be played back.
  public var waitingSteps: Int { rollouts.reduce(0) { $0 + $1.steps } - step }

  /// Sends an order.
  public func beginRollout(_ order: RolloutOrder) throws {
    (self.order, failure) = (order, nil)
    do { try process.sendOrder(order) } catch { failure = error }
  }

  /// Whether ``finishRollout()`` would not have to wait.
  public func hasAnswered() -> Bool { order == nil || failure != nil || process.hasAnswered() }

  /// Sleeps until one of the workers that are waited for has written something, but for no longer than 0.1 s.
  public static func awaitAnswer(of workers: [RemoteWorker]) {
    let awaited = workers.map(\.process).filter(\.isAwaited).map(\.connection.reader.descriptor.rawValue)
    if !awaited.isEmpty { _ = Platform.readable(awaited, milliseconds: 100) }
  }

  /// Waits for what has been collected.
  public func finishRollout() throws -> [PartNumbers] {
    guard let order else { return [] }
    self.order = nil
    if failure == nil {
      do { return try receive(order) } catch { failure = error }
    }
    guard let failure else { return [] }
    let lost = Rollout(
      steps: 1, streams: count, observationSpace: observationSpace,
      maskedActions: outcome.masks.width > 0 ? actionSpace : nil, actionWidth: actionWidth, drawnWidth: 0)
    var parts = order.streamParts
    let seed = nextSeed()
    try startAnew(after: failure) { worker throws(ConnectionError) in
      // What stands in the outcome is what the lost step's action was about, until the step is played back.
      try worker.process.sendReset(ResetRequest(seed: seed))
      try worker.process.receiveReset(into: lost.outcome)
      guard order.steps > 1, !order.mayFallShort else { return worker.rollouts.append(lost) }
      var rest = order
      rest.steps -= 1
      try worker.process.sendOrder(rest)
      let rollout = try worker.process.receiveRollout(
        answering: rest, streams: worker.count, actionWidth: worker.actionWidth)
      worker.rollouts += [lost, rollout]
      parts = rollout.streamParts
    }
    lost.outcome.lose(0..<count)
    return parts
  }

  private func receive(_ order: RolloutOrder) throws(ConnectionError) -> [PartNumbers] {
    let rollout = try process.receiveRollout(answering: order, streams: count, actionWidth: actionWidth)
    // One without steps has nothing to be played back.
    if rollout.steps > 0 { rollouts.append(rollout) }
    ownRestarts = rollout.restarts
    return rollout.streamParts
  }

  /// The actions of the next step.
  public func nextStep() throws -> (actions: UnsafePointer<Float>, drawn: UnsafeBufferPointer<Float>) {
    guard let rollout = rollouts.first,
      let actions = rollout.numbers(rollout.actions, of: rollout.rows(step)).baseAddress
    else { throw EnvironmentError.invalidValue("no more steps have been collected than were asked for") }
    return (actions, rollout.numbers(rollout.drawn, of: rollout.rows(step)))
  }

  /// There is nothing to hand over: the actions have been taken.
  public func beginStep(_ actions: ValueBatch) {}

  /// Plays a step back.
  public func finishStep() {
    outcome.clearInterruptions()
    guard let rollout = rollouts.first else { return }
    for (row, from) in rollout.rows(step).enumerated() { outcome.copyRow(from, of: rollout.outcome, to: row) }
    lostSteps += outcome.lostRows.count
    step += 1
    if step == rollout.steps {
      rollouts.removeFirst()
      step = 0
    }
  }

  /// Puts a process that has just been started in the place of another.
  func replace() throws {
    let counts = process.connection.byteCounts
    earlierByteCounts = (earlierByteCounts.sent + counts.sent, earlierByteCounts.received + counts.received)
    (earlierRestarts, ownRestarts) = (earlierRestarts + ownRestarts, 0)
    process = try WorkerProcess(options, sharing: process.policyText)
    life.record.begin(at: RemoteVectorEnvironment.seconds)
    try process.sendHello(hello)
    let spaces = try process.receiveSpaces(answering: hello, limit: options.workLimit)
    // The process before this one may have failed before it described anything, so it is the first that counts.
    guard spaces == (observationSpace, actionSpace), process.hello.environmentCount == count,
      Set(process.hello.features) == features
    else {
      throw process.connection.reject(
        "describes other spaces, another number of sub-environments or other features than the worker before it",
        advice: "A worker that is started anew has to be the same again.", reply: nil, isRefusal: true)
    }
    if let settings { try process.prepare(settings: settings) }
  }

  /// Ends several workers side by side, in an orderly way; nothing can be asked afterwards.
  public static func close(_ workers: [RemoteWorker], grace: Duration = .seconds(2)) {
    for worker in workers { worker.process.sendClose() }
    ServerConnection.close(workers.map(\.process.connection), grace: grace)
  }
}
