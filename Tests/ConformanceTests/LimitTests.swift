import Foundation
import Testing

/// What is beyond a limit is refused in a sentence, before anything is taken or waited for.
@Suite("Values beyond every limit")
struct LimitTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"

  @Test(
    "a time limit of centuries is no time limit",
    arguments: [
      "train --env-cmd x --step-timeout 1e300", "eval --env-cmd x --start-timeout 1e10",
      "check --env-cmd x --step-timeout 1e19",
      "check --agent-cmd x --agent-timeout 1e300", "replay x --step-timeout 1e300",
    ])
  func timeLimits(words: String) throws {
    let (status, output) = try Shell.run("\(agent) \(words)")
    #expect(status == 2 && output.contains("but must be above 0 and at most 1000000000"), "\(output)")
  }

  @Test(
    "a transcript cannot ask for more bytes than anybody wants",
    arguments: [
      (#">> -1 "x""#, "no integer from 1 to"), (#">> 0 "x""#, "no integer from 1 to"),
      (#">> 9223372036854775807 """#, "no integer from 1 to"),
      (#">> 99999999999999999999 "x""#, "no integer from 1 to"),
      (#">> 1 2 "x""#, "no integer from 1 to"), (#">> 1000000000 "xxxxx""#, "more than 4294967296 bytes"),
    ])
  func transcripts(line: String, sentence: String) throws {
    try Shell.withDirectory { directory in
      try "$ cat\n\(line)\n! end\n".write(toFile: directory + "/said.txt", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run("\(agent) replay said.txt", in: directory)
      #expect(
        status == 2 && output.contains("said.txt:2 is no line of a transcript") && output.contains(sentence),
        "\(output)")
    }
  }

  @Test(
    "a file that is too large is not read first", arguments: ["serve x", "eval --env-cmd y --policy x", "replay x"])
  func largeFiles(words: String) throws {
    try Shell.withDirectory { directory in
      let start = ContinuousClock.now
      let (status, output) = try Shell.run(
        "dd if=/dev/zero of=x bs=1 count=0 seek=20000000000 2>/dev/null; \(agent) \(words)", in: directory)
      #expect(
        status == 2 && output.contains("x cannot be read; give") && output.contains("it has 20000000000 bytes"),
        "\(output)")
      #expect(start.duration(to: .now) < .seconds(10))
    }
  }

  @Test("as many processes run as the hard limit of open files allows, and otherwise a sentence says what is missing")
  func openFiles() throws {
    try Shell.withDirectory { directory in
      let run = "--env-cmd cartpole-server --env-procs 30 --num-envs 30 --epochs 1 --steps-per-epoch 30 --min-horizon 1"
      let (status, output) = try Shell.run("ulimit -Sn 64; \(agent) \(run) --out a", in: directory)
      #expect(status == 0, "\(output)")
      let (refused, sentence) = try Shell.run("ulimit -n 64; \(agent) \(run) --out b", in: directory)
      #expect(refused == 1 && sentence.contains("30 processes of it need "), "\(sentence)")
      #expect(sentence.contains(" open files, and the system allows this program 64 (ulimit -Hn)"), "\(sentence)")
    }
  }

  @Test("a run whose file may grow no further says what is safe, and goes on once it may")
  func fileSize() throws {
    try Shell.withDirectory { directory in
      let run = "--env-cmd cartpole-server --steps-per-epoch 160 --hidden 8 --out run"
      // The metrics reach 64 kB after some 150 epochs.
      let (status, output) = try Shell.run("ulimit -f 128; \(agent) \(run) --epochs 300", in: directory)
      #expect(status == 1, "\(output)")
      #expect(
        output.contains("cannot write run/metrics.jsonl: File too large; the run is safe as it was last saved"),
        "\(output)")
      #expect(output.contains("go on with --resume run"), "\(output)")
      let (resumed, rest) = try Shell.run("\(agent) --resume run", in: directory)
      #expect(resumed == 0, "\(rest)")
    }
  }

  @Test("a replay that finds no room costs neither the policy nor what was saved before")
  func fileSizeOfReplay() throws {
    try Shell.withDirectory { directory in
      let run =
        "--env-cmd swingup-server --algo sac --learning-starts 100000 --steps-per-epoch 500 --epochs 10 --num-envs 2 "
        + "--hidden 8 --out run"
      // The replay of the whole run takes 145 kB, and everything else a few.
      let (status, output) = try Shell.run("ulimit -f 64; \(agent) \(run)", in: directory)
      #expect(status == 1, "\(output)")
      #expect(output.contains(".part: File too large; the run is safe as it was last saved"), "\(output)")
      let policy = try String(contentsOfFile: directory + "/run/policy.json", encoding: .utf8)
      #expect(policy.contains(#""environment_steps":5000"#), "\(policy.prefix(300))")
      let (resumed, rest) = try Shell.run("\(agent) --resume run", in: directory)
      #expect(resumed == 0, "\(rest)")
    }
  }

  @Test("a run whose directory vanishes ends with a sentence")
  func vanished() throws {
    try Shell.withDirectory { directory in
      let run = try StartedCommand("\(agent) --env-cmd cartpole-server --epochs 1000000 --out run", in: directory)
      #expect(run.holds(directory + "/run"), "\(run.output)")
      // The run may write a file just as its directory is emptied.
      #expect(eventually { (try? FileManager.default.removeItem(atPath: directory + "/run")) != nil })
      let status = try #require(run.process.exit(within: .seconds(60)), "\(run.output)")
      let output = run.output
      #expect(status == .status(1), "\(output)")
      #expect(output.contains("No such file or directory; the run's directory or its checkpoint is gone"), "\(output)")
    }
  }

  @Test("waiting asleep changes no result")
  func idleProcessor() throws {
    try Shell.withDirectory { directory in
      for use in ["high", "low"] {
        let (status, output) = try Shell.run(
          "\(agent) --env-cmd cartpole-server --epochs 3 --idle-cpu \(use) --out \(use)", in: directory)
        #expect(status == 0, "\(output)")
      }
      #expect(
        FileManager.default.contentsEqual(
          atPath: directory + "/high/policy.json", andPath: directory + "/low/policy.json"))
    }
  }
}
