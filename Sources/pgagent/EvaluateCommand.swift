import CommandLineOptions
import Environments
import GymwireIO
import JSONLines
import PolicyGradients

/// `pgagent eval`: lets a policy play, and says how well it does.
enum EvaluateCommand {
  static let episodes = Option(
    "episodes", .integer(in: 1...1_000_000), default: 100,
    help: "How many episodes to play. One that does not end is cut after \(Evaluation.longestEpisode.grouped) steps.")
  static let seed = Option(
    "seed", .seed(), default: 0, help: "The seed of the episodes and of sampled actions.")
  static let remedy = "end its episodes sooner with --time-limit"
  static let samples = Option(
    flag: "sampled",
    help: """
      Sample actions from the policy, instead of taking the most probable one or the mean. Where a file's policy plays \
      otherwise by the other choice, a line says so after up to \(ChoiceComparison.mostEpisodes) more episodes.
      """)
  static let options = Option(
    "options", .text("JSON"), defaultText: "none",
    help: """
      Options of every reset, as pgagent train has them. With {"length":{"grid":[0.5,1]}} the policy is scored at each of \
      the values, and with several grids at each combination; one line for each.
      """)
  static let printsJSON = Option(
    flag: "json",
    help: """
      Print one JSON object with mean_return, std_return, min_return, max_return, mean_length, episodes, \
      repeated_episodes, actions (greedy or sampled) and what --log-info follows; one for each point of a grid.
      """)

  static let command = Command(
    "eval", summary: "Let a trained policy play, and say how well it does.",
    details: """
      Examples: pgagent eval runs/CartPole-v1-ppo-0
                pgagent eval --env-cmd cartpole-server --policy runs/CartPole-v1-ppo-0/policy.json
      A policy of another program, in any language, is scored with --policy-cmd: it has to answer the role policy of
      Gymwire (protocol/SPEC.md, section 16).
      """,
    groups: [
      OptionGroup("Run", RecordedRun.argument), EnvironmentOptions.group, PolicyOptions.group,
      OptionGroup(
        "Evaluation", episodes, seed, WrapperOptions.timeLimit, samples, options, EpisodeKnobs.information, printsJSON),
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let recorded = try arguments[RecordedRun.argument].map { try RecordedRun($0) }
    let source = try PolicyOptions(arguments, orFile: recorded?.policyPath)
    let points = try arguments[options].map { (text) throws(UsageError) in try EpisodeKnobs.grid(text) }
    let environment = try EnvironmentOptions(arguments, resuming: try recorded?.record(), sending: points ?? []).start(
      cutsEpisodes: false)
    defer { environment.close() }
    EpisodeKnobs.reportUnknown(points ?? [], by: environment)
    let wrapped = try source.wrappers.wrap(environment)
    let policy = try source.start(for: wrapped)
    defer { source.close() }
    let metrics = try EpisodeKnobs(arguments, hasCurriculum: false).metrics
    let choice = arguments[samples] ? "sampled" : "greedy"
    let stepLimit = arguments[WrapperOptions.timeLimit] ?? Evaluation.longestEpisode
    for point in points.map({ $0.map(Optional.some) }) ?? [nil] {
      environment.episodeOptions = point.map { Curriculum(always: $0) }
      let evaluation = try Evaluation.run(
        policy, in: wrapped, episodes: arguments[episodes], seed: UInt64(arguments[seed]), info: metrics,
        isDeterministic: !arguments[samples], stepLimit: stepLimit,
        shouldStop: EndlessEpisodes(remedy: remedy).shouldStop)
      guard !evaluation.returns.isEmpty else {
        StandardStreams.report("stopped by \(Interruption.signalName ?? "a signal") before an episode had ended")
        return Interruption.exitStatus
      }
      try FileDescriptor.standardOutput.writeAll(
        arguments[printsJSON]
          ? json(evaluation, point, choice) : (point.map { "\($0.text): " } ?? "") + text(evaluation, choice))
      if Interruption.isRequested {
        StandardStreams.report(
          "stopped by \(Interruption.signalName ?? "a signal") after \(evaluation.returns.count) of "
            + "\(arguments[episodes]) episodes")
        return Interruption.exitStatus
      }
      if source.isFile, !arguments[printsJSON], points == nil {
        let comparison = ChoiceComparison(policy, wrapped, seed: UInt64(arguments[seed]), stepLimit: stepLimit)
        try comparison.report(beside: evaluation, isSampled: arguments[samples])
      }
    }
    return 0
  }

  private static func text(_ evaluation: Evaluation, _ choice: String) -> String {
    """
    mean return \(evaluation.meanReturn.fixed(2)) ± \(evaluation.returnDeviation.fixed(2)) \
    (min \(evaluation.minimumReturn.fixed(2)), max \(evaluation.maximumReturn.fixed(2))), \
    mean length \(evaluation.meanLength.fixed(1)), \(evaluation.returns.count) episodes, \(choice)\(told(evaluation))\(repetitions(evaluation))

    """
  }

  private static func told(_ evaluation: Evaluation) -> String {
    evaluation.info.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value.fixed(3))" }.joined()
  }

  private static func repetitions(_ evaluation: Evaluation) -> String {
    switch evaluation.repeatedEpisodes {
    case 0: ""
    case 1: "; 1 episode was repeated because the environment had failed in it"
    case let count: "; \(count) episodes were repeated because the environment had failed in them"
    }
  }

  private static func json(_ evaluation: Evaluation, _ options: OptionTemplate?, _ choice: String) -> String {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    if let options {
      writer.name("options")
      writer.write(options.value)
    }
    let members = [
      ("mean_return", evaluation.meanReturn), ("std_return", evaluation.returnDeviation),
      ("min_return", evaluation.minimumReturn), ("max_return", evaluation.maximumReturn),
      ("mean_length", evaluation.meanLength), ("episodes", Double(evaluation.returns.count)),
      ("repeated_episodes", Double(evaluation.repeatedEpisodes)),
    ]
    for (name, value) in members
      + evaluation.info.sorted(by: { $0.key < $1.key }).map({ (MetricsRow.infoPrefix + $0, $1) })
    {
      writer.name(name)
      writer.write(value)
    }
    writer.name("actions")
    writer.write(choice)
    writer.endObject()
    writer.newline()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
