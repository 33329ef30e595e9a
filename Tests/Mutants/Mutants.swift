import CommandLineOptions
import Conformance
import Foundation
import Gymwire
import GymwireIO
import Synchronization

/// `mutants`: breaks conforming programs, each in one way, and prints how many of them the kit finds.
@main
struct Mutants {
  static let root = Option("root", .path(), default: ".", help: "The root of the repository.")
  static let only = Option(
    "only", .text("WORDS"), defaultText: "all",
    help: "The programs of this name or role, or the mutants of this clause.")
  static let quick = Option(
    flag: "quick", help: "Stop at each mutant's first departure, its own clauses checked first.")
  static let jobs = Option("jobs", .integer(in: 1...64), default: 2, help: "How many programs are tried at a time.")
  static let every = Option(
    "every", .integer(in: 1...1000), default: 1, help: "Try every N-th mutant alone.")
  static let list = Option(flag: "list", help: "Print the mutants instead of trying them.")
  static let clean = Option(
    "clean", .integer(in: 0...1000), default: 0,
    help: "Instead of mutants, check each conforming program this many times; nothing may be found.")

  static let command = Command(
    "score", summary: "Score the kit over all mutants.",
    details: """
      The exit status is 1 if a mutant was missed or said nothing, or if more than one in twenty was named wrongly.
      """,
    groups: [OptionGroup("Mutants", only, every, quick, list, clean, jobs, root)], run: run)

  static func main() {
    StandardStreams.ignoreBrokenPipes()
    Interruption.endAtOnce()
    Program(
      "mutants", version: ProtocolConstants.softwareVersion,
      summary: "Breaks conforming programs, each in one way, and scores pgagent check over them.",
      defaultCommand: command, otherCommands: []
    ).runAndExit()
  }

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let files = try MutantCatalog.files(arguments[root])
    let workshop = try Workshop(arguments[root])
    let count = arguments[clean]
    guard count == 0 else { return try repeatClean(files.map(\.program), count, workshop, arguments) }
    let meant = files.flatMap(\.mutants).filter { mutant in
      arguments[only].map {
        $0 == mutant.program.name || $0 == mutant.program.role.rawValue || mutant.clauses.contains($0)
      }
        ?? true
    }
    // A fault that does not fit its program any more is not left to whoever tries it.
    for mutant in meant { _ = try workshop.text(of: mutant) }
    if arguments[list] {
      print("| role | clauses | language | program | fault |")
      for mutant in meant {
        print(
          "| \(mutant.program.role.rawValue) | \(mutant.clauses.joined(separator: ", ")) | \(mutant.program.language) "
            + "| \(mutant.program.name) | \(mutant.fault) |")
      }
      return 0
    }
    let mutants = meant.enumerated().filter { ($0.offset + 1) % arguments[every] == 0 }.map(\.element)
    let commands = try mutants.map { try workshop.command(of: $0) }
    for file in files where mutants.contains(where: { $0.program.name == file.program.name }) {
      try workshop.requireWords(from: file.program)
    }
    let isQuick = arguments[quick]
    let trials = try inParallel(mutants.count, jobs: arguments[jobs]) { index in
      let trial = try Trial(mutants[index], command: commands[index], isQuick: isQuick)
      if trial.verdict != .right {
        let mutant = trial.mutant
        StandardStreams.report(
          "\(trial.verdict.rawValue): \(mutant.program.name) \(mutant.clauses.joined(separator: ", ")) \(mutant.fault): "
            + "\(trial.named.joined(separator: ", ")) \(trial.story)")
      }
      return trial
    }
    print(ScoreTable(trials: trials).text, terminator: "")
    let missed = trials.count { [.missed, .mute].contains($0.verdict) }
    let misnamed = trials.count { $0.verdict == .misnamed }
    return missed > 0 || misnamed * 20 > trials.count ? 1 : 0
  }

  private static func repeatClean(
    _ programs: [ConformingProgram], _ count: Int, _ workshop: Workshop, _ arguments: Arguments
  ) throws -> Int32 {
    let meant = programs.filter { program in
      arguments[only].map { $0 == program.name || $0 == program.role.rawValue } ?? true
    }
    let kits = try meant.map { Kit($0, command: try workshop.command(of: $0)) }
    let accusations = try inParallel(kits.count * count, jobs: arguments[jobs]) { index in
      let departures = try kits[index % kits.count].departures()
      for departure in departures { StandardStreams.report("\(meant[index % kits.count].name): \(departure)") }
      return departures.count
    }
    print("| program | role | times | clean |\n|---|---|---|---|")
    for (index, program) in meant.enumerated() {
      let isClean = stride(from: index, to: accusations.count, by: kits.count).count { accusations[$0] == 0 }
      print("| \(program.path) | \(program.role.rawValue) | \(count) | \(isClean) |")
    }
    return accusations.contains { $0 > 0 } ? 1 : 0
  }

  /// Does so many things, some at a time, and gives what came of them in their order.
  private static func inParallel<Result: Sendable>(
    _ count: Int, jobs: Int, _ body: @escaping @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let state = Mutex<(next: Int, results: [Int: Result], failure: (any Error)?)>((0, [:], nil))
    let threads = (0..<jobs).map { _ in
      let isDone = DispatchSemaphore(value: 0)
      let thread = Thread {
        while let index = state.withLock({ state in
          state.next < count && state.failure == nil
            ? {
              state.next += 1; return state.next - 1
            }() : nil as Int?
        }) {
          do {
            let result = try body(index)
            state.withLock { $0.results[index] = result }
          } catch {
            state.withLock { $0.failure = error }
          }
        }
        isDone.signal()
      }
      thread.stackSize = 1 << 23
      thread.start()
      return isDone
    }
    for isDone in threads { isDone.wait() }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return (0..<count).compactMap { state.results[$0] }
    }
  }
}
