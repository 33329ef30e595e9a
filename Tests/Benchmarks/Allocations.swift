#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import GymwireIO

/// Heap allocations per step in the steady state, on either side of the pipe, counted by replacing malloc.
///
/// A run of many steps and one of a few more are compared: what both need to start with cancels out.
enum Allocations {
  static let command = Command.benchmark(
    "allocations", summary: "Heap allocations per step of driver and server, by a counter in place of malloc.", run)

  static func run(_ report: Report) throws {
    var table = Table(
      name: "allocations", title: "Heap allocations in 20,000 further steps",
      columns: ["environments", "form", "driver", "cartpole-server"])
    let library = try compile()
    for (count, form) in [(0, "text"), (1, "text"), (1, "b64"), (32, "text"), (32, "b64"), (2048, "text")] {
      let steps = count > 1000 ? 500 : 5000
      let few = try counts(library, count: count, form: form, steps: steps)
      let many = try counts(library, count: count, form: form, steps: steps + 20_000)
      table.rows.append(
        [.text(count == 0 ? "1, unbatched" : "\(count)"), .text(form)]
          + ["benchmarks", "cartpole-server"].map { .number(Double((many[$0] ?? 0) - (few[$0] ?? 0))) })
    }
    try report.add(table)
  }

  static let environmentCount = Option(
    argument: "count", .integer(in: 0...65536), help: "Sub-environments; 0 for one without batching.")
  static let form = Option(argument: "form", .choice(["text", "b64"]), help: "How arrays are written.")
  static let stepCount = Option(argument: "steps", .integer(in: 1...1_000_000_000), help: "How many steps.")

  /// Steps an environment and ends; also what the flatness of memory is looked at.
  static let stepsCommand = Command(
    "steps", summary: "Internal: steps CartPole, then prints the peak memory of driver and server in kB.",
    groups: [OptionGroup("Run", environmentCount, form, stepCount)]
  ) { arguments in
    var options = RemoteVectorEnvironment.Options(command: [builtProgram("cartpole-server")])
    options.wantedEnvironments = arguments[environmentCount] == 0 ? nil : arguments[environmentCount]
    options.wantsBase64 = arguments[form] == "b64"
    let environment = try RemoteVectorEnvironment(options)
    let pilot = try Pilot(environment, rule: Pilot.cartPole)
    let tenth = max(1, arguments[stepCount] / 10)
    try pilot.step(tenth)
    let early = residentKilobytesOfFamily()
    try pilot.step(arguments[stepCount] - tenth)
    try Samples.write([early, residentKilobytesOfFamily()])
    environment.close()
    return 0
  }

  private static func counts(
    _ library: String, count: Int, form: String, steps: Int
  ) throws -> [String: Int] {
    let log = ".build/benchmarks/allocations.log"
    try? FileManager.default.removeItem(atPath: log)
    _ = try Samples.run(
      ["steps", "\(count)", form, "\(steps)"],
      command: ["env", "LD_PRELOAD=\(library)", "ALLOCATION_LOG=\(log)", ownPath()])
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ") }
    return Dictionary(lines.compactMap { words in Int(words[1]).map { (String(words[0]), $0) } }) { $1 }
  }

  private static func compile() throws -> String {
    let path = FileManager.default.currentDirectoryPath + "/.build/benchmarks/count_allocations.so"
    try Directories.create(".build/benchmarks")
    let compiler = try ChildProcess(
      command: ["cc", "-O2", "-shared", "-fPIC", "-o", path, "Tests/Benchmarks/count_allocations.c"],
      showsStandardError: true)
    guard case .status(0) = compiler.exit(within: .seconds(60)) else {
      throw BenchmarkError("cc could not compile Tests/Benchmarks/count_allocations.c; this needs Linux and glibc")
    }
    return path
  }
}
