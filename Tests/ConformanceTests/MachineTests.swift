import Foundation
import GymwireIO
import TestSupport
import Testing

/// What places workers elsewhere, where it is installed (Debian's slurm-wlm, munge and openssh-server) and can be started.
enum Machines {
  static let hasSSH = areThere(["sshd", "ssh", "ssh-keygen"]) && starts("sshd.sh")
  static let hasSlurm = areThere(["slurmctld", "slurmd", "munged", "srun", "scancel"]) && starts("slurm.sh")

  private static func areThere(_ programs: [String]) -> Bool {
    programs.allSatisfy { program in
      ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/"].contains {
        FileManager.default.isExecutableFile(atPath: $0 + program)
      }
    } && getuid() == 0
  }

  /// Whether the servers of a script can be started here, which containers may forbid.
  private static func starts(_ script: String) -> Bool {
    do {
      try Shell.withDirectory { try with(script, in: $0) { _ in } }
      return true
    } catch {
      print("\(script): \(error)")
      return false
    }
  }

  private struct StartFailure: Error { let output: String }

  /// Starts servers by a script of Fixtures/Machines for the length of `body`, which is given what the script has printed.
  static func with(_ script: String, in directory: String, _ body: (String) throws -> Void) throws {
    let command = "sh '\(repositoryRoot)/Tests/ConformanceTests/Fixtures/Machines/\(script)'"
    defer { _ = try? Shell.run("\(command) stop \(directory)/servers") }
    let (status, output) = try Shell.run("\(command) start \(directory)/servers")
    guard status == 0, let last = output.split(separator: "\n").last else { throw StartFailure(output: output) }
    try body(String(last))
  }
}

@Suite("Workers that other programs place", .serialized, .timeLimit(.minutes(8)))
struct MachineTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let settings = "--num-envs 4 --seed 5"
  private var worker: String {
    "\(BuiltProgram.path("pgagent")) work --env-cmd \(BuiltProgram.path("cartpole-server"))"
  }

  private func requireSameBytes(_ place: String, in directory: String) throws {
    let runs = [
      ("here", "--env-cmd cartpole-server"), ("there", "--workers 2 --worker-cmd \"\(place) \(worker)\""),
    ]
    for (name, words) in runs {
      let (status, output) = try Shell.run(
        "\(agent) train \(words) \(settings) --epochs 3 --out \(name)", in: directory)
      try #require(status == 0, "\(output)")
    }
    #expect(
      FileManager.default.contentsEqual(
        atPath: directory + "/here/policy.json", andPath: directory + "/there/policy.json"))
  }

  /// Begins a training that goes on until it is stopped, with workers that may be replaced.
  private func start(_ place: String, in directory: String) throws -> StartedCommand {
    let run = try StartedCommand(
      "\(agent) train --workers 2 --worker-cmd \"\(place) \(worker)\" --worker-restarts 20 \(settings) --epochs 1000000 "
        + "--out run", in: directory)
    try #require(run.holds(directory + "/run"), "\(run.output)")
    return run
  }

  /// Waits until the run has made further epochs.
  private func requireProgress(in directory: String, _ run: StartedCommand) throws {
    func epochs() -> Int {
      let metrics = FileManager.default.contents(atPath: directory + "/run/metrics.jsonl") ?? Data()
      return metrics.count { $0 == UInt8(ascii: "\n") }
    }
    let before = epochs()
    try #require(eventually { epochs() > before + 3 }, "\(run.output)")
  }

  private func replacements(_ run: StartedCommand) -> Int { run.output.matches(of: /Another takes its place/).count }

  @Test(
    "through ssh: a whole training, and one whose connections are cut: SPEC 21.13",
    .enabled(if: Machines.hasSSH, "sshd is not installed, cannot be started here, or this is not root: see .ci/run"))
  func ssh() throws {
    try Shell.withDirectory { directory in
      try Machines.with("sshd.sh", in: directory) { configuration in
        let place = "ssh -T -F \(configuration) node"
        try requireSameBytes(place, in: directory)
        let run = try start(place, in: directory)
        for cut in 1...2 {
          try requireProgress(in: directory, run)
          // The server's own process lives on; the one of a session goes, and takes the connection with it.
          let (_, output) = try Shell.run(
            "kill -9 $(ps -o pid= --ppid $(cat servers/sshd.pid) | head -n 1)", in: directory)
          #expect(eventually { replacements(run) >= cut }, "\(output) \(run.output)")
        }
        try requireProgress(in: directory, run)
        let (status, output) = try run.end(with: SIGINT)
        #expect(status == .status(128 + SIGINT) && output.contains("of environment processes"), "\(output)")
        #expect(
          eventually { (try? Shell.run("ps -o pid= --ppid $(cat servers/sshd.pid)", in: directory).output) == "" },
          "nobody is connected any more")
      }
    }
  }

  @Test(
    "through Slurm: a whole training, a job that is cancelled, a node that is drained, and an agent that is killed",
    .enabled(if: Machines.hasSlurm, "Slurm is not installed, cannot be started here, or this is not root: see .ci/run"))
  func slurm() throws {
    try Shell.withDirectory { directory in
      try Machines.with("slurm.sh", in: directory) { configuration in
        func slurm(_ command: String) throws -> String {
          try Shell.run("SLURM_CONF='\(configuration)' \(command)", in: directory).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let place = "env SLURM_CONF=\(configuration) srun --ntasks=1 --quiet --unbuffered"
        try requireSameBytes(place, in: directory)
        let run = try start(place, in: directory)
        func jobs(_ options: String = "") throws -> [String] {
          try slurm("squeue --noheader --states=RUNNING --format=%i \(options)").split(separator: "\n").map(String.init)
        }

        #expect(eventually { (try? jobs().count) == 2 })
        _ = try slurm("scancel \(try #require(jobs().first))")
        #expect(eventually { replacements(run) >= 1 }, "\(run.output)")
        try requireProgress(in: directory, run)

        _ = try slurm("scontrol update NodeName=a State=DRAIN Reason=test")
        let drained = try jobs("--nodelist=a")
        _ = try slurm("scancel \(drained.joined(separator: " "))")
        #expect(eventually { replacements(run) >= 1 + drained.count }, "\(run.output)")
        try requireProgress(in: directory, run)
        #expect(try jobs("--nodelist=a").isEmpty && jobs("--nodelist=b").count == 2)

        _ = try run.end(with: SIGKILL)
        #expect(eventually { (try? jobs().isEmpty) == true }, "no job outlives the agent")
      }
    }
  }
}
