import Foundation
import GymwireIO

/// Whether a program says anything at all: a driver its hello, every other an answer to one.
///
/// A program that does not even start departs from every clause, and a kit that finds it has shown nothing.
enum FirstWords {
  /// Whether any line comes from a program before it ends.
  static func come(from program: ConformingProgram, command: [String]) -> Bool {
    let heard = NSTemporaryDirectory() + "gymwire-first-words-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: heard) }
    // A driver that starts its server speaks to that one.
    let words = command.map { $0.replacing("{}", with: "tee \(heard)").replacing("{seconds}", with: "60") }
    guard let child = try? ChildProcess(command: words) else { return false }
    defer { child.kill() }
    if program.role != .agent {
      _ = try? child.input.writeAll(#"{"id":0,"op":"hello","versions":[1]}"# + "\n")
      // What is still in a buffer comes with the end.
      child.closeInput()
    }
    if command.contains(where: { $0.contains("{}") }) {
      return waitForWords(in: heard, orEndOf: child)
    }
    let reader = LineReader(child.output)
    return withExtendedLifetime(reader) {
      guard child.output.isReadable(within: limit), case .line? = try? reader.next() else { return false }
      return true
    }
  }

  private static let limit = Duration.seconds(60)

  private static func waitForWords(in path: String, orEndOf child: ChildProcess) -> Bool {
    func isThere() -> Bool { FileManager.default.contents(atPath: path)?.isEmpty == false }
    let start = ContinuousClock.now
    while !isThere(), start.duration(to: .now) < limit {
      if child.exit(within: .milliseconds(10)) != nil { return isThere() }
    }
    return isThere()
  }
}
