import Foundation
import Testing

/// The files of a run are as little believed as a command line.
@Suite("Files of a run that somebody has changed")
struct ResumedFileTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"

  /// What pgagent says to a run in which something is replaced.
  private func resume(_ file: String, _ original: String, _ replacement: String) throws -> (
    status: Int32, output: String
  ) {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(Self.agent) --env-cmd cartpole-server --epochs 3 --eval-interval 2 --out a", in: directory)
      try #require(status == 0, "\(output)")
      let path = "\(directory)/a/\(file)"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let changed = try text.replacing(Regex(original), with: replacement)
      #expect(changed != text, "\(original) is not in \(text.prefix(600))")
      try changed.write(toFile: path, atomically: true, encoding: .utf8)
      return try Shell.run("\(Self.agent) --resume a", in: directory)
    }
  }

  @Test(
    "settings outside the ranges of the command line are refused in a sentence, before anything starts",
    arguments: [
      ("\"processCount\" : 1", "\"processCount\" : 3000", "processCount is 3000"),
      ("\"processCount\" : 1", "\"processCount\" : 9000000000000000000", "processCount is 9000000000000000000"),
      ("\"evaluationEpisodes\" : 20", "\"evaluationEpisodes\" : 9223372036854775807", "evaluationEpisodes is 9223"),
      ("\"evaluationEpisodes\" : 20", "\"evaluationEpisodes\" : 0", "evaluationEpisodes is 0"),
      ("\"environmentCount\" : 16", "\"environmentCount\" : 0", "environmentCount is 0"),
      ("\"lam\" : 0.95", "\"lam\" : 97", "lam is 97"),
      ("\"lam\" : 0.95", "\"lambda\" : 0.97", "lambda"),
    ])
  func settings(original: String, replacement: String, sentence: String) throws {
    let (status, output) = try resume("config.json", original, replacement)
    #expect(status == 2 && output.contains(sentence), "\(status) \(output)")
  }

  @Test(
    "counts that no run can have had are refused in a sentence",
    arguments: [
      ("\"environmentSteps\":\\d+", "\"environmentSteps\":9223372036854775807"),
      ("\"epoch\":\\d+", "\"epoch\":9223372036854775807"),
      ("\"counts\":\\[\\d+\\]", "\"counts\":[9223372036854775807]"),
      ("\"steps\":\\d+", "\"steps\":9223372036854775807"), ("\"version\":2", "\"version\":1"),
      ("\"min-horizon\":60", "\"min-horizon\":16777217"),
    ])
  func counts(original: String, replacement: String) throws {
    let (status, output) = try resume("checkpoint.json", original, replacement)
    #expect(status == 1 || status == 2, "\(output)")
    #expect(output.contains("checkpoint") || output.contains("setting"), "\(output)")
  }

  /// What is done to a file that is kept beside the checkpoint.
  enum Damage: String, CaseIterable {
    case cutOff = "it was cut off"
    case longer = "it is longer than it should be"
    case turned = "its checksum is wrong"
    case empty = "after 0 of its 0 bytes"
    case missing = "is missing"

    func apply(to path: String) throws {
      var bytes = try Data(contentsOf: URL(filePath: path))
      switch self {
      case .cutOff: bytes.removeLast(9)
      case .longer: bytes.append(0)
      case .turned: bytes[bytes.count - 100] ^= 1
      case .empty: bytes.removeAll()
      case .missing: return try FileManager.default.removeItem(atPath: path)
      }
      try bytes.write(to: URL(filePath: path))
    }
  }

  @Test("a damaged replay is refused by a sentence with its file, the place and what to do", arguments: Damage.allCases)
  func replay(damage: Damage) throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(Self.agent) --env-cmd swingup-server --algo sac --hidden 8 --epochs 2 --steps-per-epoch 100 --num-envs 2 "
          + "--learning-starts 50 --replay-size 1000 --out a", in: directory)
      try #require(status == 0, "\(output)")
      let names = try FileManager.default.contentsOfDirectory(atPath: directory + "/a").filter { $0.hasSuffix(".part") }
      let name = try #require(names.count == 1 ? names.first : nil, "\(names)")
      try damage.apply(to: "\(directory)/a/\(name)")
      let refusal = try Shell.run("\(Self.agent) --resume a", in: directory)
      #expect(refusal.status == 1, "\(refusal.output)")
      let file = damage == .missing ? "a/checkpoint.json" : "a/\(name)"
      for words in [file, name, damage.rawValue, "begin another run with --out"] {
        #expect(refusal.output.contains(words), "\(words) is not in \(refusal.output)")
      }
    }
  }

  @Test("a checkpoint with other settings than the run is refused by a sentence with its file")
  func otherSettings() throws {
    let (status, output) = try resume("checkpoint.json", "\"steps-per-epoch\":\\d+", "\"steps-per-epoch\":100000000")
    #expect(status == 1 && output.contains("a/checkpoint.json: "), "\(output)")
    #expect(output.contains("not those of the config.json"), "\(output)")
  }

  @Test("a checkpoint whose numbers do not fit the run is refused by a sentence with its file")
  func misfit() throws {
    let (status, output) = try resume("checkpoint.json", "\"updatesInEpoch\":0", "\"updatesInEpoch\":9")
    #expect(status == 1 && output.contains("a/checkpoint.json: "), "\(output)")
  }
}
