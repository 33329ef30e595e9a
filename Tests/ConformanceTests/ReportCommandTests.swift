import Foundation
import TestSupport
import Testing

/// `pgagent report`, `pgagent compare` and `pgagent train --report`.
@Suite("Reports of runs")
struct ReportCommandTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"
  private static let train = "\(agent) --env-cmd cartpole-server --epochs 6 --steps-per-epoch 320 --hidden 8"

  @Test("training writes one at its end if asked, and says so; it shows three episodes")
  func atTheEnd() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(Self.train) --eval-interval 3 --eval-episodes 4 --out a --report", in: directory)
      #expect(status == 0 && output.contains("report written to a/report.html, "), "\(output)")
      let html = try String(contentsOfFile: directory + "/a/report.html", encoding: .utf8)
      for text in [
        "<b>best</b>", "<b>median</b>", "<b>worst</b>", "Return in evaluations", "Explained variance", "CartPole-v1",
      ] {
        #expect(html.contains(text), "\(text)")
      }
      let evaluations = try String(contentsOfFile: directory + "/a/evaluations.jsonl", encoding: .utf8)
      #expect(evaluations.contains(/"returns":\[\d+,\d+,\d+,\d+\]/), "\(evaluations)")
    }
  }

  @Test("seeds become one row of a table, other settings another, with what differs")
  func compare() throws {
    try Shell.withDirectory { directory in
      for (name, settings) in [("a", "--seed 1"), ("b", "--seed 2"), ("c", "--seed 1 --gamma 0.9")] {
        #expect(try Shell.run("\(Self.train) \(settings) --out \(name)", in: directory).status == 0)
      }
      let (status, output) = try Shell.run("\(Self.agent) compare a b c", in: directory)
      let lines = output.split(separator: "\n")
      #expect(status == 0 && lines.count == 3, "\(output)")
      #expect(
        lines[1].contains(/^ +2 .* to .*gamma 0\.99$/) && lines[2].contains(/^ +1 .*one run.*gamma 0\.9$/), "\(output)")
      let (written, report) = try Shell.run("\(Self.agent) report a b c --out r.html --episodes 0", in: directory)
      #expect(written == 0 && report.hasPrefix("report written to r.html"), "\(report)")
      let html = try String(contentsOfFile: directory + "/r.html", encoding: .utf8)
      #expect(html.contains("<tr class=\"differs\"><th scope=\"row\">gamma</th><td>0.99</td><td>0.9</td></tr>"))
    }
  }

  @Test("runs in different environments have a table each, and servers of one environment share one")
  func compareEnvironments() throws {
    try Shell.withDirectory { directory in
      for (name, server) in [
        ("a", "cartpole-server"), ("b", "swingup-server"), ("c", "classic-control-server --id CartPole-v1"),
        ("d", "python3 '\(repositoryRoot)/Tests/ConformanceTests/Fixtures/misbehave.py' none d.log"),
      ] {
        let (status, output) = try Shell.run(
          "\(Self.agent) --env-cmd \"\(server)\" --epochs 1 --hidden 8 --num-envs 1 --out \(name)", in: directory)
        #expect(status == 0, "\(output)")
      }
      let (status, output) = try Shell.run("\(Self.agent) compare a b c d", in: directory)
      #expect(status == 0)
      let tables = output.components(separatedBy: "\n\n").map { $0.split(separator: "\n").map(String.init) }
      #expect(tables.map(\.count) == [4, 3, 3], "\(output)")
      for (table, name) in zip(tables, ["CartPole-v1", "CartPoleSwingUp-v", "python3 '"]) {
        #expect(table[0].hasPrefix(name), "\(output)")
      }
      #expect(tables[0][2].hasSuffix("  env-cmd cartpole-server"), "\(output)")
      #expect(tables[0][3].hasSuffix("  env-cmd classic-control-server --id CartPole-v1"), "\(output)")
      #expect(tables[1][2].hasSuffix("  b"), "\(output)")
      // One environment needs no heading.
      #expect(try Shell.run("\(Self.agent) compare a c", in: directory).output.hasPrefix("runs  "))
    }
  }

  @Test("a run of another version, whose settings mean nothing here, is shown and compared all the same")
  func anotherVersion() throws {
    try Shell.withDirectory { directory in
      #expect(try Shell.run("\(Self.train) --out a", in: directory).status == 0)
      let path = directory + "/a/config.json"
      let config = try String(contentsOfFile: path, encoding: .utf8)
      try config.replacing("\"environmentCount\"", with: "\"count\"").write(
        toFile: path, atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run("\(Self.agent) report a", in: directory)
      #expect(status == 0 && output.contains("a cannot be played") && output.contains("report written"), "\(output)")
      #expect(try Shell.run("\(Self.agent) compare a", in: directory).status == 0)
    }
  }

  @Test("a run whose environment is gone gets a report all the same, which says what is missing")
  func withoutEnvironment() throws {
    try Shell.withDirectory { directory in
      #expect(try Shell.run("\(Self.train) --out a", in: directory).status == 0)
      let path = directory + "/a/config.json"
      let config = try String(contentsOfFile: path, encoding: .utf8)
      try config.replacing("\"cartpole-server\"", with: "\"<b>gone</b>\"").write(
        toFile: path, atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run("\(Self.agent) report a", in: directory)
      #expect(status == 0 && output.contains("warning: no episodes of a are in the report"), "\(output)")
      let html = try String(contentsOfFile: directory + "/report.html", encoding: .utf8)
      #expect(html.contains("No episodes of a are in the report") && !html.contains("<b>gone"))
      let (missing, sentence) = try Shell.run("\(Self.agent) report", in: directory)
      #expect(missing == 2 && sentence.contains("a run is missing"), "\(sentence)")
    }
  }
}
