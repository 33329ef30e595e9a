import Foundation
import GymwireIO
import JSONLines
import Testing

/// pgagent at work on a server, in a directory of the test's own.
private struct Agent {
  let process: ChildProcess
  let output: String

  init(on server: Misbehaving, _ arguments: [String] = []) throws {
    try self.init(command: server.command, in: server.directory, arguments)
  }

  init(command: [String], in directory: String, _ arguments: [String] = []) throws {
    output = directory + "/run"
    let words = command.map { "'\($0)'" }.joined(separator: " ")
    // What it tells goes to a file, since only the beginnings of its last lines are kept elsewhere.
    let redirection = ["sh", "-c", #"exec "$@" 2> "$0""#, directory + "/told"]
    process = try ChildProcess(
      command: redirection + [
        BuiltProgram.path("pgagent"), "--env-cmd", words, "--out", output, "--steps-per-epoch", "20",
      ] + arguments)
  }

  /// How it ended, at the latest after a minute.
  func exit() -> ChildProcess.Exit? { process.exit(within: .seconds(60)) }

  /// What it told, without its progress.
  var told: [String] {
    let text = (try? String(contentsOfFile: output.dropLast(3) + "told", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("epoch ") }
  }

  func signal(_ name: String) throws {
    let kill = try ChildProcess(command: ["sh", "-c", "kill -\(name) \(process.processIdentifier)"])
    #expect(kill.exit(within: .seconds(10)) == .status(0))
  }

  /// Lines of the metrics so far.
  var epochs: Int {
    (try? String(contentsOfFile: output + "/metrics.jsonl", encoding: .utf8))?.split(separator: "\n").count ?? 0
  }

  /// Whether there is a policy that can be read as JSON.
  func hasPolicy() -> Bool {
    guard let text = try? String(contentsOfFile: output + "/policy.json", encoding: .utf8) else { return false }
    return (try? JSONValue(parsing: text)) != nil
  }
}

/// What somebody sees who types `pgagent --env-cmd` and a command that goes wrong.
@Suite("pgagent on a server that misbehaves", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct AgentFaultTests {
  @Test("ends with one clear sentence and status 1, and leaves no process behind", arguments: Fault.all)
  func fault(fault: Fault) throws {
    let server = try Misbehaving(fault.mode)
    let option = fault.phase == "start-up" ? "--start-timeout" : "--step-timeout"
    let limits = fault.limit.map { [option, "\($0)"] } ?? []
    let agent = try Agent(on: server, limits)
    #expect(agent.exit() == .status(1))
    let text = agent.told.joined(separator: "\n")
    fault.check(text, server: server)
    #expect(agent.told.count { $0.hasPrefix("pgagent: ") } == 1, "\(text)")
    #expect(server.processes.count == 1 && server.isGone())
    #expect(agent.hasPolicy() == (fault.phase == "step"), "what there is to keep is kept")
  }

  @Test(
    "keeps what was learned when the server dies after some epochs",
    arguments: ["killed-in-step", "exits-in-step", "wrong-id", "nan-observation"])
  func keepsWhatWasLearned(mode: String) throws {
    let server = try Misbehaving(mode, atStep: 130)
    let agent = try Agent(on: server)
    #expect(agent.exit() == .status(1))
    #expect(agent.epochs >= 2)
    #expect(agent.hasPolicy())
    #expect(agent.told.contains { $0.contains("what was learned until now is in \(agent.output)/policy.json") })
    #expect(server.isGone())
  }

  @Test("works in spite of a banner, which it warns of", arguments: ["banner", "floods-stderr", "none"])
  func works(mode: String) throws {
    let server = try Misbehaving(mode)
    let agent = try Agent(on: server, ["--epochs", "2"])
    #expect(agent.exit() == .status(0))
    #expect(
      agent.told.contains {
        $0.hasPrefix("warning: misbehave.py has written a line to standard output that is not a reply")
      } == (mode == "banner"))
    #expect(agent.epochs == 2 && agent.hasPolicy())
    #expect(server.isGone())
  }

  @Test(
    "says which space it cannot use, of which process, and what it can",
    arguments: [("text-observations", "obs.report is a Text"), ("sequence-actions", "action is a Sequence")])
  func unusableSpace(mode: String, happening: String) throws {
    let server = try Misbehaving(mode)
    let agent = try Agent(on: server)
    #expect(agent.exit() == .status(1))
    let text = agent.told.joined(separator: "\n")
    #expect(text.contains("misbehave.py"), "\(text)")
    #expect(text.contains(happening), "\(text)")
    #expect(text.contains("pgagent learns from Box, Discrete, MultiBinary"), "\(text)")
    #expect(server.isGone())
  }

  @Test(
    "says what is wrong with a command that cannot be started",
    arguments: [
      (
        ["./no-such-server"],
        ["cannot start ./no-such-server", "there is no file ./no-such-server (in /", "check its path"]
      ),
      (
        ["no-such-server-anywhere", "--fast"],
        ["cannot start no-such-server-anywhere --fast", "no program no-such-server-anywhere in /", "check its name"]
      ),
      (["/"], ["cannot start /", "directory"]),
    ])
  func notThere(command: [String], words: [String]) throws {
    let place = try Misbehaving("none")
    let agent = try Agent(command: command, in: place.directory)
    #expect(agent.exit() == .status(2))
    let text = agent.told.joined(separator: "\n")
    #expect(agent.told.count == 2 && agent.told.last == "See pgagent train --help.", "\(text)")
    for word in words { #expect(text.contains(word), "\(text)") }
    #expect(!FileManager.default.fileExists(atPath: agent.output), "nothing was begun")
  }
}

/// What happens to a run, and to its server, when somebody ends it.
@Suite("pgagent that is told to stop", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct AgentInterruptionTests {
  @Test(
    "stops cleanly within a run, keeps the policy, and exits as the signal's shell would",
    arguments: [("INT", 130), ("TERM", 143)])
  func stops(signal: String, status: Int32) throws {
    let server = try Misbehaving("none")
    let agent = try Agent(on: server, ["--epochs", "1000000"])
    #expect(eventually(within: 60) { agent.epochs >= 2 })
    try agent.signal(signal)
    #expect(agent.exit() == .status(status))
    #expect(agent.told.contains { $0.hasPrefix("stopped by SIG\(signal) after ") })
    #expect(agent.hasPolicy())
    #expect(server.processes.count == 1 && server.isGone())
  }

  @Test("does not wait for a server that hangs: SPEC 3.9")
  func stopsWaiting() throws {
    let server = try Misbehaving("hangs-in-step", atStep: 300)
    let agent = try Agent(on: server, ["--epochs", "1000000", "--step-timeout", "1000"])
    #expect(eventually(within: 60) { agent.epochs >= 2 })
    usleep(300_000)
    try agent.signal("INT")
    #expect(agent.process.exit(within: .seconds(20)) == .status(130))
    #expect(agent.hasPolicy())
    #expect(server.isGone())
  }

  @Test("leaves servers that end by themselves when it is killed, and what it had written")
  func killed() throws {
    let server = try Misbehaving("none")
    let agent = try Agent(on: server, ["--epochs", "1000000", "--env-procs", "2"])
    #expect(eventually(within: 60) { agent.epochs >= 2 && server.processes.count == 2 })
    try agent.signal("KILL")
    #expect(agent.exit() == .signal(SIGKILL))
    #expect(server.isGone())
    #expect(agent.epochs >= 2)
  }
}
