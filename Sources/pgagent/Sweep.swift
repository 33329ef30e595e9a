import CommandLineOptions
import GymwireIO

/// Many runs of `pgagent train`, each in a process and a directory of its own, some of them at the same time.
///
/// A run is the one that its command line would give alone, to the byte. One that fails stops no other.
final class Sweep {
  private let claim: RunClaim
  private var runs: [SweepRun]
  private let jobs: Int
  private let arguments: Arguments
  private var table: SweepTable
  private let start = ContinuousClock.now
  private var isStopping = false

  private init(_ claim: RunClaim, _ runs: [SweepRun], _ arguments: Arguments) {
    (self.claim, self.runs, self.arguments) = (claim, runs, arguments)
    jobs = arguments[SweepOptions.jobs] ?? Processors.available + 2
    table = SweepTable(runs)
  }

  /// Begins the runs that the command line asks for.
  static func begin(_ arguments: Arguments) throws -> Int32 {
    let runs = try SweepOptions.runs(arguments)
    // One sentence now is better than the same one from each run; workers may find the program elsewhere.
    if !arguments.isGiven(WorkerOptions.command) {
      try EnvironmentOptions(arguments, isNeeded: false).requireProgram()
    }
    let claim =
      try arguments[TrainCommand.directory].map { (path) throws(UsageError) in try RunClaim.new(path) }
      ?? .numbered("runs/sweep")
    try SweepRecord(runs).write(to: claim.path)
    claim.begin()
    return try Sweep(claim, runs, arguments).finish()
  }

  /// Goes on with the runs of a sweep that have not come to their end.
  static func resume(_ path: String, _ arguments: Arguments) throws -> Int32 {
    let record = try SweepRecord.read(from: path)
    guard arguments.words(without: [TrainCommand.resumed, SweepOptions.jobs, TrainCommand.report]).isEmpty else {
      throw UsageError.conflict(
        "--resume \(path) goes on with all runs of a sweep as they are: give --jobs and --report alone with it")
    }
    return try Sweep(RunClaim.taken(path), record.runs, arguments).finish()
  }

  /// Runs them all, and returns the exit status: 0 where each has come to its end.
  private func finish() throws -> Int32 {
    while !runs.allSatisfy(\.isOver) {
      if Interruption.isRequested { stop() }
      let running = runs.indices.filter { if case .running = runs[$0].state { true } else { false } }
      if !isStopping {
        for index in runs.indices.filter({ if case .waiting = runs[$0].state { true } else { false } })
          .prefix(max(0, jobs - running.count))
        {
          begin(index)
        }
      }
      var children: [ChildProcess] = []
      for index in runs.indices {
        guard case .running(let child, let since) = runs[index].state else { continue }
        runs[index].look(in: claim.path)
        if let exit = child.exit() { end(index, child, exit, since) } else { children.append(child) }
      }
      table.show(runs)
      ChildProcess.waitForOne(of: children, limit: .milliseconds(100))
    }
    table.finish(runs, seconds: start.duration(to: .now) / .seconds(1))
    let status = sayHowItEnded()
    try writeReport()
    return status
  }

  private func begin(_ index: Int) {
    let directory = "\(claim.path)/\(runs[index].name)"
    let words = RunClaim.holdsRun(directory) ? ["--resume=\(directory)"] : runs[index].words + ["--out=\(directory)"]
    do throws(ChildProcessError) {
      runs[index].state = .running(try ChildProcess(command: ["pgagent", "train"] + words), since: .now)
    } catch {
      runs[index].state = .failed("\(error)")
    }
  }

  private func end(_ index: Int, _ child: ChildProcess, _ exit: ChildProcess.Exit, _ since: ContinuousClock.Instant) {
    child.terminate()
    let lines = child.lastErrorLines()
    for warning in lines where warning.hasPrefix("warning: ") { table.say("\(runs[index].name): \(warning)") }
    switch exit {
    case .status(0): runs[index].state = .done(seconds: since.duration(to: .now) / .seconds(1))
    case _ where isStopping: runs[index].state = .stopped
    default:
      runs[index].state = .failed(Self.reason(lines) ?? "it \(exit)")
    }
  }

  /// What a run has said last, from the name of the program on.
  private static func reason(_ lines: [String]) -> String? {
    guard let first = lines.lastIndex(where: { $0.hasPrefix("pgagent") }) else { return nil }
    return lines[first...].joined(separator: "\n")
  }

  /// Asks what runs to save and end, and begins nothing more.
  private func stop() {
    guard !isStopping else { return }
    isStopping = true
    for index in runs.indices {
      switch runs[index].state {
      case .running(let child, _): child.askToStop()
      case .waiting: runs[index].state = .stopped
      case .done, .failed, .stopped: break
      }
    }
  }

  /// One report about all runs that have come to their end, if it is wished for.
  private func writeReport() throws {
    let ended = runs.filter { if case .done = $0.state { true } else { false } }.map { "\(claim.path)/\($0.name)" }
    guard arguments[TrainCommand.report], !isStopping, !ended.isEmpty else { return }
    try ReportCommand.write(
      ended, to: claim.path + "/report.html", episodes: ReportCommand.standardEpisodes, arguments)
  }

  private func sayHowItEnded() -> Int32 {
    var failures = 0
    for run in runs {
      guard case .failed(let sentence) = run.state else { continue }
      failures += 1
      StandardStreams.report("\(run.name) failed. \(sentence)")
    }
    if isStopping {
      StandardStreams.report(
        "stopped by \(Interruption.signalName ?? "a signal"); go on with --resume \(claim.path)")
      return Interruption.exitStatus
    }
    if failures > 0 {
      StandardStreams.report(
        "\(failures) of \(runs.count) runs failed; once that is mended, go on with --resume \(claim.path)")
    }
    StandardStreams.report("the runs are in \(claim.path)")
    return failures > 0 ? 1 : 0
  }
}
