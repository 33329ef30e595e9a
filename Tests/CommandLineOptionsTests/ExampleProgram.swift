import CommandLineOptions

/// A program with an option of every kind, as small as that allows.
enum Example {
  enum Shape: String, CaseIterable, Sendable {
    case square, circle
  }

  static let command = Option(
    required: "env-cmd",
    .commandLine(),
    help: "Command line that starts the environment server, run without a shell."
  )
  static let timeout = Option(
    "step-timeout",
    .number("SECONDS", above: 0),
    default: 60,
    help: "Longest wait for the reply to one step."
  )
  static let gamma = Option("gamma", .number(in: 0...1), default: 0.99, help: "Discount γ of future rewards.")
  static let policyRate = Option(
    "pi-lr",
    .number(above: 0, upTo: 10),
    defaultText: "0.01; vpg 0.0003",
    help: "Step size of the policy."
  )
  static let valueRate = Option("vf-lr", .number(in: 0..<1), default: 1e-5, help: "Step size of the value function.")
  static let algorithm = Option("algo", .choice(["reinforce", "vpg", "a2c"]), default: "vpg", help: "Algorithm.")
  static let shape = Option("shape", .choice(of: Shape.self), default: .square, help: "Shape.")
  static let seed = Option("seed", .seed(), default: 0, help: "Seed of every random draw.")
  static let epochs = Option("epochs", .integer(in: 1...), default: 50, help: "Number of updates.")
  static let offset = Option("offset", .integer(), default: -3, help: "Any integer.")
  static let shift = Option("shift", .number(in: (-5)...), default: 0, help: "Shift.")
  static let scale = Option("scale", .number(), default: 1, help: "Any number.")
  static let hidden = Option(
    "hidden",
    .integers(in: 1...4096, count: 0...8),
    default: [64, 64],
    help: "Widths of the hidden layers."
  )
  static let out = Option("out", .directory(), defaultText: "nothing is written", help: "Where the run is written.")
  static let sampled = Option(flag: "sampled", help: "Sample actions; don't take the most likely.")
  static let normalize = Option(negatable: "normalize", default: true, help: "Normalise observations.")
  static let baseline = Option(negatable: "baseline", defaultText: "on for vpg", help: "Subtract a baseline.")
  static let policy = Option(argument: "POLICY", .path(), help: "Policy to run.")
  static let episodes = Option(argument: "EPISODES", .integer(in: 1...), default: 10, help: "How many episodes.")
  static let label = Option(argument: "LABEL", .text(), defaultText: "no label", help: "Name of the result.")
  static let files = Option(arguments: "FILE", .path(), defaultText: "standard input", help: "Files to check.")

  static let train = Command(
    "train",
    summary: "Train a policy on an environment process.",
    groups: [
      OptionGroup("Environment", command, timeout),
      OptionGroup(
        "Learning",
        gamma,
        policyRate,
        valueRate,
        algorithm,
        shape,
        seed,
        epochs,
        offset,
        shift,
        scale,
        hidden
      ),
      OptionGroup("Other", out, normalize, baseline),
    ],
    run: { _ in 0 }
  )
  static let eval = Command(
    "eval",
    summary: "Evaluate a policy.",
    details: "Example:\n  agent eval policy.json 100",
    groups: [OptionGroup("Evaluation", policy, episodes, label, sampled)],
    run: { arguments in Int32(arguments[episodes]) }
  )
  static let check = Command(
    "check",
    summary: "Check files, and fail as told.",
    groups: [OptionGroup("Files", files)],
    run: { arguments in
      if arguments[files] == ["both"] { throw UsageError.conflict("One of two is enough: leave the other out.") }
      if arguments[files] == ["broken"] { throw BrokenDisk() }
      return 1
    }
  )
  static let program = Program(
    "agent",
    version: "1.2.3",
    summary: "trains policies on processes.",
    defaultCommand: train,
    otherCommands: [eval, check]
  )
  static let single = Program(
    version: "1.2.3",
    Command("pole-server", summary: "Serve a pole.", groups: [OptionGroup("Pole", shape, seed)], run: { _ in 7 })
  )

  struct BrokenDisk: Error {}

  struct Run: Equatable {
    var status: Int32
    var output = ""
    var errors = ""
  }

  static func run(_ program: Program = program, _ words: String...) throws -> Run {
    try run(program, words)
  }

  static func run(_ program: Program, _ words: [String]) throws -> Run {
    var run = Run(status: -1)
    run.status = try program.run(words, output: { run.output += $0 }, errors: { run.errors += $0 })
    return run
  }

  /// The sentence with which `train` refuses the words.
  static func refusal(_ words: String...) -> String? {
    do throws(UsageError) {
      _ = try train.parse(["--env-cmd", "./sim"] + words)
      return nil
    } catch {
      return error.description
    }
  }
}
