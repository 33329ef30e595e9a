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

  /// Prepares the scenes for an agent.
  ///
  /// - Parameter limit: how long the agent may take for one scene.
  public init(command: [String], limit: Duration) {
    self.command = command
    self.limit = limit
  }

  /// Plays the scenes.
  public func run(
    shouldStop: () -> Bool = { false }, report: (CheckResult) -> Void = { _ in }
  ) throws -> CheckSummary {
    let start = ContinuousClock.now
    var results: [CheckResult] = []
    var idleScenes = 0
    for (index, check) in AgentChecks.all.enumerated() {
      let since = ContinuousClock.now
      var outcome = CheckResult.Outcome.notRun("stopped")
      if idleScenes == Self.mostIdleScenes {
        outcome = .notRun("the agent did nothing \(idleScenes) times")
      } else if !shouldStop() {
        // An agent that was stopped in the middle has proved nothing.
        let found = Result { try self.outcome(of: check, index, &idleScenes) }
        if !shouldStop() { outcome = try found.get() }
      }
      results.append(
        CheckResult(
          clause: check.clause, level: .agent, title: check.title, outcome: outcome, duration: since.duration(to: .now))
      )
      report(results[index])
    }
    return CheckSummary(
      command: ShellWords.quote(command), results: results, duration: start.duration(to: .now))
  }

  /// After this many scenes without a request there is no point in waiting for one.
  private static let mostIdleScenes = 3

  /// What an agent has left behind: how it ended if it has, and what it wrote to standard error.
  private struct Remains {
    var exit: ChildProcess.Exit?
    var words: [String] = []

    init(_ agent: ChildProcess) { (exit, words) = (agent.exit(), agent.lastErrorLines(5)) }
  }

  private func outcome(of check: AgentCheck, _ index: Int, _ idleScenes: inout Int) throws -> CheckResult.Outcome {
    let isStarter = command.contains { $0.contains("{}") }
    let (finding, remains) = isStarter ? try findingOfStarter(index) : try findingOfPeer(check)
    idleScenes = finding == .nothing ? idleScenes + 1 : 0
    switch finding {
    case .played: return .passed
    case .departed(let departure):
      let departure = departure.with(lastWords: remains.words)
      return departure.clause == check.clause ? .failed(departure) : .blocked(departure)
    case .nothing:
      let expected = check.scene.demand == .carriesOn ? "a hundred requests, or a goodbye after some steps" : "a step"
      let came = remains.exit.map { "the agent \($0)" } ?? "the agent did nothing for \(limit.seconds)"
      let departure = Departure(clause: check.clause, sent: "", expected: expected, came: came)
      return .failed(departure.with(lastWords: remains.words))
    }
  }

  /// The agent starts the server, which is this program once more, and which leaves what it finds in a file.
  private func findingOfStarter(_ index: Int) throws -> (AgentFindings.Finding, Remains) {
    let path = FileManager.default.temporaryDirectory.path + "/gymwire-scene-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let findings = AgentFindings(path: path)
    let server = "pgagent check --play \(index) --report \(path)"
    let scratch = ScratchDirectory(for: command)
    let words = (scratch?.complete(command) ?? command).map { $0.replacing("{}", with: server) }
    let agent = try ChildProcess(command: words)
    defer { agent.kill() }
    let start = ContinuousClock.now
    var lastWords: ContinuousClock.Instant?
    while start.duration(to: .now) < limit, !Interruption.isRequested {
      drain(agent)
      if agent.exit() != nil { break }
      switch findings.read() {
      case .departed: return (findings.read(), Remains(agent))
      case .nothing: break
      case .played:
        // It may still send what it should not.
        let since = lastWords ?? .now
        lastWords = since
        if since.duration(to: .now) > .seconds(1) { return (findings.read(), Remains(agent)) }
      }
    }
    return (findings.read(), Remains(agent))
  }

  /// Reads what the agent prints, so that it does not wait for a reader.
  private func drain(_ agent: ChildProcess) {
    guard agent.output.isReadable(within: .milliseconds(20)) else { return }
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      if (try? agent.output.read(into: buffer)) ?? 0 == 0 { _ = agent.exit(within: .milliseconds(20)) }
    }
  }

  /// The agent talks to this program over its own streams.
  private func findingOfPeer(_ check: AgentCheck) throws -> (AgentFindings.Finding, Remains) {
    let peer = try LinePeer(command: command)
    var host = AgentHost(check)
    do {
      while true {
        guard case .line(let line) = try peer.next(within: host.isPlayed ? .seconds(1) : limit) else { break }
        let (text, isLast) = try host.answer(line)
        _ = try peer.send(Array(text.utf8), times: 1, within: limit)
        if isLast || host.isOver { break }
      }
    } catch let departure as Departure {
      return (.departed(departure), Remains(peer.process))
    }
    if !host.isPlayed { _ = peer.process.exit(within: .seconds(1)) }
    return (host.isPlayed ? .played : .nothing, Remains(peer.process))
  }

  /// Serves one scene over standard input and output, which is what an agent starts in place of `{}`.
  ///
  /// - Parameters:
  ///   - index: the place of the scene among ``AgentChecks``.
  ///   - path: the file for what is found.
  public static func serve(_ index: Int, report path: String) throws {
    guard AgentChecks.all.indices.contains(index) else { return }
    let findings = AgentFindings(path: path)
    let output = try StandardStreams.secureProtocolOutput()
    let reader = LineReader(.standardInput)
    var host = AgentHost(AgentChecks.all[index])
    var wasPlayed = false
    while case .line(let line)? = try reader.next() {
      do {
        let (text, isLast) = try host.answer(Array(line))
        if host.isPlayed, !wasPlayed { findings.write(.played) }
        wasPlayed = host.isPlayed
        try output.writeAll(text)
        if isLast { return }
      } catch let departure as Departure {
        findings.write(.departed(departure))
        return
      }
    }
  }
}
