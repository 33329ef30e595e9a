import Foundation
import GymwireIO
import JSONLines
import Testing

/// Frames of a game as observations make networks of millions of weights.
///
/// Nobody is to wait long for such a network, nor for its end.
@Suite("pgagent learn with observations of 84x84x4 bytes")
struct WideObservationTests {
  private static let hello = """
    {"id":0,"op":"hello","versions":[1],"want":{"obs_space":{"type":"Box","shape":[84,84,4],"dtype":"uint8","low":0,\
    "high":255},"action_space":{"type":"Discrete","n":6}}}
    """

  private func learner(_ arguments: [String]) throws -> ServerConnection {
    try ServerConnection(
      command: [BuiltProgram.path("pgagent"), "learn"] + arguments, phase: .startUp(limit: .seconds(300)))
  }

  private func send(_ line: String, to learner: borrowing ServerConnection) throws {
    try Array((line + "\n").utf8).withUnsafeBytes { try learner.send($0) }
  }

  // Two seconds are what is promised of the optimised program on an idle machine, and the rest is for a busy one and for
  // the program without optimisation.
  private static let limit = Duration.seconds(30)

  @Test("hello and save take a moment, and a run that was stopped goes on with every weight")
  func moment() throws {
    try Shell.withDirectory { directory in
      let learner = try learner(["--hidden", "64", "--out", directory + "/run"])
      var start = ContinuousClock.now
      try send(Self.hello, to: learner)
      #expect(String(decoding: try learner.receiveLine(), as: UTF8.self).contains(#""role":"learner""#))
      #expect(start.duration(to: .now) < Self.limit)
      start = .now
      try send(#"{"id":1,"op":"save"}"#, to: learner)
      #expect(String(decoding: try learner.receiveLine(), as: UTF8.self).contains(#""path""#))
      #expect(start.duration(to: .now) < Self.limit)
      let process = try #require(learner.process)
      start = .now
      kill(process.processIdentifier, SIGTERM)
      #expect(process.exit(within: .seconds(300)) == .status(128 + SIGTERM))
      #expect(start.duration(to: .now) < Self.limit)
      let policy = try #require(FileManager.default.contents(atPath: directory + "/run/policy.json"))
      let again = try self.learner(["--resume", directory + "/run"])
      try send(#"{"id":0,"op":"hello","versions":[1]}"#, to: again)
      #expect(String(decoding: try again.receiveLine(), as: UTF8.self).contains(#""role":"learner""#))
      try send(#"{"id":1,"op":"close"}"#, to: again)
      #expect(try #require(again.process).exit(within: .seconds(300)) == .status(0))
      #expect(FileManager.default.contents(atPath: directory + "/run/policy.json") == policy)
    }
  }

  @Test("a signal ends it while it draws the first weights")
  func initialization() throws {
    try Shell.withDirectory { directory in
      let learner = try learner(["--hidden", "1024", "--out", directory + "/run"])
      try send(Self.hello, to: learner)
      usleep(300_000)
      let start = ContinuousClock.now
      let process = try #require(learner.process)
      kill(process.processIdentifier, SIGTERM)
      #expect(process.exit(within: .seconds(300)) == .status(128 + SIGTERM))
      #expect(start.duration(to: .now) < Self.limit)
    }
  }
}
