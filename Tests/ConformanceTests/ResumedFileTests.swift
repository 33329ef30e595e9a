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
      ("\"lam\" : 0.97", "\"lam\" : 97", "lam is 97"),
      ("\"lam\" : 0.97", "\"lambda\" : 0.97", "lambda"),
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
}
