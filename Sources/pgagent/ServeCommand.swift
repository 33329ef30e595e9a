import CommandLineOptions
import GymwireIO

/// `pgagent serve`: answers which action a trained policy would take.
enum ServeCommand {
  static let path = Option(
    argument: "POLICY", .path(), help: "The policy.json of a run, or the run's directory, whose best policy it is then."
  )

  static let command = Command(
    "serve", summary: "Serve a trained policy to any program, over standard input and output.",
    details: """
      Examples: pgagent serve runs/CartPole-v1-ppo-0
                pgagent serve runs/CartPole-v1-ppo-0/policy.json
      It speaks Gymwire 1: one JSON object per line. Start it from your program, or type to it:
        {"id":0,"op":"hello","versions":[1]}
        {"id":1,"op":"act","deterministic":true,"obs":[0,0,0.05,0]}
        {"id":2,"op":"reload"}
      Reload takes the file's new content when it has been replaced.
      After --frame-stack an observation is a stack of the latest, the oldest first. With the feature session it is one alone:
        {"id":1,"op":"begin","session":"g1"}
        {"id":2,"op":"act","session":"g1","obs":[0,0,0.05,0]}
        {"id":3,"op":"abandon","session":"g1"}
      What the policy's file says of the time limit, repeated and sticky actions is for whoever makes the steps.
      protocol/SPEC.md, section 16, is the rule book.
      """,
    groups: [OptionGroup("Policy", path, RecordOption.file, IdleOption.processor)], run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let file = PolicyFileReader(path: arguments[path])
    let policy = try file.read()
    // There is nothing to keep, and a program that waits for a request has to end at Ctrl-C.
    Interruption.endAtOnce()
    var server = PolicyServer(name: "pgagent", policy) { try file.readIfReplaced() }
    server.spinning = IdleOption.spinning(arguments)
    server.recorder = try RecordOption.recorder(arguments)
    server.run()
  }
}
