import CommandLineOptions
import GymwireIO
import Reporting

/// `pgagent compare`: how good runs are, side by side, with how sure one can be of it.
enum CompareCommand {
  static let runs = Option(
    arguments: "RUN_DIR", .directory(), defaultText: "none; at least one has to be given",
    help: "Runs of pgagent train.")

  /// What a run is judged by.
  enum Score: String, CaseIterable {
    case last, evaluation
  }

  static let score = Option(
    "score", .choice(of: Score.self), default: .last,
    help: "Judge a run by the mean return of the last tenth of its epochs, or by its best evaluation.")

  static let command = Command(
    "compare", summary: "Compare runs in a table, with confidence intervals over their seeds.",
    details: """
      Example: pgagent compare runs/*
      Runs that differ in nothing but their seeds are one row. Its figures are the interquartile mean over the seeds, with
      an interval of 95 % from 2,000 bootstrap samples, and the probability that one of its runs is better than one of the
      first row (Agarwal et al. 2021). Each environment has a table of its own, since returns in one say nothing of returns
      in another.
      """,
    groups: [OptionGroup("Comparison", runs, score)],
    run: { arguments in
      guard !arguments[runs].isEmpty else {
        throw UsageError.conflict("a run is missing: give the directory of one, or of several")
      }
      let data = try arguments[runs].map { try RecordedRun($0).data() }
      let columns = Terminal.size(of: .standardOutput)?.columns ?? Int.max
      let environments = RunGroup.groupsByEnvironment(of: data)
      let tables = environments.map { name, groups in
        (environments.count > 1 ? "\(name.prefix(columns))\n" : "") + table(groups, arguments[score], columns: columns)
      }
      try FileDescriptor.standardOutput.writeAll(tables.joined(separator: "\n"))
      return 0
    })

  private static func table(_ groups: [RunGroup], _ score: Score, columns: Int) -> String {
    let scores = groups.map { group in
      score == .last ? group.scores : group.runs.compactMap(\.bestEvaluation)
    }
    let first = scores.first { !$0.isEmpty } ?? []
    let rows = zip(groups, scores).map { group, scores -> [String] in
      guard !scores.isEmpty else { return ["\(group.runs.count)", "-", "-", "-", "-", "-", "-", group.label] }
      let interval = Statistics.confidenceInterval(scores, of: Statistics.interquartileMean)
      let chance = scores == first ? "-" : Statistics.probabilityOfImprovement(scores, over: first).fixed(2)
      return [
        "\(scores.count)", Statistics.interquartileMean(scores).shown,
        interval.map { "\($0.lowerBound.shown) to \($0.upperBound.shown)" } ?? "one run",
        Statistics.quantile(scores, 0.5).shown, (scores.min() ?? .nan).shown, (scores.max() ?? .nan).shown, chance,
        group.label,
      ]
    }
    let head = ["runs", "IQM", "95 %", "median", "worst", "best", "P(better)", "what"]
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    return ([head] + rows).map { row in
      let cells = row.enumerated().map { column, cell in
        // The last column is text of any length, all others are numbers.
        column == row.count - 1 ? cell : String(repeating: " ", count: widths[column] - cell.count) + cell
      }
      return String(cells.joined(separator: "  ").prefix(columns)) + "\n"
    }.joined()
  }
}
