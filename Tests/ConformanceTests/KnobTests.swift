import Environments
import Foundation
import Gymwire
import GymwireIO
import TestSupport
import Testing

/// Options, curricula and figures of the environment's own, through the wire.
@Suite("Environments with knobs", .enabled(if: Misbehaving.isPossible), .timeLimit(.minutes(20)))
struct KnobTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"
  private static let server = "python3 '\(repositoryRoot)/Tests/ConformanceTests/Fixtures/knobs.py'"
  private static let small = "--hidden 8 --steps-per-epoch 480 --num-envs 4"

  private func run(_ words: String, _ log: String = "log", in directory: String) throws -> String {
    let (status, output) = try Shell.run("\(Self.agent) --env-cmd \"\(Self.server) \(log)\" \(words)", in: directory)
    try #require(status == 0, "\(output)")
    return output
  }

  /// What the server has written down of each episode: its options, its info at the end, and its length.
  private func episodes(_ path: String) throws -> [(options: [String: Double], info: [String: Any], length: Double)] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
      let list = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
      guard let list, let options = list[0] as? [String: Double], let info = list[1] as? [String: Any] else {
        return nil
      }
      return (options, info, (list[2] as? Double) ?? 0)
    }
  }

  private func rows(_ path: String) throws -> [[String: Any]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    }
  }

  @Test(
    "every episode is reset with options drawn from the run's seed, in a batch too: SPEC 12.7, 6.4",
    arguments: ["", " --env-procs 4"])
  func drawnOptions(processes: String) throws {
    try Shell.withDirectory { directory in
      let options = #"--options '{"length":{"uniform":[0.4,0.6]},"gravity":{"choice":[9,10]}}'"#
      for name in ["a", "b"] {
        _ = try run("\(Self.small)\(processes) --epochs 2 \(options) --out \(name)", "\(name).log", in: directory)
      }
      // Whoever looks at the run sees such episodes too.
      let (status, output) = try Shell.run("mv a.log trained.log; \(Self.agent) watch a", in: directory)
      #expect(status == 0, "\(output)")
      let watched = try episodes(directory + "/a.log").compactMap { $0.options["length"] }
      #expect(watched.count == 1 && watched.allSatisfy { $0 >= 0.4 && $0 < 0.6 }, "\(watched)")
      let drawn = try episodes(directory + "/trained.log").map(\.options)
      #expect(drawn.count > 20)
      let lengths = drawn.compactMap { $0["length"] }
      #expect(lengths.allSatisfy { $0 >= 0.4 && $0 < 0.6 })
      #expect(Set(lengths).count == drawn.count, "no episode without a draw of its own")
      #expect(Set(drawn.map { $0["gravity"] ?? 0 }) == [9, 10])
      #expect(
        FileManager.default.contentsEqual(atPath: directory + "/a/policy.json", andPath: directory + "/b/policy.json"))
    }
  }

  @Test("a curriculum goes from lesson to lesson, is in the metrics, and goes on with the same bytes after kill -9")
  func curriculum() throws {
    try Shell.withDirectory { directory in
      let lessons = """
        {"lessons":[{"options":{"length":0.7},"next":{"steps":900}},
                    {"options":{"length":0.6},"next":{"mean_length":10,"episodes":20,"steps":1500}},
                    {"options":{"length":{"uniform":[0.4,0.5]}}}]}
        """
      try lessons.write(toFile: directory + "/lessons.json", atomically: true, encoding: .utf8)
      let words = "\(Self.small) --epochs 12 --curriculum lessons.json"
      for name in ["a", "b"] {
        let output = try run("\(words) --out \(name)", "\(name).log", in: directory)
        #expect(output.contains("lesson 3"), "\(output)")
      }
      let numbers = try rows(directory + "/a/metrics.jsonl").compactMap { $0["lesson"] as? Double }
      #expect(numbers.count == 12 && numbers == numbers.sorted(), "\(numbers)")
      #expect(Set(numbers) == [1, 2, 3], "\(numbers)")
      let lengths = try episodes(directory + "/a.log").compactMap { $0.options["length"] }
      let longOnes = Set(lengths.filter { $0 > 0.5 })
      #expect(longOnes == [0.7, 0.6])
      #expect(lengths.contains { $0 < 0.5 })
      #expect(
        FileManager.default.contentsEqual(atPath: directory + "/a/policy.json", andPath: directory + "/b/policy.json"))
      // Killed in the second lesson: whoever goes on from there comes to the same end.
      let child = try ChildProcess(command: [
        "sh", "-c",
        "cd '\(directory)' && exec \(Self.agent) --env-cmd \"\(Self.server)\" \(words) --out killed",
      ])
      #expect(
        eventually(within: 60) {
          let metrics = (try? self.rows(directory + "/killed/metrics.jsonl")) ?? []
          return metrics.contains { $0["lesson"] as? Double == 2 }
        })
      kill(child.processIdentifier, SIGKILL)
      _ = child.exit(within: .seconds(20))
      for name in ["killed", "again"] {
        let (status, output) = try Shell.run(
          "test -e again || cp -R killed again; \(Self.agent) --resume \(name)", in: directory)
        try #require(status == 0, "\(output)")
      }
      #expect(
        FileManager.default.contentsEqual(
          atPath: directory + "/killed/policy.json", andPath: directory + "/again/policy.json"))
    }
  }

  @Test("numbers of the info are counted as by hand, batched and not: SPEC 11.9", arguments: ["", " --env-procs 4"])
  func information(processes: String) throws {
    try Shell.withDirectory { directory in
      let output = try run(
        "\(Self.small)\(processes) --epochs 3 --log-info success,distance,distance:mean,absent --out a", in: directory)
      #expect(output.contains("distance:mean 0."), "\(output)")
      #expect(output.contains("has told a number absent in its info"), "\(output)")
      let metrics = try rows(directory + "/a/metrics.jsonl")
      #expect(metrics.count == 3)
      for row in metrics {
        #expect(row["info_absent"] is NSNull)
        #expect(row["info_distance:mean"] is Double)
      }
      func sum(_ column: String) -> Double {
        metrics.reduce(0) { sum, row in
          let episodes = (row["episodes"] as? Double) ?? 0
          return episodes > 0 ? sum + episodes * ((row[column] as? Double) ?? .nan) : sum
        }
      }
      let ended = try episodes(directory + "/log")
      let (successes, distances) = (sum("info_success"), sum("info_distance"))
      let expectedSuccesses = Double(ended.filter { $0.info["success"] as? Bool == true }.count)
      let expectedDistances = ended.compactMap { $0.info["distance"] as? Double }.reduce(0, +)
      #expect(expectedSuccesses > 0)
      #expect(abs(successes - expectedSuccesses) < 1e-6)
      #expect(abs(distances - expectedDistances) < 1e-6)
    }
  }

  @Test(
    "a figure that the swing-up tells of each episode is followed, and is what was seen: SPEC 11.9",
    arguments: ["--num-envs 1", "--num-envs 4"])
  func upright(count: String) throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(Self.agent) --env-cmd swingup-server --hidden 8 --epochs 2 --steps-per-epoch 4000 \(count) "
          + #"--options '{"state":[0,0,{"uniform":[-0.3,0.3]},0]}' --log-info upright --record said.txt --out a"#,
        in: directory)
      try #require(status == 0 && output.contains("upright 0."), "\(output)")
      let parts = try Self.uprightParts(in: directory + "/said.txt")
      #expect(parts.count > 5 && Set(parts).count > 5)
      let sums = try rows(directory + "/a/metrics.jsonl").map { row in
        let episodes = row["episodes"] as? Double ?? .nan
        return episodes > 0 ? episodes * (row["info_upright"] as? Double ?? .nan) : 0
      }
      #expect(abs(sums.reduce(0, +) - parts.reduce(0, +)) < 1e-6, "\(sums) \(parts)")
    }
  }

  /// Of every episode in a transcript that has ended, the part of its steps whose observation has a cosine above 0.9.
  private static func uprightParts(in path: String) throws -> [Double] {
    let conversation = RecordedConversation()
    var counts: [Int: (steps: Double, upright: Double)] = [:]
    var parts: [Double] = []
    for (index, line) in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").enumerated() {
      guard line.hasPrefix("< ") else {
        if line.hasPrefix("> ") {
          try Array(line.utf8.dropFirst(2)).withUnsafeBytes { try conversation.read(request: $0, at: index) }
        }
        continue
      }
      let event = try Array(line.utf8.dropFirst(2)).withUnsafeBytes { try conversation.read(reply: $0, at: index) }
      if case .begun(let rows) = event { for row in rows { counts[row] = nil } }
      guard event == .stepped else { continue }
      let outcome = conversation.outcome
      for row in 0..<outcome.count {
        let seen = outcome.hasEnded(row) ? outcome.finalObservations : outcome.observations
        let cosine = try seen.numbers(ofRows: 0..<outcome.count, width: 5, as: Float.self)[5 * row + 2]
        var count = counts[row] ?? (0, 0)
        count = (count.steps + 1, count.upright + (cosine > 0.9 ? 1 : 0))
        counts[row] = outcome.hasEnded(row) ? nil : count
        if outcome.hasEnded(row) { parts.append(count.upright / count.steps) }
      }
    }
    return parts
  }

  @Test("the best policy of the evaluations is chosen by a number of the info")
  func criterion() throws {
    try Shell.withDirectory { directory in
      let output = try run(
        "\(Self.small) --epochs 3 --log-info success --eval-interval 1 --eval-episodes 5 --best-by success --out a",
        in: directory)
      #expect(output.contains("best policy, with a success of "), "\(output)")
      let evaluations = try rows(directory + "/a/evaluations.jsonl")
      let successes = evaluations.compactMap { ($0["info"] as? [String: Double])?["success"] }
      #expect(successes.count == 3)
      // The first of those with the greatest success.
      let best = evaluations[successes.firstIndex(of: successes.max() ?? 0) ?? 0]["steps"] as? Int
      let policy = try String(contentsOfFile: directory + "/a/best-policy.json", encoding: .utf8)
      #expect(policy.contains("\"environment_steps\":\(best ?? -1)"), "\(successes)")
    }
  }

  @Test("an evaluation tells them too, and scores each point of a grid")
  func evaluationGrid() throws {
    let policy = try TrainedPolicy.cartPole.get()
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(Self.agent) eval --env-cmd \"\(Self.server) log\" --policy '\(policy)' --num-envs 1 "
          + #"--episodes 5 --log-info success,distance --options '{"length":{"grid":[0.5,4]}}' --json"#, in: directory)
      try #require(status == 0, "\(output)")
      let lines = try output.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      #expect(lines.count == 2)
      let played = try episodes(directory + "/log")
      for (line, length) in zip(lines, [0.5, 4]) {
        #expect((line["options"] as? [String: Double]) == ["length": length])
        let these = played.filter { $0.options["length"] == length }
        #expect(these.count == 5)
        let distance = these.compactMap { $0.info["distance"] as? Double }.reduce(0, +) / 5
        let successes = Double(these.filter { $0.info["success"] as? Bool == true }.count)
        #expect(abs((line["info_distance"] as? Double ?? .nan) - distance) < 1e-9)
        #expect(line["info_success"] as? Double == successes / 5)
      }
    }
  }

  @Test("options that a server does not know are told of, with those that it has declared: SPEC 11.3, 11.6")
  func unknownOptions() throws {
    try Shell.withDirectory { directory in
      let short = "--hidden 8 --epochs 1 --steps-per-epoch 64"
      let lessons = #"{"lessons":[{"options":{"nosuch":1,"high":0.1},"next":{"steps":10}},{"options":{"wnd":1}}]}"#
      try lessons.write(toFile: directory + "/lessons.json", atomically: true, encoding: .utf8)
      let takes = "warning: the environment's server takes low, high, state, and ignores the option"
      for (index, (words, sentence)) in [
        ("--options '{\"nosuch\":1}'", "\(takes) nosuch\n"),
        ("--options '{\"nosuch\":1}' --env-procs 2 --wait first:1", "\(takes) nosuch\n"),
        ("--curriculum lessons.json", "\(takes)s nosuch, wnd\n"),
      ].enumerated() {
        let (status, output) = try Shell.run(
          "\(Self.agent) --env-cmd cartpole-server \(short) \(words) --out run-\(index)", in: directory)
        #expect(status == 0 && output.components(separatedBy: sentence).count == 2, "\(output)")
      }
      let (_, resumed) = try Shell.run("\(Self.agent) --resume run-0 --epochs 2", in: directory)
      #expect(resumed.contains("\(takes) nosuch\n"), "\(resumed)")
      let (_, evaluated) = try Shell.run(
        "\(Self.agent) eval run-0 --episodes 1 --options '{\"lo\":1,\"low\":0}'", in: directory)
      #expect(evaluated.contains("\(takes) lo\n"), "\(evaluated)")
      // Those that it knows are nothing to speak of, and neither are those of a server that declares none.
      let (_, known) = try Shell.run(
        "\(Self.agent) --env-cmd cartpole-server \(short) --options '{\"high\":0.1}' --out known", in: directory)
      #expect(!known.contains("ignores"), "\(known)")
      let silent = try run("\(short) --options '{\"nosuch\":1}' --out silent", in: directory)
      #expect(!silent.contains("ignores"), "\(silent)")
    }
  }

  @Test("options that cannot be used are refused with a sentence, before or by the server")
  func refusals() throws {
    try Shell.withDirectory { directory in
      let cases = [
        ("--options '{\"a\":{\"uniform\":[1]}}'", "--options cannot be used: uniform at a needs a list of two numbers"),
        ("--options '{\"length\":-1}'", "bad_options: the pole needs a length"),
        ("--options '{}' --curriculum x.json", "give one of them"),
        ("--curriculum x.json", "x.json"), ("--log-info a:most", "\"a:most\" is not a name"),
        ("--best-by success", "--best-by success needs --log-info success"),
        ("--make-kwargs '{}'", "--make-kwargs goes with --gym"),
      ]
      for (index, (words, sentence)) in cases.enumerated() {
        let (status, output) = try Shell.run(
          "\(Self.agent) --env-cmd \"\(Self.server)\" \(words) --out run-\(index)", in: directory)
        #expect(status != 0 && output.contains(sentence), "\(words): \(output)")
      }
    }
  }
}
