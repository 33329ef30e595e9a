import Foundation
import GymwireIO
import Testing

/// A command line at work beside the test, which ends it when a fact has come true.
struct StartedCommand {
  let process: ChildProcess
  private let outputPath: String
  private let start = Date()

  /// Starts the command; a shell becomes it, so that a signal reaches the program itself.
  init(_ command: String, in directory: String) throws {
    outputPath = "\(directory)/\(UUID().uuidString).txt"
    process = try ChildProcess(command: ["sh", "-c", "cd '\(directory)' && exec \(command) > '\(outputPath)' 2>&1"])
  }

  /// What both streams have shown so far.
  var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

  /// Whether the run has come to hold its directory, and has written a checkpoint there: it is at work.
  func holds(_ directory: String) -> Bool {
    eventually(within: 60) {
      let holder = try? String(contentsOfFile: directory + "/.lock", encoding: .utf8)
      let checkpoint = try? FileManager.default.attributesOfItem(atPath: directory + "/checkpoint.json")
      let written = checkpoint?[.modificationDate] as? Date
      return holder?.hasPrefix("process \(process.processIdentifier) ") == true && written.map { $0 > start } == true
    }
  }

  /// Sends the signal, and waits until the process is gone.
  func end(with signal: Int32) throws -> (status: ChildProcess.Exit, output: String) {
    kill(process.processIdentifier, signal)
    let status = try #require(process.exit(within: .seconds(60)), "\(output)")
    return (status, output)
  }
}
