import Foundation
import GymwireIO
import TestSupport
import Testing

/// `pgagent train --seeds` and `--grid`: many runs from one command line.
@Suite("Sweeps")
struct SweepTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"
  private static let short = "--env-cmd cartpole-server --epochs 3 --steps-per-epoch 320"

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test("every seed and every combination is the run that it would be alone, in a directory of its own")
  func product() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        """
        \(Self.agent) \(Self.short) --seed 5 --seeds 2 --grid pi-lr=1e-3,3e-3 --grid hidden=none --grid hidden=8,8 \
        --out all --report
        """, in: directory)
      #expect(status == 0, "\(output)")
      #expect(
        output.contains("8 of 8 runs done") && output.contains("2 runs with pi-lr=3e-3, hidden=8,8: mean return "))
      #expect(
        try names(directory + "/all")
          == ["1e-3", "3e-3"].flatMap { rate in
            ["8-8", "none"].flatMap { hidden in [5, 6].map { "pi-lr=\(rate)_hidden=\(hidden)_seed=\($0)" } }
          } + ["report.html", "sweep.json"], "\(output)")
      let report = try String(contentsOfFile: directory + "/all/report.html", encoding: .utf8)
      #expect(
        report.contains("<p>8 runs of ") && report.contains(", in 4 groups that differ in their settings</p>"),
        "one report is about all of them")
      let alone = try Shell.run(
        "\(Self.agent) \(Self.short) --seed 6 --pi-lr 3e-3 --hidden 8,8 --out one", in: directory)
      #expect(alone.status == 0)
      let policies = ["one", "all/pi-lr=3e-3_hidden=8-8_seed=6"].map {
        FileManager.default.contents(atPath: "\(directory)/\($0)/policy.json")
      }
      #expect(policies[0] != nil && policies[0] == policies[1])
    }
  }

  @Test("one that fails stops no other; the status and the summary say so, and going on runs what is missing")
  func failure() throws {
    try Shell.withDirectory { directory in
      // A server that refuses to start until somebody mends it.
      let server = """
        #!/bin/sh
        [ -e mended ] || [ "$1" = good ] || { echo 'no licence' >&2; exit 3; }
        exec cartpole-server

        """
      try server.write(toFile: directory + "/server", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        """
        chmod +x server; \(Self.agent) --epochs 2 --steps-per-epoch 64 --num-envs 1 \
        --grid 'env-cmd=./server good,./server bad' --seeds 2 --out all
        """, in: directory)
      #expect(status == 1)
      #expect(output.contains("2 of 4 runs done, 2 failed") && output.contains("_seed=1  2/2 "), "\(output)")
      #expect(output.contains("server-bad_seed=1 failed. pgagent: ./server bad (process "), "\(output)")
      #expect(output.contains("no licence"), "\(output)")
      #expect(output.contains("2 of 4 runs failed; once that is mended, go on with --resume all"), "\(output)")
      let resumed = try Shell.run("touch mended; \(Self.agent) --resume all --jobs 1", in: directory)
      #expect(resumed.status == 0 && resumed.output.contains("4 of 4 runs done"), "\(resumed.output)")
      #expect(try names(directory + "/all").count == 5)
    }
  }

  @Test(
    "a request to stop ends every run with what it has learned, and each can be gone on with", .timeLimit(.minutes(20)))
  func stopping() throws {
    try Shell.withDirectory { directory in
      let sweep = try ChildProcess(command: [
        BuiltProgram.path("pgagent"), "--env-cmd", "cartpole-server", "--epochs", "100000", "--seeds", "3", "--jobs",
        "2",
        "--out", directory + "/all",
      ])
      func lines(_ name: String) -> Int {
        let text = FileManager.default.contents(atPath: "\(directory)/all/\(name)/metrics.jsonl")
        return text.map { $0.count { $0 == 0x0A } } ?? 0
      }
      let limit = ContinuousClock.now + .seconds(120)
      while min(lines("seed=0"), lines("seed=1")) < 3, ContinuousClock.now < limit { usleep(20_000) }
      sweep.askToStop()
      #expect(sweep.exit(within: .seconds(120)) == .status(128 + SIGTERM), "\(sweep.lastErrorLines())")
      #expect(sweep.lastErrorLines().contains { $0.hasSuffix("go on with --resume \(directory)/all") })
      for name in ["seed=0", "seed=1"] {
        #expect(FileManager.default.fileExists(atPath: "\(directory)/all/\(name)/policy.json"))
        let checkpoint = try String(contentsOfFile: "\(directory)/all/\(name)/checkpoint.json", encoding: .utf8)
        #expect(!checkpoint.contains("\"epoch\":0,"))
      }
      // The third had not begun, and nothing runs any more.
      #expect(try names(directory + "/all") == ["seed=0", "seed=1", "sweep.json"])
      // The bracket keeps the shell from finding itself.
      #expect(try Shell.run("pgrep -f '[/]\(directory.dropFirst())'").status == 1)
    }
  }

  @Test(
    "what cannot be run is refused before anything has begun",
    arguments: [
      ("--grid pi-lr", "--grid pi-lr is not of the form NAME=VALUE,VALUE"),
      ("--grid pi-lr=1e-3,fast", "--pi-lr"),
      ("--grid pi-rate=1", "--pi-rate"),
      ("--grid out=a,b", "--out cannot be varied"),
      ("--pi-lr 1e-3 --grid pi-lr=1e-2", "both say what pi-lr is"),
      ("--seeds 2 --grid seed=1,2", "both say which seeds to run"),
      ("--seeds 2 --record x", "--record is for one run"),
      ("--seeds 0", "--seeds is 0, but must be from 1 to"),
      ("--jobs 2", "--jobs says how many runs go on at once"),
    ])
  func refusals(arguments: String, sentence: String) throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run("\(Self.agent) \(Self.short) \(arguments) --out all", in: directory)
      #expect(status == 2 && output.contains(sentence), "\(output)")
      #expect(try names(directory) == [])
    }
  }

  @Test("the example with Optuna finds settings, and its pruner cuts runs short", .timeLimit(.minutes(20)))
  func optuna() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        """
        '\(FormatReaders.python.get())' '\(repositoryRoot)/protocol/examples/search.py' 12 search \(Self.agent) \
        --env-cmd cartpole-server --epochs 8 --steps-per-epoch 640
        """, in: directory)
      #expect(status == 0, "\(output)")
      let pruned = try #require(output.firstMatch(of: /12 trials, (\d+) cut short/), "\(output)").output.1
      #expect(Int(pruned) ?? 0 > 0, "\(output)")
      #expect(output.contains("best: trial "), "\(output)")
      #expect(try names(directory + "/search").count { !$0.hasSuffix(".log") } == 12)
    }
  }
}
