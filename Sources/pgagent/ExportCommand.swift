import CommandLineOptions
import Gymwire
import GymwireIO
import Interchange
import PolicyGradients

/// `pgagent export`: writes a trained policy in a form that needs no pgagent.
enum ExportCommand {
  /// The forms that there are.
  enum Format: String, CaseIterable, Sendable {
    case onnx, c, json
  }

  static let path = Option(
    argument: "POLICY", .path(), help: "The policy.json of a run, or the run's directory, whose best policy it is then."
  )
  static let format = Option(
    required: "format", .choice(of: Format.self, placeholder: "FORM"),
    help: """
      onnx: a model for any ONNX runtime, opset 13. c: one C99 file that needs libm alone. json: the policy file of \
      protocol/SPEC.md, section 18, with every weight as a plain number.
      """)
  static let output = Option(required: "output", shortName: "o", .path(), help: "The file to write.")
  static let name = Option(
    "name", .text("NAME"), default: "policy",
    help: "What names in the C file begin with, and what the ONNX graph is called.")

  static let command = Command(
    "export", summary: "Write a trained policy for programs that cannot start pgagent: ONNX, C or JSON.",
    details: """
      Examples: pgagent export runs/CartPole-v1-ppo-0/policy.json --format onnx -o cartpole.onnx
                pgagent export runs/CartPole-v1-ppo-0/policy.json --format c -o cartpole.c --name cartpole
      The file normalises observations itself, and does what --obs-rescale, --obs-clip and --action-rescale did. It takes
      each observation as a row of float32 numbers, flattened as Gymnasium does: a Discrete is a one-hot vector, a Dict its
      members one after another. After --frame-stack it takes stacks, the oldest first.
      The ONNX model takes any number of rows as obs, and an optional bool mask that is false where a choice is
      forbidden. It returns the deterministic action, in the type and shape of its space, and logits, or mean and
      log_std. Each part of a Dict or Tuple has outputs of its own, such as action.left and logits.left.
      A comment at the head of the C file says what NAME_act takes and returns.
      """,
    groups: [OptionGroup("Export", path, format, output, name)], run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let name = arguments[name]
    guard CFile.isName(name) else {
      throw UsageError.conflict(
        "--name \(name) is not a name in C: give a letter, then up to 62 letters, digits and underscores")
    }
    try NamedFile.requireWritable(arguments[output], of: "--output")
    let file = PolicyFileReader(path: arguments[path])
    let snapshot = try file.readSnapshot()
    let policy = try UnusableFile.namingPolicy(arguments[path]) { () throws(TrainingError) in
      try ExportedPolicy(snapshot)
    }
    let bytes =
      switch arguments[format] {
      case .onnx: ONNXFile.encode(policy, name: name, version: ProtocolConstants.softwareVersion)
      case .c: CFile.encode(policy, name: name, version: ProtocolConstants.softwareVersion)
      case .json: PolicyFile.encode(snapshot, withPlainWeights: true)
      }
    try bytes.withUnsafeBytes { try AtomicFile.write($0, to: arguments[output]) }
    StandardStreams.report("policy written to \(arguments[output])")
    return 0
  }
}
