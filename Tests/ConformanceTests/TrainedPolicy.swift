import Foundation
import GymwireIO

/// Policies that pgagent has trained for these tests, each once.
enum TrainedPolicy {
  /// A policy.json that holds CartPole-v1 for 500 steps: pgagent's defaults.
  static let cartPole = Result { try train("cartpole-server", []) }
  /// A policy.json with real-valued actions, of the swing-up; it has learned little, and what it computes is what counts.
  static let swingUp = Result { try train("swingup-server", ["--epochs", "2", "--hidden", "64,64"]) }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static func train(_ server: String, _ arguments: [String]) throws -> String {
    let directory = NSTemporaryDirectory() + "gymwire-trained-\(server)-\(UUID().uuidString)"
    let agent = try ChildProcess(
      command: [BuiltProgram.path("pgagent"), "--env-cmd", server, "--out", directory] + arguments)
    guard agent.exit(within: .seconds(300)) == .status(0) else {
      throw Failure(description: "pgagent did not train: \(agent.lastErrorLines())")
    }
    return directory + "/policy.json"
  }
}
