import Foundation
import GymwireIO
import Testing

/// A run's directory has one writer, and nothing that was learned is lost to another run.
@Suite("The directory of a run")
struct RunDirectoryTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let quick = "--env-cmd cartpole-server --epochs 3 --steps-per-epoch 320 --hidden 8"
  private let endless = "--env-cmd cartpole-server --epochs 1000000 --steps-per-epoch 320 --hidden 8"

  private func entries(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  /// Runs a script in which a shell waits for what it has started; for that it needs the signals that a thread of the
  /// tests has blocked, and that a child process of the project gets back.
  private func shell(_ script: String, in directory: String) throws -> String {
    let child = try ChildProcess(command: ["sh", "-c", "cd '\(directory)' && { \(script); } 2>&1"])
    child.closeInput()
    var (output, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
    while true {
      let count = try buffer.withUnsafeMutableBytes { try child.output.read(into: $0) }
      if count == 0 { return String(decoding: output, as: UTF8.self) }
      output += buffer[..<count]
    }
  }

  /// A run that goes on until it is killed, and has written metrics already.
  private func startEndless(_ path: String) throws -> ChildProcess {
    let run = try ChildProcess(
      command: [BuiltProgram.path("pgagent")] + endless.split(separator: " ").map(String.init) + ["--out", path])
    try #require(
      eventually(within: 30) { (try? Data(contentsOf: URL(fileURLWithPath: path + "/metrics.jsonl")).count) ?? 0 > 0 })
    return run
  }

  @Test("four runs that begin at the same moment without --out get a directory each")
  func sameMoment() throws {
    try Shell.withDirectory { directory in
      let output = try shell(
        "for i in 1 2 3 4; do { \(agent) \(quick) > $i.txt 2>&1; echo $? >> status; } & done; wait; cat status *.txt",
        in: directory)
      #expect(output.hasPrefix("0\n0\n0\n0\n"), "\(output)")
      let runs = try entries(directory + "/runs")
      let name = "CartPole-v1-ppo-0"
      #expect(runs == [name, name + "-2", name + "-3", name + "-4"])
      for run in runs {
        let metrics = try String(contentsOfFile: "\(directory)/runs/\(run)/metrics.jsonl", encoding: .utf8)
        #expect(metrics.split(separator: "\n").count == 3, "\(run)")
      }
      for run in runs.dropFirst() {
        #expect(
          FileManager.default.contentsEqual(
            atPath: "\(directory)/runs/\(name)/policy.json", andPath: "\(directory)/runs/\(run)/policy.json"))
      }
    }
  }

  @Test("of several runs with one --out, one goes on and the others are told that it is in use")
  func sameName() throws {
    try Shell.withDirectory { directory in
      // The environment waits until two have ended, so that the first one has written nothing yet when they look.
      let waiting = "\"sh -c 'until [ \\$(wc -l < status) = 2 ]; do sleep 0.1; done; exec cartpole-server'\""
      let slow = quick.replacing("cartpole-server", with: waiting) + " --start-timeout 60"
      let output = try shell(
        ": > status; for i in 1 2 3; do { \(agent) \(slow) --out run > $i.txt 2>&1; echo $? >> status; } & done; wait; "
          + "sort status; cat *.txt", in: directory)
      #expect(output.hasPrefix("0\n2\n2\n"), "\(output)")
      #expect(output.components(separatedBy: "in use by another run, process ").count == 3, "\(output)")
    }
  }

  @Test("a run that is at work cannot be resumed beside it, and can be after its sudden end", .timeLimit(.minutes(20)))
  func besideItself() throws {
    try Shell.withDirectory { directory in
      let run = try startEndless(directory + "/run")
      for words in ["--resume run", "\(quick) --out run"] {
        let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
        #expect(status == 2, "\(output)")
        #expect(output.contains("in use by another run, process \(run.processIdentifier) on "), "\(output)")
      }
      kill(run.processIdentifier, SIGKILL)
      #expect(run.exit(within: .seconds(20)) == .signal(SIGKILL))
      let both = try [1, 2].map { _ in try StartedCommand("\(agent) --resume run", in: directory) }
      #expect(eventually(within: 60) { both.contains { $0.process.exit() != nil } })
      let refused = try #require(both.first { $0.process.exit() != nil })
      let other = try #require(both.first { $0.process.exit() == nil }, "both were refused: \(refused.output)")
      #expect(refused.output.contains("in use by another run"), "\(refused.output)")
      #expect(other.holds(directory + "/run"), "\(other.output)")
      let (_, output) = try other.end(with: SIGINT)
      #expect(output.contains("go on with --resume run"), "\(output)")
    }
  }

  @Test("a run that is killed before its first epoch is over can be resumed")
  func beforeFirstEpoch() throws {
    try Shell.withDirectory { directory in
      let run = try ChildProcess(
        command: [
          BuiltProgram.path("pgagent"), "--env-cmd", "cartpole-server", "--steps-per-epoch", "4000000", "--out",
          directory + "/run",
        ])
      #expect(eventually { FileManager.default.fileExists(atPath: directory + "/run/checkpoint.json") })
      kill(run.processIdentifier, SIGKILL)
      _ = run.exit(within: .seconds(20))
      let resumed = try StartedCommand("\(agent) --resume run", in: directory)
      #expect(resumed.holds(directory + "/run"), "\(resumed.output)")
      let (status, output) = try resumed.end(with: SIGINT)
      #expect(status == .status(128 + SIGINT), "\(output)")
      #expect(output.contains("stopped by SIGINT"), "\(output)")
    }
  }

  @Test(
    "a run without a checkpoint is not begun anew over what it has learned",
    arguments: ["metrics.jsonl", "policy.json", "best-policy.json"])
  func noCheckpoint(left file: String) throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run("\(agent) \(quick) --eval-interval 1 --out run", in: directory)
      try #require(status == 0, "\(output)")
      for name in try entries(directory + "/run") where !["config.json", file].contains(name) {
        try FileManager.default.removeItem(atPath: "\(directory)/run/\(name)")
      }
      let before = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/run/\(file)"))
      let (refused, sentence) = try Shell.run("\(agent) --resume run", in: directory)
      #expect(refused == 2)
      #expect(
        sentence.contains("there is no checkpoint.json, and to begin anew would lose its \(file)"), "\(sentence)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/run/\(file)")) == before)
    }
  }

  @Test(
    "a directory with anything that was learned is no place for a new run",
    arguments: ["policy.json", "best-policy.json", "checkpoint.json", "metrics.jsonl"])
  func somebodyElses(file: String) throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "mkdir run && echo 1 > run/\(file) && \(agent) \(quick) --out run", in: directory)
      #expect(status == 2 && output.contains("--out run holds a run already, with its \(file)"), "\(output)")
      #expect(try String(contentsOfFile: "\(directory)/run/\(file)", encoding: .utf8) == "1\n")
    }
  }

  @Test("a damaged file is named, with what to do")
  func damaged() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(agent) \(quick) --out run && for f in checkpoint policy; do head -c 300 run/$f.json > x; mv x run/$f.json; done",
        in: directory)
      try #require(status == 0, "\(output)")
      for (words, sentence) in [
        (
          "--resume run", "run/checkpoint.json: The checkpoint cannot be used: it is not valid JSON, or it was cut off."
        ),
        ("serve run/policy.json", "run/policy.json: The policy file cannot be used: "),
        ("learn --policy run/policy.json", "run/policy.json: The policy file cannot be used: "),
      ] {
        let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
        #expect(status == 1 && output.contains(sentence), "\(output)")
      }
    }
  }

  @Test("a run that never began leaves no directory, and takes none that was there")
  func neverBegan() throws {
    try Shell.withDirectory { directory in
      let (status, _) = try Shell.run(
        "\(agent) --env-cmd false --out a/b; mkdir c; \(agent) --env-cmd false --out c", in: directory)
      #expect(status == 1)
      #expect(try entries(directory + "/a").isEmpty)
      #expect(try entries(directory + "/c").allSatisfy { $0.hasPrefix(".") })
    }
  }

  @Test("a run that a signal ends before it has begun leaves nothing of the directory that was made for it")
  func stoppedBeforeItBegan() throws {
    try Shell.withDirectory { directory in
      // So large a network is not made before the signal comes.
      let run = try StartedCommand(
        "\(agent) --env-cmd cartpole-server --hidden 2048,2048,2048 --out run", in: directory)
      #expect(eventually(within: 60) { FileManager.default.fileExists(atPath: directory + "/run/.lock") })
      let (status, output) = try run.end(with: SIGINT)
      #expect(status == .status(128 + SIGINT), "\(output)")
      let left = try? entries(directory + "/run")
      #expect(left?.contains("config.json") ?? true, "\(output)")
    }
  }

  @Test("two learners cannot have one directory either", .timeLimit(.minutes(20)))
  func learners() throws {
    try Shell.withDirectory { directory in
      let run = directory + "/run"
      let first = try LearnerProcess(["--out", run])
      for words in ["--out", "--resume"] {
        let (status, output) = try Shell.run("\(agent) learn \(words) run < /dev/null", in: directory)
        #expect(status == 2 && output.contains("in use by another run"), "\(output)")
      }
      // It has learned nothing yet, and all that it began with is there.
      kill(try #require(first.connection.process).processIdentifier, SIGKILL)
      _ = first.connection.process?.exit(within: .seconds(20))
      let again = try LearnerProcess(["--resume", run], spaces: false)
      #expect(try again.close() == .status(0))
    }
  }
}
