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
