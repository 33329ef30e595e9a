import Foundation
import GymwireIO
import TestSupport
import Testing

/// A directory of a test's own with a server in it that misbehaves in one way, Fixtures/misbehave.py.
final class Misbehaving {
  static let isPossible = (try? ChildProcess(command: ["python3", "-c", ""]))?.exit(within: .seconds(30)) == .status(0)

  let mode: String
  let directory: String
  private let step: Int

  /// - Parameter step: at which step it misbehaves, if its mode is about steps.
  init(_ mode: String, atStep step: Int = 3) throws {
    self.mode = mode
    self.step = step
    directory = NSTemporaryDirectory() + "gymwire-\(mode)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// The words that start it.
  var command: [String] {
    ["python3", repositoryRoot + "/Tests/ConformanceTests/Fixtures/misbehave.py", mode, directory + "/pids", "\(step)"]
  }

  /// The numbers of the processes that were started so far.
  var processes: [Int32] {
    guard let text = try? String(contentsOfFile: directory + "/pids", encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { Int32($0) }
  }

  /// Whether none of its processes is left, at the latest after a minute; zombies of strangers do not count.
  func isGone() -> Bool { eventually { self.processes.allSatisfy { Self.isDead($0) } } }

  private static func isDead(_ process: Int32) -> Bool {
    if kill(process, 0) != 0 { return errno == ESRCH }
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ")").last?.hasPrefix(" Z") ?? false
  }
}

/// Whether a condition comes true within a time.
func eventually(within seconds: Int = 60, _ condition: () -> Bool) -> Bool {
  for _ in 0..<seconds * 100 {
    if condition() { return true }
    usleep(10_000)
  }
  return condition()
}

/// One way to misbehave, and what a newcomer has to be told about it.
struct Fault: Sendable, CustomTestStringConvertible {
  let mode: String
  let phase: String
  /// What is said of it.
  let happening: String
  /// What is said that could be done about it.
  let advice: String
  /// The time limit that it is to run into; nil where none should matter.
  var limit: Int?

  var testDescription: String { mode }

  private static func start(_ mode: String, _ happening: String, _ advice: String, limit: Int? = nil) -> Fault {
    Fault(mode: mode, phase: "start-up", happening: happening, advice: advice, limit: limit)
  }

  private static func step(_ mode: String, _ happening: String, _ advice: String, limit: Int? = nil) -> Fault {
    Fault(mode: mode, phase: "step", happening: happening, advice: advice, limit: limit)
  }

  private static func missing(_ message: String, _ name: String) -> Fault {
    Fault(
      mode: "missing-\(message)-\(name)", phase: message == "hello" ? "start-up" : "step",
      happening: "the reply has no \"\(name)\"",
      advice: name == "id" ? "copies the id of each request" : "protocol/SPEC.md 4.8 lists what each reply needs")
  }

  /// Those that end a conversation.
  static let all: [Fault] =
    [
      start("exits-at-once", "exited with status 1 without an answer", "No module named 'simulator'"),
      start("not-a-server", "exited with status 0 without an answer", "Is this the command of a server"),
      start("hangs-in-hello", "did not answer within 5 s", "--start-timeout", limit: 5),
      start("never-flushes", "did not answer within 5 s", "does it flush its output after every line?", limit: 5),
      start("version-99-refused", "unsupported_version: this server speaks version 99", "have a version"),
      start(
        "version-99-answered", "speaks version 99 of the protocol, but this program speaks version 1", "Use releases"),
      start("role-policy", "has the role \"policy\", but an environment is needed", "an environment's server"),
      start("unknown-space", "obs.camera: there is no space of type \"Hologram\"", "Section 10 of protocol/SPEC.md"),
      step("killed-in-step", "was killed by SIGKILL without an answer", "Run the command by itself"),
      step("exits-in-step", "exited with status 1 without an answer", "ZeroDivisionError: division by zero"),
      step("hangs-in-step", "did not answer within 2 s", "--step-timeout", limit: 2),
      step(
        "half-a-line", "exited with status 1 without an answer", "Its last line was cut off: {\"id\":4,\"obs\":[0.5,"),
      step("glued-noise", "wrote other text in front of a reply", "belongs on standard error"),
      step("wrong-id", "the reply has the id 5 instead of 4", "copies the id of each request"),
      step("invalid-json", "the reply is not one JSON object", "NaN and the infinities are strings"),
      step("short-observation", "\"obs\" cannot be used: the array has 1 elements instead of 2", "Sections 8 and 9"),
      step("nan-observation", "sent an observation whose element 1 is nan", "mend the environment"),
      step(
        "text-reward", "\"reward\" cannot be used: it is the string \"one\" instead of a number", "Sections 8 and 9"),
      step("nan-reward", "\"reward\" cannot be used: it is nan", "Sections 8 and 9"),
      step("refuses-action", "refused the request: bad_action: action 1 is outside", "departs from protocol/SPEC.md"),
      step("environment-fails", "env_error: ValueError: wheel off", "The environment itself failed"),
    ] + ["id", "version", "role", "obs_space", "action_space"].map { missing("hello", $0) }
    + ["id", "obs"].map { missing("reset", $0) }
    + ["id", "obs", "reward", "terminated", "truncated"].map { missing("step", $0) }

  /// Checks that a text is a clear sentence about this fault.
  func check(_ text: String, server: Misbehaving, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(text.contains("misbehave.py \(mode) "), "names the process: \(text)", sourceLocation: sourceLocation)
    #expect(text.contains("(process \(server.processes.first ?? 0))"), "\(text)", sourceLocation: sourceLocation)
    #expect(text.contains("(phase: \(phase); "), "names the phase: \(text)", sourceLocation: sourceLocation)
    #expect(text.contains(happening), "\(text)", sourceLocation: sourceLocation)
    #expect(text.contains(advice), "says what to do: \(text)", sourceLocation: sourceLocation)
  }
}
