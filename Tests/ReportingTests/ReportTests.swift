import Drawing
import Testing

@testable import Reporting

@Suite("A report")
struct ReportTests {
  /// A run of so many epochs, with metrics that mean nothing.
  private static func run(_ name: String, seed: Int, rate: String = "0.01", epochs: Int = 30, slope: Double = 1)
    -> RunData
  {
    let index = (0..<epochs).map(Double.init)
    return RunData(
      name: name,
      settings: [
        ("environmentID", "Walk-v0"), ("algorithm", "vpg"), ("seed", "\(seed)"), ("pi-lr", rate), ("gamma", "0.99"),
      ],
      metrics: MetricsTable([
        ("epoch", index), ("steps", index.map { 100 * ($0 + 1) }), ("episodes", index.map { _ in 10 }),
        ("mean_return", index.map { slope * $0 + Double(seed) }), ("mean_length", index),
        ("kl", index.map { _ in .nan }),
        ("entropy", index.map { 1 - $0 / 100 }), ("seconds", index.map { $0 / 10 }),
      ]),
      evaluations: [RunData.Evaluated(steps: 1000, mean: 5, returns: [4, 5, 6])])
  }

  @Test("runs that differ in nothing but their seeds are one group; others say what differs")
  func groups() {
    let same = RunGroup.groups(of: [Self.run("a", seed: 0), Self.run("b", seed: 1)])
    #expect(same.count == 1 && same[0].runs.count == 2 && same[0].setting("seed") == "0, 1")
    let other = RunGroup.groups(of: [
      Self.run("a", seed: 0), Self.run("c", seed: 0, rate: "0.1"), Self.run("b", seed: 1),
    ])
    #expect(other.map(\.label) == ["pi-lr 0.01", "pi-lr 0.1"] && other.map(\.runs.count) == [2, 1])
    #expect(RunGroup.differingSettings(other) == ["pi-lr"])
  }

  @Test("has a chart of each figure that some run has, and none of what nobody has")
  func charts() {
    let html = Report(RunGroup.groups(of: [Self.run("a", seed: 0)])).html
    for title in ["Mean return", "Episode length", "Entropy", "Steps per second", "Return in evaluations"] {
      #expect(html.contains("<figcaption>\(title)</figcaption>"), "\(title)")
    }
    #expect(!html.contains("KL divergence"))
    #expect(html.contains("class=\"strip\"") && !html.contains("class=\"legend\""))
  }

  @Test("each environment has charts, a row of episodes and results of its own, and one alone is not named above them")
  func environments() {
    var other = Self.run("d", seed: 0, slope: -50)
    other.settings[0].value = "Swim-v0"
    let html = Report(RunGroup.groups(of: [Self.run("a", seed: 0), other, Self.run("c", seed: 0, rate: "0.1")])).html
    let parts = html.split(separator: "<h3>").map(String.init)
    #expect(parts.map { $0.prefix { $0 != "<" } }.dropFirst() == ["Walk-v0", "Swim-v0", "Walk-v0", "Swim-v0"])
    for (part, curves) in [(parts[1], 2), (parts[2], 1)] {
      let chart = part.split(separator: "</figure>")[0]
      #expect(chart.contains("<figcaption>Mean return</figcaption>"))
      #expect(chart.split(separator: "class=\"mean ").count == curves + 1)
    }
    #expect(html.contains("<th scope=\"rowgroup\" colspan=\"9\">Swim-v0</th>"))
    let alone = Report(RunGroup.groups(of: [Self.run("a", seed: 0)])).html
    #expect(!alone.contains("<h3>") && !alone.contains("rowgroup"))
  }

  @Test("marks the settings that differ")
  func settings() {
    let html = Report(RunGroup.groups(of: [Self.run("a", seed: 0), Self.run("c", seed: 0, rate: "0.1")])).html
    #expect(html.contains("<tr class=\"differs\"><th scope=\"row\">pi-lr</th><td>0.01</td><td>0.1</td></tr>"))
    #expect(html.contains("<tr><th scope=\"row\">gamma</th>") && html.contains("class=\"legend\""))
  }

  @Test("asks nobody for anything: no address stands in it but those of its own pictures and of SVG's names")
  func selfContained() throws {
    let picture = Picture(width: 4, height: 3)
    let film = EpisodeFilm(group: 0, title: "best", total: 1, steps: 2, pictures: [picture, picture], seconds: 1)
    let html = Report(RunGroup.groups(of: [Self.run("a", seed: 0)]), films: [film]).html
    #expect(html.contains("default-src 'none'") && html.contains("url(data:image/png;base64,"))
    let rest = html.replacing("http://www.w3.org/2000/svg", with: "")
    for address in ["http:", "https:", "//cdn", "src=\"", "@import", "href="] {
      #expect(!rest.contains(address), "\(address)")
    }
  }

  @Test(
    "hostile names are text and nothing else",
    arguments: [
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title><script>alert(1)</script>",
      "' onload='x",
    ])
  func hostile(name: String) {
    var run = Self.run(name, seed: 0)
    run.settings = [("environmentID", name), ("algorithm", name), (name, name), ("seed", name)]
    run.metrics = MetricsTable([("steps", [1, 2]), (name, [1, 2]), ("mean_return", [1, 2]), ("episodes", [1, 1])])
    var other = run
    other.settings[2].value = name + "2"
    let film = EpisodeFilm(group: 0, title: name, total: 1, steps: 2, pictures: [], texts: [name], seconds: 1)
    let report = Report(RunGroup.groups(of: [run, other]), films: [film], played: [[1]], remarks: [name])
    let plain = Report(RunGroup.groups(of: [Self.run("a", seed: 0)])).html
    func count(_ text: String, in html: String) -> Int { html.components(separatedBy: text) }
    #expect(count("<script", in: report.html) == count("<script", in: plain))
    #expect(!report.html.contains("<img") && !report.html.contains("onload='x"))
  }

  @Test("stays small, and keeps the shape of a curve, however long the runs are")
  func long() throws {
    let epochs = 20_000
    let runs = (0..<4).map { Self.run("\($0)", seed: $0, epochs: epochs) }
    let html = Report(RunGroup.groups(of: runs)).html
    #expect(html.utf8.count < 400_000)
    let group = try #require(RunGroup.groups(of: runs).first)
    let curve = try #require(Curve(group, x: { $0.metrics["steps"] }, y: { $0.metrics["mean_return"] }))
    #expect(curve.points.count == Curve.resolution && curve.isSpread)
    let (first, last) = (try #require(curve.points.first), try #require(curve.points.last))
    #expect(first.x == 100 && last.x == Double(100 * epochs))
    for point in curve.points {
      // Four seeds are 0, 1, 2 and 3 above the epoch's number.
      let epoch = point.x / 100 - 1
      #expect(abs(point.mean - epoch - 1.5) < 40 && abs(point.high - point.low - 3) < 1e-6)
    }
  }

  @Test("runs of one epoch, of none, and of figures that are not finite make a report too")
  func small() {
    var broken = Self.run("c", seed: 2)
    broken.metrics = MetricsTable([
      ("steps", [1, 2, 3]), ("mean_return", [.nan, .infinity, 1e300]), ("episodes", [0, 1, 1]),
    ])
    for runs in [[Self.run("a", seed: 0, epochs: 1)], [Self.run("a", seed: 0, epochs: 0)], [broken], []] {
      let html = Report(RunGroup.groups(of: runs)).html
      #expect(html.hasSuffix("</html>\n") && !html.contains(">nan") && !html.contains(">inf"))
    }
  }
}

extension String {
  fileprivate func components(separatedBy text: String) -> Int {
    split(separator: text, omittingEmptySubsequences: false).count
  }
}
