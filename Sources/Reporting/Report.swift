/// One page about some runs, in one file that needs nothing else: no network, no script, no font.
public struct Report: Sendable {
  let groups: [RunGroup]
  private let films: [EpisodeFilm]
  private let played: [[Double]]
  private let remarks: [String]

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - films: episodes to show.
  ///   - played: the returns of episodes that were played for the report, for each group; they stand in for evaluations.
  ///   - remarks: sentences about what is missing, and why.
  public init(_ groups: [RunGroup], films: [EpisodeFilm] = [], played: [[Double]] = [], remarks: [String] = []) {
    (self.groups, self.films, self.played, self.remarks) = (groups, films, played, remarks)
  }

  /// The page.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
    <meta name="color-scheme" content="light dark"><title>\(HTML.text(title))</title>
    <style>\(PageStyle.css)</style></head><body>
    <header><h1>\(HTML.text(title))</h1><p>\(HTML.text(subtitle))</p></header>
    <main>
    \(legend)\(summary)\(section("Curves", charts, note: bandNote))\(section("Episodes", filmStrip))
    \(section("Returns of single episodes", strip, note: stripNote))\(section("Settings", settings))
    \(remarks.isEmpty ? "" : "<ul class=\"remarks\">\(remarks.map { "<li>\(HTML.text($0))</li>" }.joined())</ul>")
    </main><script>\(PageScript.javaScript)</script></body></html>

    """
  }

  /// A browser fetches nothing for the page, whatever stands in it.
  private static let policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

  private var runCount: Int { groups.reduce(0) { $0 + $1.runs.count } }

  private var title: String {
    let names = groups.compactMap { $0.setting("environmentID") }
    let environments = Set(names).sorted().joined(separator: ", ")
    return environments.isEmpty ? "Training report" : environments
  }

  private var subtitle: String {
    let algorithms = Set(groups.compactMap { $0.setting("algorithm") }).sorted().joined(separator: ", ")
    let runs = "\(runCount) run\(runCount == 1 ? "" : "s")"
    let kinds = groups.count == 1 ? "" : ", in \(groups.count) groups that differ in their settings"
    return "\(runs)\(algorithms.isEmpty ? "" : " of \(algorithms)")\(kinds)"
  }

  /// Where the runs learned, in the order of the groups.
  var environments: [String] {
    groups.map(\.environment).reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
  }

  /// What `content` gives for each environment, below its name where there are several: returns in one say nothing of
  /// returns in another.
  func eachEnvironment(_ content: (String) -> String) -> String {
    environments.map { environment in
      let content = content(environment)
      guard !content.isEmpty, environments.count > 1 else { return content }
      return "<h3>\(HTML.text(environment))</h3>\n\(content)"
    }.joined()
  }

  private func section(_ title: String, _ content: String, note: String = "") -> String {
    guard !content.isEmpty else { return "" }
    return "<section><h2>\(title)</h2>\(note.isEmpty ? "" : "<p class=\"note\">\(note)</p>")\n\(content)</section>\n"
  }

  private var legend: String {
    guard groups.count > 1 else { return "" }
    let entries = groups.enumerated().map { index, group -> String in
      let line = SVG.element("path", class: "mean g\(index % 8) d\(index / 8 % 3)", [:], ["d": "M1 5H25"])
      return "<li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\">\(line)</svg>\(HTML.text(group.label))</li>"
    }
    return "<ul class=\"legend\">\(entries.joined())</ul>\n"
  }

  private var summary: String {
    func row(_ index: Int, _ group: RunGroup) -> String {
      let scores = group.scores
      let interval = Statistics.confidenceInterval(scores, of: Statistics.interquartileMean)
      let iqm = HTML.number(Statistics.interquartileMean(scores))
      let best = group.runs.compactMap(\.bestEvaluation).max()
      let steps = group.runs.compactMap { $0.metrics["steps"]?.last }.max() ?? .nan
      let seconds = Statistics.mean(group.runs.compactMap(\.workSeconds))
      return """
        <tr><th scope="row"><i class="swatch g\(index % 8)"></i>\(HTML.text(group.label))</th><td>\(group.runs.count)</td>\
        <td>\(steps.isFinite ? HTML.count(steps) : "–")</td><td>\(iqm)</td>\
        <td>\(interval.map { "\(HTML.number($0.lowerBound)) to \(HTML.number($0.upperBound))" } ?? "–")</td>\
        <td>\(scores.min().map(HTML.number) ?? "–")</td><td>\(scores.max().map(HTML.number) ?? "–")</td>\
        <td>\(best.map(HTML.number) ?? "–")</td><td>\(HTML.number(seconds)) s</td></tr>
        """
    }
    let bodies = environments.map { environment -> String in
      let rows = groups.enumerated().filter { $0.element.environment == environment }.map { row($0.offset, $0.element) }
      let name = "<tr><th scope=\"rowgroup\" colspan=\"9\">\(HTML.text(environment))</th></tr>\n"
      return "<tbody>\(environments.count > 1 ? name : "")\(rows.joined(separator: "\n"))</tbody>"
    }
    let names = ["runs", "seeds", "steps", "return", "95 %", "worst", "best", "best evaluation", "time"]
    let head = names.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return """
      <section><h2>Result</h2><p class="note">The mean return of the last tenth of the epochs: its interquartile mean \
      over the runs, with a bootstrap interval of 95 %, and the worst and best run.</p>
      <div class="wide"><table><thead><tr>\(head)</tr></thead>
      \(bodies.joined(separator: "\n"))</table></div></section>

      """
  }

  private var bandNote: String {
    let what = groups.contains { $0.runs.count > 1 } ? "the runs" : "neighbouring epochs"
    return "Over the steps in the environment. The line is the mean of \(what), the band reaches from the lowest "
      + "of them to the highest."
  }

  private var filmStrip: String {
    guard !films.isEmpty else { return "" }
    return groups.indices.map { index -> String in
      let own = films.filter { $0.group == index }
      guard !own.isEmpty else { return "" }
      let title = groups.count > 1 ? "<h3>\(HTML.text(groups[index].label))</h3>" : ""
      return "\(title)<div class=\"films\">\(own.map(\.html).joined())</div>"
    }.joined()
  }

  private var stripRows: [(group: Int, label: String, numbers: [Double])] {
    groups.enumerated().compactMap { index, group in
      let evaluated = group.runs.compactMap { run in run.evaluations.max { $0.mean < $1.mean }?.returns }.flatMap { $0 }
      let numbers = evaluated.isEmpty && index < played.count ? played[index] : evaluated
      let finite = numbers.filter(\.isFinite)
      return finite.isEmpty ? nil : (index, groups.count > 1 ? group.label : "", finite)
    }
  }

  private var strip: String {
    eachEnvironment { environment in
      let rows = stripRows.filter { groups[$0.group].environment == environment }
      return rows.isEmpty ? "" : StripPlot(rows: rows).html
    }
  }

  private let stripNote =
    "Each dot is an episode of the best evaluation, or of the final policy where there was none. The box holds the middle "
    + "half, the line is the mean."

  private var settings: String {
    let differing = Set(RunGroup.differingSettings(groups))
    let names = RunGroup.settingNames(groups)
    func table(_ names: [String]) -> String {
      let labels = groups.map { "<th scope=\"col\">\(HTML.text($0.label))</th>" }.joined()
      let head = groups.count == 1 ? "" : "<thead><tr><th></th>\(labels)</tr></thead>"
      let rows = names.map { name in
        let values = groups.map { "<td>\(HTML.text($0.setting(name) ?? "–"))</td>" }.joined()
        let mark = differing.contains(name) ? " class=\"differs\"" : ""
        return "<tr\(mark)><th scope=\"row\">\(HTML.text(name))</th>\(values)</tr>"
      }
      let body = "<tbody>\(rows.joined(separator: "\n"))</tbody>"
      return "<div class=\"wide\"><table class=\"settings\">\(head)\(body)</table></div>"
    }
    guard !differing.isEmpty else { return table(names) }
    let first = names.filter { differing.contains($0) || $0 == RunGroup.seedName }
    return "<p class=\"note\">These differ:</p>\(table(first))"
      + "<details><summary>All settings</summary>\(table(names))</details>"
  }
}

extension RunData {
  /// The seconds that the run took, whoever went on with it; nil where it does not tell.
  var workSeconds: Double? {
    guard let seconds = metrics["seconds"], !seconds.isEmpty else { return nil }
    return zip(seconds, [0] + seconds).reduce(0) { sum, pair in
      // A run that goes on counts from 0 again.
      sum + (pair.0 >= pair.1 ? pair.0 - pair.1 : pair.0)
    }
  }

  /// Steps in a second in each epoch.
  var stepsPerSecond: [Double]? {
    guard let seconds = metrics["seconds"], let steps = metrics["steps"], steps.count > 1 else { return nil }
    // Times are told in thousandths, and short epochs take less: several are taken together.
    let stride = max(1, steps.count / Curve.resolution)
    return steps.indices.map { index in
      let before = max(0, index - max(stride, 8))
      let (taken, time) = (steps[index] - steps[before], seconds[index] - seconds[before])
      return time > 0 && taken > 0 ? taken / time : .nan
    }
  }
}
