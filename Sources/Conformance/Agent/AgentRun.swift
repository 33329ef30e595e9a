#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GymwireIO

/// Plays the server against an agent, scene by scene.
public struct AgentRun {
  /// The agent's command; a word `{}` stands for the command of the server that it is to start.
  ///
  /// Without that word the agent's own standard input and output lead to the server.
  private let command: [String]
  private let limit: Duration
  private let patience: Duration?
  // With their places among all, by which the server of a scene finds it.
  private let scenes: [(index: Int, check: AgentCheck)]

  /// Prepares the scenes for an agent.
  ///
  /// - Parameters:
  ///   - limit: how long the agent may take for one scene.
  ///   - patience: how long the agent waits for a reply; nil if that is not known.
  ///   - isMeant: whether the scenes of a clause are played.
  public init(
    command: [String], limit: Duration, patience: Duration? = nil, clauses isMeant: (String) -> Bool = { _ in true }
  ) {
    self.command = command
    self.limit = limit
    self.patience = patience
    scenes = AgentChecks.all.enumerated().filter { isMeant($0.element.clause) }.map { ($0.offset, $0.element) }
  }

  /// Plays the scenes.
  public func run(
    shouldStop: () -> Bool = { false }, report: (CheckResult) -> Void = { _ in }
  ) throws -> CheckSummary {
    let start = ContinuousClock.now
    var log = ResultLog()
    var idleScenes = 0
    for (place, (index, check)) in scenes.enumerated() {
      let since = ContinuousClock.now
      var outcome = CheckResult.Outcome.notRun(Stopped().description)
      if idleScenes == Self.mostIdleScenes {
        outcome = .notRun("the agent ended or fell silent \(idleScenes) times")
      } else if !shouldStop() {
        // An agent that was stopped in the middle has proved nothing.
        let found = Result { try self.outcome(of: check, index, &idleScenes) }
        if !shouldStop() { outcome = try found.get() }
      }
      let result = CheckResult(
        clause: check.clause, level: .agent, title: check.title, outcome: outcome, duration: since.duration(to: .now))
      let toCome = scenes[(place + 1)...].lazy.map(\.check.clause)
      for result in log.add(result, clausesToCome: toCome) { report(result) }
    }
    return CheckSummary(
      command: ShellWords.quote(command), results: log.results, duration: start.duration(to: .now))
  }

  /// After this many scenes in which the agent fell silent there is no point in waiting for more.
  private static let mostIdleScenes = 3

  /// What an agent has left behind: how it ended if it has, and what it wrote to standard error.
  private struct Remains {
    var exit: ChildProcess.Exit?
    var words: [String] = []

    init(_ agent: ChildProcess) { (exit, words) = (agent.exit(), agent.lastErrorLines(5)) }
  }

  private func outcome(of check: AgentCheck, _ index: Int, _ idleScenes: inout Int) throws -> CheckResult.Outcome {
    guard !check.scene.needsPatience || patience != nil else {
      return .notApplicable("how long the agent waits for a reply is not known (--agent-patience)")
    }
    guard check.scene.demand != .waits || isStarter else {
      return .notApplicable("the agent does not start its server itself")
    }
    let (finding, remains) = try finding(of: check, index)
    idleScenes =
      finding == .nothing || (finding == .acting || finding == .tried) && remains.exit == nil ? idleScenes + 1 : 0
    switch finding {
    case .ending: return .failed(Self.haste(check, "the agent has killed it at once"))
    case .acting where check.scene.demand == .waits && remains.exit == .status(0):
      return .failed(Self.haste(check, "the agent has killed it without a goodbye"))
    // It has said goodbye by ending the server's input (clause 3.10).
    case .acting where remains.exit == .status(0):
      return check.scene.demand == .carriesOn
        ? .passed : .notApplicable("the agent says goodbye before the reply that this is about")
    // It may have had no more to do.
    case .tried where try remains.exit == .status(0) && !lasts():
      return .notApplicable("the agent ends at the reply that this is about, and does so without it too")
    case .played: return .passed
    case .notApplicable(let reason): return .notApplicable(reason)
    case .departed(let departure):
      let departure = departure.with(lastWords: remains.words)
      return departure.clause == check.clause ? .failed(departure) : .blocked(departure)
    case .nothing, .acting, .tried, .waiting:
      let expected =
        finding == .tried
        ? "a request after the reply that this is about"
        : check.scene.demand == .carriesOn ? "a hundred requests, or a goodbye after some steps" : "three steps"
      let came = remains.exit.map { "the agent \($0)" } ?? "the agent sent nothing for \(limit.seconds)"
      let departure = Departure(clause: check.clause, sent: "", expected: expected, came: came)
      return .failed(departure.with(lastWords: remains.words))
    }
  }

  private static func haste(_ check: AgentCheck, _ came: String) -> Departure {
    Departure(
      clause: check.clause, sent: "", expected: "a goodbye, and some time for the server to end by itself", came: came)
  }

  /// Whether the agent goes on longer where nothing is amiss than it does before the reply that a scene is about.
  private func lasts() throws -> Bool {
    try finding(of: AgentChecks.control, AgentChecks.all.count).finding == .played
  }

  private var isStarter: Bool { command.contains { $0.contains("{}") } }

  private func finding(
    of check: AgentCheck, _ index: Int
  ) throws -> (finding: AgentFindings.Finding, remains: Remains) {
    isStarter ? try findingOfStarter(check, index) : try findingOfPeer(check)
  }

  /// The agent starts the server, which is this program once more, and which leaves what it finds in a file.
  private func findingOfStarter(_ check: AgentCheck, _ index: Int) throws -> (AgentFindings.Finding, Remains) {
    let path = FileManager.default.temporaryDirectory.path + "/gymwire-scene-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let findings = AgentFindings(path: path)
    let server =
      "pgagent check --play \(index) --report \(path)"
      + (patience.map { " --agent-patience \($0 / .seconds(1))" } ?? "")
    let scratch = ScratchDirectory(for: command)
    let words = (scratch?.complete(timed(check)) ?? timed(check)).map { $0.replacing("{}", with: server) }
    let agent = try ChildProcess(command: words)
    defer { agent.kill() }
    if check.scene.demand == .waits { return (findingAfterGoodbye(findings, agent), Remains(agent)) }
    let start = ContinuousClock.now
    let limit = check.scene.needsPatience ? self.limit + (patience ?? .zero) * 50 : self.limit
    var lastWords: ContinuousClock.Instant?
    var lastBeat = (number: -1, time: start)
    while start.duration(to: .now) < limit, !Interruption.isRequested {
      drain(agent)
      if agent.exit() != nil { break }
      let finding = findings.read()
      switch finding {
      case .departed: return (finding, Remains(agent))
      case .nothing, .acting, .tried, .ending, .notApplicable: break
      case .waiting(let number):
        if number != lastBeat.number { lastBeat = (number, .now) }
        // The agent has ended its server, which cannot say so any more.
        let silence = (patience ?? .zero) + .seconds(3)
        if lastBeat.time.duration(to: .now) > silence { return (.played, Remains(agent)) }
      case .played:
        // It may still send what it should not.
        let since = lastWords ?? .now
        lastWords = since
        if since.duration(to: .now) > .seconds(1) { return (findings.read(), Remains(agent)) }
      }
    }
    // An agent that ends while it is expected to give up has done so.
    if case .waiting = findings.read(), agent.exit() != nil { return (.played, Remains(agent)) }
    return (findings.read(), Remains(agent))
  }

  /// What became of the server after the agent's goodbye.
  ///
  /// Nobody looks whether the agent has ended before that is known: with its end all is killed that it has started.
  private func findingAfterGoodbye(_ findings: AgentFindings, _ agent: ChildProcess) -> AgentFindings.Finding {
    let start = ContinuousClock.now
    var goodbye: ContinuousClock.Instant?
    while !Interruption.isRequested {
      let finding = findings.read()
      guard [.nothing, .acting, .ending].contains(finding) else { break }
      if finding == .ending || hasEndedOutput(agent, within: .milliseconds(20)) { goodbye = goodbye ?? .now }
      let isLate = goodbye.map { $0.duration(to: .now) > .seconds(10) } ?? (start.duration(to: .now) > limit)
      if isLate { break }
      if goodbye != nil { Pause.milliseconds(20) }
    }
    _ = agent.exit(within: .seconds(5))
    return findings.read()
  }

  /// Reads what the agent prints, so that it does not wait for a reader.
  private func drain(_ agent: ChildProcess) {
    if hasEndedOutput(agent, within: .milliseconds(20)) { _ = agent.exit(within: .milliseconds(20)) }
  }

  /// Reads what the agent prints, and tells whether it will print nothing more.
  private func hasEndedOutput(_ agent: ChildProcess, within time: Duration) -> Bool {
    guard agent.output.isReadable(within: time) else { return false }
    return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      (try? agent.output.read(into: buffer)) ?? 0 == 0
    }
  }

  /// The command with a time limit in place of the word `{seconds}`: a short one where the scene is about it alone, for a
  /// busy machine takes its time.
  private func timed(_ check: AgentCheck) -> [String] {
    let seconds = check.scene.needsPatience ? (patience ?? .seconds(60)) / .seconds(1) : 60
    return command.map { $0.replacing("{seconds}", with: "\(seconds)") }
  }

  /// The agent talks to this program over its own streams.
  private func findingOfPeer(_ check: AgentCheck) throws -> (AgentFindings.Finding, Remains) {
    let peer = try LinePeer(command: timed(check))
    let play = AgentPlay(wire: PeerWire(peer: peer), limit: limit, patience: patience ?? .zero) { _ in }
    let finding = try play.play(check)
    if [.nothing, .acting, .tried].contains(finding) {
      _ = peer.process.exit(within: .seconds(finding == .nothing ? 1 : 5))
    }
    return (finding, Remains(peer.process))
  }

  /// Serves one scene over standard input and output, which is what an agent starts in place of `{}`.
  ///
  /// - Parameters:
  ///   - index: the place of the scene among ``AgentChecks``.
  ///   - path: the file for what is found.
  ///   - patience: how long the agent waits for a reply; nil if that is not known.
  public static func serve(_ index: Int, report path: String, patience: Duration?) throws {
    guard AgentChecks.playable.indices.contains(index) else { return }
    let findings = AgentFindings(path: path)
    let play = AgentPlay(
      wire: try StandardWire(), limit: .seconds(86_400), patience: patience ?? .zero, note: findings.write)
    _ = try play.play(AgentChecks.playable[index])
  }
}
