import Environments
import Gymwire

/// The sub-environments of one or several environment processes, side by side in one outcome.
///
/// All requests of a step are written before any reply is read, so the processes work at the same time. Each
/// sub-environment is seeded by its index among all of them and keeps its own row, so what comes out does not depend on
/// the number of processes or on which is faster.
public final class RemoteVectorEnvironment: VectorEnvironment {
  /// How to start and drive the processes.
  public struct Options {
    /// The words of the command that starts one process.
    public var command: [String]
    /// The number of processes.
    public var processCount = 1
    /// The wish for sub-environments in all processes together; nil drives one in each, without batching.
    public var wantedEnvironments: Int?
    /// Whether to ask for arrays as base64.
    public var wantsBase64 = false
    /// The wish to see the environments; nil for none.
    public var renderMode: RenderMode?
    /// Whether to ask which options a reset takes.
    public var asksForOptions = false
    /// The name told in hello.
    public var clientName = "pgagent"
    /// How long a process may take to answer hello.
    public var startLimit = Duration.seconds(60)
    /// How long a process may take to answer a reset or step.
    public var stepLimit = Duration.seconds(60)
    /// Lines, errors and warnings.
    public var connection = ServerConnection.Options()
    /// Where to write the conversation with the first process down, as a transcript; nil for nowhere.
    ///
    /// Those with the second, third and so on are written to files with `.2`, `.3` and so on behind this name, and that of a
    /// process which has taken the place of another to one with `.again-1` and so on behind that.
    public var recordPath: String?
    /// What becomes of processes that fail.
    public var restarts = RestartPolicy()

    /// Creates options for one process of a command.
    public init(command: [String]) { self.command = command }

    fileprivate func connection(of process: Int, life: Int) throws(FileError) -> ServerConnection.Options {
      guard let recordPath else { return connection }
      var connection = connection
      let path = (process == 0 ? recordPath : "\(recordPath).\(process + 1)") + (life == 0 ? "" : ".again-\(life)")
      connection.recorder = try TranscriptRecorder(path, command: command, warn: connection.warn)
      return connection
    }
  }

  // One thread drives the processes, so the fields need no checks for overlapping accesses.
  @exclusivity(unchecked) private(set) var remotes: [RemoteEnvironment]
  @exclusivity(unchecked) private(set) var members: [Member]
  /// Whether a step is under way whose replies have not been read.
  @exclusivity(unchecked) private var isStepping = false
  /// Whether a reset of all has been asked for.
  private var hasBegunReset = false
  /// Whether a reset of some rows has been asked for.
  var hasBegunResettingRows = false
  /// What processes have to do beside their steps.
  @exclusivity(unchecked) var errands: [Errand] = []
  /// What has become of each process's predecessors.
  @exclusivity(unchecked) var lives: [Life]
  /// Chooses the options of the episodes; nil where there are none.
  ///
  /// Without batch they come with each reset. With it an episode that a server has begun by itself, without options, is
  /// dropped for one with them (protocol/SPEC.md 12.7).
  public var episodeOptions: (any EpisodeOptions)?
  /// The seed of the last reset of all.
  var baseSeed: UInt64?
  let options: Options
  private let hellos: [HelloRequest]
  /// The features that each process granted first.
  private let features: [Set<Feature>]
  /// Which of the processes of the same command these are.
  private let processes: Range<Int>
  private var earlierByteCounts = (sent: 0, received: 0)
  /// What each sub-environment is called, as the first process tells.
  public let spec: EnvironmentSpec
  /// The space of every observation.
  public let observationSpace: Space
  /// The space of every action.
  public let actionSpace: Space
  /// What came of the last reset or step.
  public let outcome: StepBatch
  /// The name of the servers' software; nil if they do not tell.
  public let serverName: String?
  /// The number of sub-environments in all processes together.
  public var count: Int { outcome.count }

  /// Bytes that all processes have been sent and have written, since they began.
  public var byteCounts: (sent: Int, received: Int) {
    remotes.reduce(earlierByteCounts) { sum, remote in
      let counts = remote.connection.byteCounts
      return (sum.0 + counts.sent, sum.1 + counts.received)
    }
  }

  /// Starts the processes and greets them.
  ///
  /// - Throws: ``ChildProcessError`` if one cannot be started, ``ConnectionError`` if one cannot be talked to or if they
  ///   disagree about their spaces. None of them is left running then.
  public convenience init(_ options: Options) throws {
    let greeted = try Self.greet(options)
    self.init(greeted, greeted.remotes.indices, options)
  }

  /// Starts the processes and greets them, each to be driven at its own pace.
  ///
  /// - Throws: as ``init(_:)`` does.
  public static func startApart(_ options: Options) throws -> [RemoteVectorEnvironment] {
    let greeted = try greet(options)
    return greeted.remotes.indices.map { RemoteVectorEnvironment(greeted, $0..<$0 + 1, options) }
  }

  /// Processes that have said hello.
  private struct Greeted {
    let remotes: [RemoteEnvironment]
    let hellos: [HelloRequest]
    let spaces: (observation: Space, action: Space)
  }

  private static func greet(_ options: Options) throws -> Greeted {
    if let missing = OpenFileLimit.raise(forProcesses: options.processCount) {
      throw ChildProcessError(reason: .system, command: options.command, detail: missing)
    }
    var remotes: [RemoteEnvironment] = []
    do {
      for _ in 0..<max(1, options.processCount) {
        remotes.append(try startProcess(remotes.count, life: 0, options))
      }
      let hellos = hellos(options, processCount: remotes.count)
      for (remote, hello) in zip(remotes, hellos) { try remote.sendHello(hello) }
      var spaces: [(observation: Space, action: Space)] = []
      for (remote, hello) in zip(remotes, hellos) {
        spaces.append(try remote.receiveSpaces(answering: hello))
        guard spaces[spaces.count - 1] == spaces[0] else {
          throw remote.connection.reject(
            "describes other spaces than the first process of the same command",
            advice: "All processes have to serve the same environment.", reply: nil)
        }
      }
      try requireWithinBounds(remotes, spaces[0])
      return Greeted(remotes: remotes, hellos: hellos, spaces: spaces[0])
    } catch {
      ServerConnection.close(remotes.map(\.connection), grace: .zero)
      throw error
    }
  }

  private init(_ greeted: Greeted, _ processes: Range<Int>, _ options: Options) {
    let remotes = Array(greeted.remotes[processes])
    (observationSpace, actionSpace) = greeted.spaces
    (self.options, self.processes) = (options, processes)
    hellos = Array(greeted.hellos[processes])
    spec = remotes[0].hello.spec
    serverName = remotes[0].hello.server
    features = remotes.map { Set($0.hello.features) }
    lives = Array(repeating: Life(), count: remotes.count)
    for index in lives.indices { lives[index].record.begin(at: Self.seconds) }
    self.remotes = remotes
    var members: [Member] = []
    var total = 0
    for remote in remotes {
      let rows = total..<total + remote.hello.environmentCount
      members.append(Member(borrowed: .passUnretained(remote), rows: rows))
      total = rows.upperBound
    }
    self.members = members
    let isMasked = remotes.contains { $0.hello.features.contains(.mask) }
    outcome = StepBatch(
      observationSpace: observationSpace, maskedActions: isMasked ? actionSpace : nil, count: total)
  }

  /// The most numbers that the observations, the actions or the masks of all sub-environments together may have.
  private static let mostNumbers = 1 << 28

  /// Refuses what could not be kept, before memory is taken for it.
  private static func requireWithinBounds(
    _ remotes: [RemoteEnvironment], _ spaces: (observation: Space, action: Space)
  ) throws(ConnectionError) {
    let total = remotes.reduce(0) { $0 + $1.hello.environmentCount }
    let masked = remotes.first { $0.hello.features.contains(.mask) }
    let parts = [
      (remotes.first, "observations of", spaces.observation.elementCount),
      (remotes.first, "actions of", spaces.action.elementCount),
      (masked, "the feature mask switched on for", spaces.action.maskWidth),
    ]
    for case (let remote?, let what, let width) in parts where width > mostNumbers / total {
      throw remote.connection.reject(
        "has \(what) \(width) numbers in each of \(total) sub-environments",
        advice: "At most \(mostNumbers) in all can be kept: ask for fewer sub-environments, or smaller spaces.",
        reply: nil)
    }
  }

  /// One hello for each process; the wish for sub-environments is shared out evenly, the first ones taking the rest.
  private static func hellos(_ options: Options, processCount: Int) -> [HelloRequest] {
    (0..<processCount).map { index in
      var hello = HelloRequest(client: options.clientName)
      hello.features = [.mask]
      if options.wantsBase64 { hello.features.append(.b64) }
      if options.asksForOptions { hello.features.append(.about) }
      if let mode = options.renderMode {
        hello.features.append(.render)
        hello.wantedRenderMode = mode
      }
      if let wanted = options.wantedEnvironments {
        hello.features.append(.batch)
        hello.wantedEnvironments = max(1, wanted / processCount + (index < wanted % processCount ? 1 : 0))
      }
      return hello
    }
  }

  /// The names of the options that a reset takes; nil where nobody asked or the servers do not tell.
  public var optionNames: [String]? { remotes[0].hello.optionNames }

  /// The ways in which the servers can show their environments, where a wish was told.
  public var renderModes: [RenderMode] { remotes[0].hello.renderModes }
  /// The way that they have granted; nil for none.
  public var renderMode: RenderMode? {
    remotes[0].hello.features.contains(.render) ? remotes[0].hello.renderMode : nil
  }
  /// How many pictures make a second at the environments' own speed; nil where they do not tell.
  public var framesPerSecond: Double? { remotes[0].hello.framesPerSecond }

  /// Draws a sub-environment, once all have been reset.
  ///
  /// - Parameter size: a wish, which servers that know one size alone ignore.
  public func render(_ index: Int = 0, size: RenderSize? = nil) throws -> Rendering {
    for (remote, member) in zip(remotes, members) where member.rows.contains(index) {
      return try remote.render(RenderRequest(environment: index - member.rows.lowerBound, size: size))
    }
    throw EnvironmentError.invalidValue("there is no sub-environment \(index)")
  }

  private static func startProcess(_ index: Int, life: Int, _ options: Options) throws -> RemoteEnvironment {
    let connection = try ServerConnection(
      command: options.command, phase: .startUp(limit: options.startLimit),
      options: try options.connection(of: index, life: life))
    return RemoteEnvironment(
      connection, limits: RemoteEnvironment.TimeLimits(startUp: options.startLimit, step: options.stepLimit))
  }

  /// Asks for an episode everywhere.
  public func beginReset(seed: UInt64?) throws { beginReset(seed: seed, options: [:]) }

  private func beginReset(seed: UInt64?, options: [String: PlainValue]) {
    hasBegunReset = true
    (hasBegunResettingRows, isStepping) = (false, false)
    outcome.infos.removeAll(keepingCapacity: true)
    outcome.clearInterruptions()
    errands.removeAll(keepingCapacity: true)
    baseSeed = seed
    episodeOptions?.begin(seed: seed)
    for index in members.indices {
      lives[index].number = 0
      let drawn = optionsOfRows(members[index].rows, or: options)
      let beginning = Beginning(seed: self.seed(seed, of: index), drawn: drawn)
      if isReplacementDue(index) {
        beginReplacement(index, beginning)
      } else {
        begin(
          Errand(process: index, next: beginning.first, further: beginning.further, beginning: beginning))
      }
    }
  }

  /// Begins an episode everywhere; sub-environment i gets the seed `seed + i`.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    if !hasBegunReset { beginReset(seed: seed, options: options) }
    hasBegunReset = false
    try finishErrands()
  }

  private func seed(_ seed: UInt64?, of index: Int) -> UInt64? {
    seed.map { $0 + UInt64(members[index].rows.lowerBound) }
  }

  /// Writes the actions to every process.
  public func beginStep(_ actions: ValueBatch) throws {
    isStepping = true
    for index in members.indices {
      // What is thrown is thrown again to whoever reads the reply.
      try? members[index].borrow { (remote, rows) throws(ConnectionError) in
        try remote.sendStep(actions, rows: rows)
      }
    }
  }

  /// Whether every process has answered: the step, and the resets and all else that have followed it.
  public func hasAnswered() throws -> Bool {
    if isStepping {
      guard remotes.allSatisfy({ $0.hasAnswered() }) else { return false }
      readStep()
    }
    return try advanceErrands()
  }

  /// Sleeps until one of the processes that are waited for has written something, but for no longer than 0.1 s.
  public static func awaitAnswer(of environments: [RemoteVectorEnvironment]) {
    let awaited = environments.flatMap { environment in
      environment.remotes.filter(\.isAwaited).map(\.connection.reader.descriptor.rawValue)
    }
    let isTimed = environments.contains { $0.errands.contains(where: \.waitsForTime) }
    if isTimed || !awaited.isEmpty { _ = Platform.readable(awaited, milliseconds: isTimed ? 10 : 100) }
  }

  /// Reads what came of the actions, and begins new episodes where a process does not do so itself.
  ///
  /// Where a process has failed, another takes its place as far as the options allow, and its rows are lost.
  public func finishStep() throws {
    if isStepping { readStep() }
    if !errands.isEmpty { try finishErrands() }
  }

  /// Reads the replies to the step, and asks for what follows.
  private func readStep() {
    isStepping = false
    outcome.clearInfos()
    outcome.clearInterruptions()
    for index in members.indices {
      do throws(ConnectionError) {
        try members[index].borrow { (remote, rows) throws(ConnectionError) in
          try remote.receiveStep(into: outcome, rows: rows)
        }
      } catch {
        outcome.lose(members[index].rows)
        lives[index].lostSteps += members[index].rows.count
        recover(index, from: error)
        continue
      }
      if options.restarts.stepsPerProcess != nil, replaceBetweenEpisodes(index) { continue }
      let row = members[index].rows.lowerBound
      if remotes[index].isBatched {
        if episodeOptions != nil { resetEndedRows(index) }
      } else if outcome.hasEnded(row) {
        outcome.keepFinal(row)
        begin(Errand(process: index, next: PendingReset()))
      }
    }
  }

  /// Puts a process that has just been started in the place of another, and says hello to it.
  func replace(_ index: Int) throws {
    let counts = remotes[index].connection.byteCounts
    earlierByteCounts = (earlierByteCounts.sent + counts.sent, earlierByteCounts.received + counts.received)
    lives[index].total += 1
    let remote = try Self.startProcess(processes.lowerBound + index, life: lives[index].total, options)
    remotes[index] = remote
    members[index] = Member(borrowed: .passUnretained(remote), rows: members[index].rows)
    lives[index].steps = 0
    lives[index].record.begin(at: Self.seconds)
    try remote.sendHello(hellos[index])
  }

  /// Reads the hello of a process that has taken the place of another, which has to be what the first one's was.
  func greetReplacement(_ index: Int) throws(ConnectionError) {
    let remote = remotes[index]
    let spaces = try remote.receiveSpaces(answering: hellos[index])
    guard spaces == (observationSpace, actionSpace), remote.hello.environmentCount == members[index].rows.count,
      Set(remote.hello.features) == features[index]
    else {
      throw remote.connection.reject(
        "describes other spaces, another number of sub-environments or other features than the process before it",
        advice: "A server that is started anew has to be the same again.", reply: nil, isRefusal: true)
    }
  }

  /// Ends the processes in an orderly way; nothing can be asked afterwards.
  public func close(grace: Duration = .seconds(2)) { Self.close([self], grace: grace) }

  /// Ends the processes of several side by side, in an orderly way.
  public static func close(_ environments: [RemoteVectorEnvironment], grace: Duration = .seconds(2)) {
    let remotes = environments.flatMap(\.remotes)
    for remote in remotes { remote.sendClose() }
    ServerConnection.close(remotes.map(\.connection), grace: grace)
  }

  /// What the messages about a process begin with; nothing where there is no other.
  func messagePrefix(_ index: Int) -> String {
    let total = max(options.processCount, 1)
    return total == 1 ? "" : "process \(processes.lowerBound + index + 1) of \(total): "
  }
}

/// One process, which somebody else owns, and its rows of the outcome.
struct Member {
  let borrowed: Unmanaged<RemoteEnvironment>
  let rows: Range<Int>

  /// Uses the process without counting the reference to it: a step of one environment does little more than that.
  @inline(__always)
  func borrow(
    _ body: (RemoteEnvironment, Range<Int>) throws(ConnectionError) -> Void
  ) throws(ConnectionError) {
    let failure = borrowed._withUnsafeGuaranteedRef { remote -> ConnectionError? in
      do throws(ConnectionError) {
        try body(remote, rows)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }
}
