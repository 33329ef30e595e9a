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
    for (index, check) in AgentChecks.all.enumerated() {
      let since = ContinuousClock.now
      var outcome = CheckResult.Outcome.notRun("stopped")
      if !shouldStop() {
        // An agent that was stopped in the middle has proved nothing.
        let found = Result { try self.outcome(of: check, index) }
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

  private func outcome(of check: AgentCheck, _ index: Int) throws -> CheckResult.Outcome {
    let isStarter = command.contains { $0.contains("{}") }
    let finding = isStarter ? try findingOfStarter(index) : try findingOfPeer(check)
    switch finding {
    case .played: return .passed
    case .departed(let departure): return departure.clause == check.clause ? .failed(departure) : .blocked(departure)
    case .nothing:
      let expected = check.scene.demand == .carriesOn ? "a hundred requests, or a goodbye after some steps" : "a step"
      return .failed(
        Departure(
          clause: check.clause, sent: "", expected: expected,
          came: "the agent ended, or did nothing for \(limit.seconds)"))
    }
  }

  /// The agent starts the server, which is this program once more, and which leaves what it finds in a file.
  private func findingOfStarter(_ index: Int) throws -> AgentFindings.Finding {
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
      case .departed: return findings.read()
      case .nothing: break
      case .played:
        // It may still send what it should not.
        let since = lastWords ?? .now
        lastWords = since
        if since.duration(to: .now) > .seconds(1) { return findings.read() }
      }
    }
    return findings.read()
  }

  /// Reads what the agent prints, so that it does not wait for a reader.
  private func drain(_ agent: ChildProcess) {
    guard agent.output.isReadable(within: .milliseconds(20)) else { return }
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      if (try? agent.output.read(into: buffer)) ?? 0 == 0 { _ = agent.exit(within: .milliseconds(20)) }
    }
  }

  /// The agent talks to this program over its own streams.
  private func findingOfPeer(_ check: AgentCheck) throws -> AgentFindings.Finding {
    let peer = try LinePeer(command: command)
    var host = AgentHost(check)
    do {
      while true {
        guard case .line(let line) = try peer.next(within: host.isPlayed ? .seconds(1) : limit) else { break }
        let (text, isLast) = try host.answer(line)
        _ = try peer.send(Array(text.utf8), times: 1, within: limit)
        if isLast || host.isPlayed && check.scene.demand == .carriesOn { break }
      }
    } catch let departure as Departure {
      return .departed(departure)
    }
    return host.isPlayed ? .played : .nothing
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
