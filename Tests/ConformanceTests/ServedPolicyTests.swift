import Environments
import Foundation
import GymwireIO
import JSONLines
import PolicyGradients
import Testing

@Suite("pgagent serve")
struct ServedPolicyTests {
  private static func remote(
    _ path: String, _ policy: any Policy, batched: Bool, base64: Bool
  ) throws -> RemotePolicy {
    var options = RemotePolicy.Options(command: [BuiltProgram.path("pgagent"), "serve", path])
    options.wantsBatches = batched
    options.wantsBase64 = base64
    return try RemotePolicy(
      options, observationSpace: policy.observationSpace, actionSpace: policy.actionSpace)
  }

  @Test(
    "10,000 observations at random get over the pipe what they get in this process, bit for bit",
    arguments: [(batched: false, base64: false), (false, true), (true, false), (true, true)])
  func bitForBit(batched: Bool, base64: Bool) throws {
    for path in [try TrainedPolicy.cartPole.get(), try TrainedPolicy.swingUp.get()] {
      let policy = try PolicyFile.decode([UInt8](#require(FileManager.default.contents(atPath: path))))
      let remote = try Self.remote(path, policy, batched: batched, base64: base64)
      defer { remote.close() }
      let width = try #require(policy.observationSpace.flat?.shape.elementCount)
      let observations = ValueBatch(policy.observationSpace, count: 500)
      let here = ActionBatch(policy.actionSpace, count: 500, withEstimates: true)
      let there = ActionBatch(policy.actionSpace, count: 500, withEstimates: true)
      var generator = PCG64(seed: 16)
      for round in 0..<20 {
        for row in 0..<500 {
          // Of every magnitude, and far outside the bounds too.
          let scale = Float(sign: .plus, exponent: Int(generator.uniform(-20, 8)), significand: 1)
          try (0..<width).map { _ in Float(generator.uniform(-1, 1)) * scale }.store(in: observations, row: row)
        }
        let choice: ActionChoice = round % 2 == 0 ? .greedy : .sampled(seed: generator.next() >> 12)
        try policy.act(on: observations, count: 500, masks: nil, choice: choice, into: here)
        try remote.act(on: observations, count: 500, masks: nil, choice: choice, into: there)
        #expect(there.hasLogProbabilities && there.hasValues)
        #expect(here.actions.flat?.array == there.actions.flat?.array, "round \(round)")
        #expect(here.logProbabilities == there.logProbabilities && here.values == there.values, "round \(round)")
      }
    }
  }

  @Test("SPEC 16.10, 16.11: reload takes a file that was replaced, and keeps the old policy if it cannot be used")
  func reload() throws {
    try Shell.withDirectory { directory in
      let path = directory + "/policy.json"
      let original = try String(contentsOfFile: TrainedPolicy.cartPole.get(), encoding: .utf8)
      try original.write(toFile: path, atomically: true, encoding: .utf8)
      let server = try ServerConnection(command: [BuiltProgram.path("pgagent"), "serve", path])
      defer { server.close() }
      func ask(_ line: String) throws -> JSONValue {
        try Array((line + "\n").utf8).withUnsafeBytes { try server.send($0) }
        return try JSONValue(parsing: server.receiveLine())
      }
      func value() throws -> JSONValue? { try ask(#"{"id":2,"op":"act","obs":[0,0,0,0]}"#)["value"] }
      _ = try ask(#"{"id":0,"op":"hello","versions":[1]}"#)
      let first = try value()
      #expect(try ask(#"{"id":1,"op":"reload"}"#).text == #"{"id":1,"updated":false,"policy_version":1}"#)

      // The same networks without the value function, then files that are none, one for other spaces, and none at all.
      let end = try #require(original.range(of: ",\"value\":["))
      let replaced = original[..<end.lowerBound] + "}"
      try String(replaced).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try ask(#"{"id":1,"op":"reload"}"#).text == #"{"id":1,"updated":true,"policy_version":2}"#)
      #expect(try value() == nil && first != nil)
      for broken in [String(original.dropLast(100)), "", "{}"] {
        try broken.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try ask(#"{"id":1,"op":"reload"}"#)["error"]?["code"] == .string("internal"))
      }
      try FileManager.default.removeItem(atPath: path)
      #expect(try ask(#"{"id":1,"op":"reload"}"#)["error"]?["code"] == .string("internal"))
      try FileManager.default.copyItem(atPath: TrainedPolicy.swingUp.get(), toPath: path)
      #expect(try ask(#"{"id":1,"op":"reload"}"#)["error"]?["code"] == .string("unsupported_space"))
      #expect(try ask(#"{"id":3,"op":"act","obs":[0,0,0,0]}"#)["policy_version"] == .integer(2))
      try original.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try ask(#"{"id":1,"op":"reload"}"#).text == #"{"id":1,"updated":true,"policy_version":3}"#)
      #expect(try value() == first)
    }
  }

  @Test("it ends at once with its input, and when it is told to")
  func ends() throws {
    let command = [BuiltProgram.path("pgagent"), "serve", try TrainedPolicy.cartPole.get()]
    let forgotten = try ChildProcess(command: command)
    forgotten.closeInput()
    #expect(forgotten.exit(within: .seconds(20)) == .status(0))
    let told = try ServerConnection(command: command)
    let hello = Array("{\"id\":0,\"op\":\"hello\",\"versions\":[1]}\n".utf8)
    try hello.withUnsafeBytes { try told.send($0) }
    _ = try told.receiveLine()
    let process = try #require(told.process)
    _ = try Shell.run("kill -TERM \(process.processIdentifier)")
    #expect(process.exit(within: .seconds(20)) == .status(128 + SIGTERM))
  }

  @Test("a file that is no policy ends it with a sentence", arguments: ["/no/such/policy.json", "/"])
  func unusable(path: String) throws {
    let (status, output) = try Shell.run("'\(BuiltProgram.path("pgagent"))' serve '\(path)'")
    #expect(status != 0)
    #expect(output.contains("policy.json cannot be read; give the policy.json of a run"), "\(output)")
  }
}
