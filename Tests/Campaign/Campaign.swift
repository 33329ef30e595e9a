import CommandLineOptions
import Gymwire
import GymwireIO

/// `campaign`: attacks the programs of this package, and prints a table of what came of it.
@main
struct Campaign {
  static let everything = Command(
    "all", summary: "Every attack, one after the other.",
    details: """
      The full numbers take several hours; --percent 1 takes some minutes. The exit status is 1 if anything failed.
      """, groups: [Orders.group]
  ) { arguments in
    try attack(arguments, "all") { orders, ledger in
      for run in [HostileLines.run, HostileReplies.run, MutatedFiles.run, Kills.run, Disks.run, Soak.run, Fuzzing.run] {
        try run(orders, ledger)
      }
    }
  }

  static let program = Program(
    "campaign", version: ProtocolConstants.softwareVersion,
    summary: "Attacks servers, drivers and files with what is broken, killed, full and endless.",
    defaultCommand: everything,
    otherCommands: [
      HostileLines.command, HostileReplies.command, MutatedFiles.command, Kills.command, Disks.command, Soak.command,
      Fuzzing.command, HostileReplies.workerCommand, MutatedFiles.workerCommand,
    ])

  static func main() {
    #if FUZZING
      FuzzEntry.run()
    #else
      StandardStreams.ignoreBrokenPipes()
      Interruption.endAtOnce()
      program.runAndExit()
    #endif
  }

  /// Carries out attacks, and keeps their table under a name.
  static func attack(
    _ arguments: Arguments, _ name: String, _ body: (Orders, Ledger) throws -> Void
  ) throws -> Int32 {
    let orders = try Orders(arguments)
    let ledger = Ledger(orders, name)
    try body(orders, ledger)
    return ledger.hasFailures ? 1 : 0
  }
}
