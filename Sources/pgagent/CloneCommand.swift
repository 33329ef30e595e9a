import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients

/// `pgagent clone`: learns a policy from what somebody else did, as it was recorded.
enum CloneCommand {
  static let files = Option(
    repeatable: "from", .path("TRANSCRIPT"), defaultText: "none; at least one has to be given",
    help: """
      Learn from the episodes in a dialogue that --record has written of an environment, whoever acted in it; may be given \
      several times.
      """)
  static let output = Option(required: "out", shortName: "o", .path(), help: "Where to write the policy.")
  static let passes = Option(
    "passes", .integer(in: 1...1_000_000), default: BehaviourCloning.Schedule().passes,
    help: "The most passes over what was recorded.")
  static let patience = Option(
    "patience", .integer(in: 1...1_000_000), default: BehaviourCloning.Schedule().patience,
    help: "End after so many passes that have not made what is held out more likely. The best policy is kept.")
  static let heldOut = Option(
    "held-out", .number("SHARE", in: 0...0.9), default: BehaviourCloning.Schedule().heldOutShare,
    help: "The share of the episodes that is not learned from, and tells how likely the policy finds what is new to it."
  )
  static let rate = Option(
    "learning-rate", .number("RATE", above: 0, upTo: 1), default: BehaviourCloning.Schedule().learningRate,
    help: "The step size of Adam.")
  static let minibatch = Option(
    "minibatch", .integer("STEPS", in: 1...65536), default: BehaviourCloning.Schedule().minibatchSize,
    help: "How many recorded steps a gradient is the mean of.")
  static let next = Option(
    "then", .text("'ALGO OPTIONS'"), defaultText: "nothing",
    help: """
      Go on from the policy with pgagent train, by this algorithm and with these options: \
      --then 'ppo --env-cmd ./my-server'.
      """)

  static let command = Command(
    "clone", summary: "Learn a policy from recorded dialogues: what a script, a person or another policy did.",
    details: """
      Examples: pgagent clone --from play.txt --from more.txt --out policy.json
                pgagent clone --from play.txt --out policy.json --then 'ppo --env-cmd cartpole-server'
      Whole episodes are held out: how likely the policy finds what was done in them, as the mean of ln pi, is said after
      each pass, and the policy that does best there is kept. An off-policy algorithm learns from recordings by itself:
      pgagent train --algo sac --replay-from play.txt.
      """,
    groups: [
      OptionGroup(
        "Cloning", files, output, Hyperparameters.algorithm, Hyperparameters.seed.declared, passes, patience, heldOut,
        minibatch, rate, next)
    ],
    variants: Hyperparameters.cloning.variants, run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let settings = try Hyperparameters.cloning.values(arguments)
    let paths = arguments[files]
    guard !paths.isEmpty else {
      throw UsageError.conflict("--from is missing: give a dialogue that --record has written")
    }
    try NamedFile.requireWritable(arguments[output], of: "--out")
    let following = try arguments[next].map { (text) throws(UsageError) in
      try EnvironmentOptions.words(of: text, option: "--then")
    }
    var demonstrations: Demonstrations?
    let (steps, episodes) = try RecordedDialogues.read(paths, of: "from") {
      (observations, actions, count) throws(TrainingError) in
      let known: Demonstrations
      if let demonstrations {
        known = demonstrations
      } else {
        known = try Demonstrations(
          observationSpace: observations, actionSpace: actions, discount: settings.shapingDiscount,
          isInterrupted: { Interruption.isRequested })
      }
      demonstrations = known
      return try known.receiver(of: observations, actions, count: count)
    }
    guard let demonstrations else { return 1 }
    var schedule = BehaviourCloning.Schedule()
    (schedule.passes, schedule.patience) = (arguments[passes], arguments[patience])
    (schedule.minibatchSize, schedule.learningRate) = (arguments[minibatch], arguments[rate])
    schedule.heldOutShare = arguments[heldOut]
    let cloning = try BehaviourCloning(settings, demonstrations, schedule)
    StandardStreams.report(
      "learns from \((steps - cloning.heldOutSteps).grouped) steps of \(RecordedDialogues.text(paths)) with "
        + "\(episodes.grouped) episodes, and holds out \(cloning.heldOutSteps.grouped)")
    try cloning.run(shouldStop: { Interruption.isRequested }, report: report)
    if let best = cloning.best { StandardStreams.report("kept the policy of \(text(best))") }
    let path = arguments[output]
    let bytes = PolicyFile.encode(cloning.snapshot())
    try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    StandardStreams.report("policy written to \(path)")
    if Interruption.isRequested { return Interruption.exitStatus }
    guard let following else { return 0 }
    return try Main.program.run(
      ["train", "--policy=\(path)", "--algo"] + following, recognizing: Main.usageError,
      output: { try? FileDescriptor.standardOutput.writeAll($0) },
      errors: { try? FileDescriptor.standardError.writeAll(VisibleText.lines($0)) })
  }

  private static func report(_ pass: BehaviourCloning.Pass) {
    guard pass.number == 1 || pass.number.isMultiple(of: 10) else { return }
    StandardStreams.report(text(pass))
  }

  private static func text(_ pass: BehaviourCloning.Pass) -> String {
    let heldOut = pass.heldOut.map { ", \($0.fixed(4)) of what is held out" } ?? ""
    return "pass \(pass.number): mean ln pi \(pass.learned.fixed(4)) of what it learns from\(heldOut)"
  }
}
