import CommandLineOptions
import Gymwire
import GymwireIO

/// `benchmarks`: measures what the package promises, against what else there is, in the same run.
@main
struct Main {
  static let everything = Command(
    "all", summary: "Every benchmark, one after the other.", groups: [Report.group]
  ) { arguments in
    let report = try Report(arguments)
    try Lockstep.run(report)
    try BatchThroughput.run(report, counts: [1, 8, 32, 256, 1024, 4096])
    try Conversation.run(report, counts: [1, 8, 32, 256, 1024, 4096])
    try Act.run(report)
    try Image.run(report)
    try Allocations.run(report)
    try Memory.run(report)
    try StartUp.run(report)
    try Waiting.run(report)
    try MatrixProducts.run(report)
    try Updates.run(report)
    try Scaling.run(report)
    try Overlap.run(report)
    try Workers.run(report)
    try OffPolicyTraining.run(report, rounds: min(report.rounds, 3), rltools: nil)
    try Training.run(report, mostRounds: 3)
    return 0
  }

  static let program = Program(
    "benchmarks", version: ProtocolConstants.softwareVersion,
    summary: "Measures the package against bare pipes and other programs, alternating in one run.",
    defaultCommand: everything,
    otherCommands: [
      Lockstep.command, BatchThroughput.command, Conversation.command, Act.command, Image.command, Allocations.command,
      Memory.command, StartUp.command, Waiting.command, MatrixProducts.command, Updates.command, Scaling.command,
      Training.command, Overlap.command, Workers.command,
      Lockstep.roundsCommand, Act.roundsCommand, Allocations.stepsCommand,
      Image.serverCommand, StartUp.serverCommand, Waiting.serverCommand, Scaling.serverCommand, Peer.command,
    ])

  static func main() {
    StandardStreams.ignoreBrokenPipes()
    Interruption.endAtOnce()
    program.runAndExit()
  }
}
